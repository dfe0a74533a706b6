//! POST /contact: a customer writes about an order (R13). Here it is only taken: whether there is such an order, and what
//! follows, is found out behind the queue, so that no answer and no delay tells a stranger.

use std::convert::Infallible;

use aws::Shop;
use aws::queues::Outgoing;
use contract::call::Call;
use contract::contact::ContactBody;
use contract::{Code, Problem, answer, read};
use jiff::SignedDuration;
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};
use serde_json::json;
use use_cases::Trouble;
use use_cases::retry::Tries;

/// How often one address on the net may write: so many times in so long.
const PACE: (SignedDuration, u32) = (SignedDuration::from_mins(1), 10);

/// Takes what a customer wrote.
pub async fn handle(shop: &Shop, request: Request) -> Result<Response<Body>, Infallible> {
    let call = Call::of(shop, env!("CARGO_PKG_NAME"), &request);
    Ok(call.answer(contact(&call.shop, &request)).await)
}

async fn contact(shop: &Shop, request: &Request) -> Result<Response<Body>, Problem> {
    let message = read::body::<ContactBody>(request)?.checked(shop.clock.now())?;
    if !in_time(shop, request).await? {
        return Err(Problem::new(Code::SlowDown, "too many messages from one place; wait a minute"));
    }
    let message = Outgoing::plain(&message, shop.invocation.correlation())?;
    shop.queues.send(&shop.settings.inbound_queue, vec![message]).await?;
    answer::json(202, &json!({ "received": true }))
}

/// Whether whoever asks keeps to the pace. Told apart by the address that the gateway saw, which is kept as a keyed hash.
async fn in_time(shop: &Shop, request: &Request) -> Result<bool, Trouble> {
    let context = request.request_context_ref();
    let Some(RequestContext::ApiGatewayV2(context)) = context else { return Ok(true) };
    let address = context.http.source_ip.as_deref().unwrap_or_default();
    let what = format!("contact#{}", shop.secrets.identity().await?.caller_hash(address));
    let mut tries = Tries::of(4);
    loop {
        match shop.table.count_in_window(&what, PACE, shop.clock.now()).await {
            Ok(in_time) => return Ok(in_time),
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

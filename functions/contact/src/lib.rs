//! POST /contact: a customer writes about an order (R13). This function only queues the message. Another function looks
//! the order up, so neither the answer nor its delay shows a stranger whether the order exists.

use aws::App;
use aws::queues::Outgoing;
use contract::contact::ContactBody;
use contract::{Code, Problem, answer, read};
use jiff::SignedDuration;
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};
use serde_json::json;
use use_cases::RetryableError;
use use_cases::retry::retry;

/// The rate limit of one IP address: `MAX_PER_WINDOW` messages in each `WINDOW`.
const WINDOW: SignedDuration = SignedDuration::from_mins(1);
const MAX_PER_WINDOW: u32 = 10;
/// The most tries to count a message.
const TRIES: u32 = 4;

/// Queues a customer's message.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let message = read::body::<ContactBody>(request)?.checked(app.clock.now())?;
    if !in_time(app, request).await? {
        return Err(Problem::new(Code::SlowDown, "too many messages from one place; wait a minute"));
    }
    let message = Outgoing::plain(&message, app.invocation.correlation())?;
    app.queues.send(&app.settings.inbound_queue, vec![message]).await?;
    answer::json(202, &json!({ "received": true }))
}

/// Whether the caller is within the rate limit. Callers are told apart by a keyed hash of their IP address.
async fn in_time(app: &App, request: &Request) -> Result<bool, RetryableError> {
    let context = request.request_context_ref();
    let Some(RequestContext::ApiGatewayV2(context)) = context else { return Ok(true) };
    let address = context.http.source_ip.as_deref().unwrap_or_default();
    let what = format!("contact#{}", app.secrets.identity().await?.caller_hash(address));
    retry(TRIES, || app.table.count_in_window(&what, WINDOW, MAX_PER_WINDOW, app.clock.now())).await
}

//! POST /orders/{id}/cancel: gives up what has not shipped, for a full refund (R12).

use std::convert::Infallible;

use aws::Shop;
use contract::call::Call;
use contract::caller::Caller;
use contract::cancel::CancelBody;
use contract::{Problem, answer, order, read};
use lambda_http::{Body, Request, Response};
use use_cases::queries::order_now;

/// Cancels an order or lines of it.
pub async fn handle(shop: &Shop, request: Request) -> Result<Response<Body>, Infallible> {
    let call = Call::of(shop, env!("CARGO_PKG_NAME"), &request);
    Ok(call.answer(cancel(&call.shop, &request)).await)
}

async fn cancel(shop: &Shop, request: &Request) -> Result<Response<Body>, Problem> {
    let id = read::order_id(request)?;
    let caller = Caller::of(request);
    caller.must_have_order(&id)?;
    let command = read::body::<CancelBody>(request)?.checked(caller.is_shop())?;
    let canceled = use_cases::cancel::cancel(shop, &id, &command).await?;
    answer::json(200, &order::view(&order_now(shop, &canceled).await?, caller.is_shop()))
}

//! POST /orders/{id}/cancel: cancels units that have not shipped, for a full refund (R12).

use aws::App;
use contract::caller::Caller;
use contract::cancel::CancelBody;
use contract::{Problem, answer, order, read};
use lambda_http::{Body, Request, Response};
use use_cases::queries::order_now;

/// Cancels an order or lines of it.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let id = read::order_id(request)?;
    let caller = Caller::from_request(request);
    caller.must_have_order(&id)?;
    let command = read::body::<CancelBody>(request)?.checked(caller.is_shop())?;
    let canceled = use_cases::cancel::cancel(app, &id, &command).await?;
    answer::json(200, &order::view(&order_now(app, &canceled).await?, caller.is_shop()))
}

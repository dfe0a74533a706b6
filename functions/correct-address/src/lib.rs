//! POST /orders/{id}/contact: corrects the address of an order. Later mails and missed mails go there (R24).

use aws::App;
use contract::caller::Caller;
use contract::contact::CorrectionBody;
use contract::{Problem, answer, order, read};
use lambda_http::{Body, Request, Response};
use use_cases::queries::order_now;
use use_cases::undeliverable::correct_address;

/// Corrects the address of an order.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let id = read::order_id(request)?;
    let caller = Caller::from_request(request);
    caller.must_have_order(&id)?;
    let email = read::body::<CorrectionBody>(request)?.checked()?;
    let corrected = correct_address(app, &id, &email, caller.is_shop()).await?;
    answer::json(200, &order::view(&order_now(app, &corrected).await?, caller.is_shop()))
}

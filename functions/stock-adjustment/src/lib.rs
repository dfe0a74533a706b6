//! POST /stock-adjustments: corrects the stock after a count.

use aws::App;
use contract::caller::Caller;
use contract::stock::AdjustmentBody;
use contract::token::Scope;
use contract::{Problem, answer, read};
use lambda_http::{Body, Request, Response};

/// Adjusts the stock.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Stock)?;
    let command = read::body::<AdjustmentBody>(request)?.checked()?;
    let new = use_cases::adjust_stock::adjust(app, &command).await?;
    answer::json(if new { 202 } else { 200 }, &command)
}

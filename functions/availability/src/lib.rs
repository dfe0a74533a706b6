//! GET /products/{sku}/availability: what the button says (R1). Public; changes nothing.

use std::convert::Infallible;

use aws::App;
use contract::call::Call;
use contract::{Code, Problem, answer, availability, read};
use domain::placement::MAX_UNITS;
use lambda_http::{Body, Request, Response};

/// How long a page may show an answer: a hot launch asks for one product a thousand times a second, and what the page said
/// may turn out otherwise at placing anyway (R7).
const KEPT_SECONDS: u32 = 5;

/// Answers what somebody who buys now would get.
///
/// # Errors
/// Never; problems are answers.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    let call = Call::new(app, env!("CARGO_PKG_NAME"), &request);
    Ok(call.answer(availability(&call.app, &request)).await)
}

async fn availability(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let sku = read::sku(request)?;
    let quantity = read::number(request, "quantity", 1, MAX_UNITS)?;
    let policy = app.policy().await?;
    let found = use_cases::queries::availability(app, &policy, &sku, quantity).await?;
    let found = found.ok_or_else(|| Problem::new(Code::NotFound, "there is no such product"))?;
    answer::public(&availability::availability(&found, &policy), KEPT_SECONDS)
}

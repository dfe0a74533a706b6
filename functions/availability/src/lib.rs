//! GET /products/{sku}/availability: the button's text (R1) and the estimate. The route is public and changes nothing.

use aws::App;
use contract::{Code, Problem, answer, availability, read};
use domain::placement::MAX_UNITS;
use lambda_http::{Body, Request, Response};

/// How long caches may keep an answer: at a hot launch a product is asked for a thousand times a second. An old answer
/// does no harm, because placing an order tells the buyer what changed (R7).
const KEPT_SECONDS: u32 = 5;

/// Returns what a buyer would get now.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let sku = read::sku(request)?;
    let quantity = read::number(request, "quantity", 1, MAX_UNITS)?;
    let policy = app.policy().await?;
    let found = use_cases::queries::availability(app, &policy, &sku, quantity).await?;
    let found = found.ok_or_else(|| Problem::new(Code::NotFound, "there is no such product"))?;
    answer::public(&availability::availability(&found, &policy), KEPT_SECONDS)
}

//! PUT /products/{sku}: stores a product and its backorder terms (R1).
//! POST /products/{sku}/discontinue: discontinues a product. Ordered units that wait for the product are canceled.

use aws::App;
use contract::caller::Caller;
use contract::product::{Discontinuing, ProductBody};
use contract::token::Scope;
use contract::{Code, Problem, answer, read};
use lambda_http::http::Method;
use lambda_http::{Body, Request, RequestExt, Response};
use use_cases::publish::close_line;
use use_cases::retry::retry;

/// The most tries to store a product.
const TRIES: u32 = 6;
/// The most tries to discontinue a product while other writes change its stock.
const DISCONTINUE_TRIES: u32 = 12;

/// Stores or discontinues a product.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    match *request.method() {
        Method::POST => discontinue(app, request).await,
        _ => put(app, request).await,
    }
}

async fn put(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Products)?;
    let sku = request.path_parameters().first("sku").unwrap_or_default().to_owned();
    let product = read::body::<ProductBody>(request)?.checked(&sku)?;
    let known = retry(TRIES, || app.table.put_product(&product)).await?;
    answer::json(200, &known.unwrap_or(product))
}

/// First records that the product is discontinued: everything else follows from that record, even if this process dies.
/// Then closes the backlog, so that no order can join it after the answer.
async fn discontinue(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Products)?;
    let sku = read::sku(request)?;
    let Discontinuing {} = read::body(request)?;
    let unknown = || Problem::new(Code::NotFound, "there is no such product");
    app.table.product(&sku).await?.ok_or_else(unknown)?;
    let new = retry(DISCONTINUE_TRIES, || app.table.discontinue(&sku, app.clock.now())).await?;
    close_line(app, &sku).await?;
    tracing::info!(%sku, new, "a product is discontinued");
    let product = app.table.product(&sku).await?.ok_or_else(unknown)?;
    answer::json(if new { 202 } else { 200 }, &product)
}

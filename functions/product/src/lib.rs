//! PUT /products/{sku}: a product and the terms on which it may be backordered (R1).
//! POST /products/{sku}/discontinue: it will not come any more, and whoever waits is let go.

use std::convert::Infallible;

use aws::Shop;
use aws::table::Unwritten;
use contract::call::Call;
use contract::caller::Caller;
use contract::product::{Discontinuing, ProductBody};
use contract::token::Scope;
use contract::{Code, Problem, answer, read};
use lambda_http::http::Method;
use lambda_http::{Body, Request, RequestExt, Response};
use use_cases::Trouble;
use use_cases::retry::Tries;

/// Puts or discontinues a product.
///
/// # Errors
/// Never; problems are answers.
pub async fn handle(shop: &Shop, request: Request) -> Result<Response<Body>, Infallible> {
    let call = Call::of(shop, env!("CARGO_PKG_NAME"), &request);
    match *request.method() {
        Method::POST => Ok(call.answer(discontinue(&call.shop, &request)).await),
        _ => Ok(call.answer(put(&call.shop, &request)).await),
    }
}

async fn put(shop: &Shop, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::of(request).must_have(Scope::Products)?;
    let sku = request.path_parameters().first("sku").unwrap_or_default().to_owned();
    let product = read::body::<ProductBody>(request)?.checked(&sku)?;
    let mut tries = Tries::of(6);
    loop {
        match shop.table.put_product(&product).await {
            Ok(known) => return answer::json(200, &known.unwrap_or(product)),
            Err(unwritten) => tries.after(unwritten).await.map_err(|trouble: Trouble| Problem::from(trouble))?,
        }
    }
}

/// First the line is closed, so that nobody can join it any more; then it is noted, and the rest follows from that. A
/// process that dies in between has closed the line; the repeat, which its caller owes, ends it.
async fn discontinue(shop: &Shop, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::of(request).must_have(Scope::Products)?;
    let sku = read::sku(request)?;
    let Discontinuing {} = read::body(request)?;
    let unknown = || Problem::new(Code::NotFound, "there is no such product");
    let product = shop.table.product(&sku).await?.ok_or_else(unknown)?;
    if product.discontinued_at.is_some() {
        return answer::json(200, &product);
    }
    let mut tries = Tries::of(12);
    let new = loop {
        let done = match shop.table.close_line(&sku).await {
            Ok(()) => shop.table.discontinue(&sku, shop.clock.now()).await,
            Err(Unwritten::Condition(_)) => return Err(unknown()),
            Err(unwritten) => Err(unwritten),
        };
        match done {
            Ok(new) => break new,
            Err(unwritten) => tries.after(unwritten).await.map_err(|trouble: Trouble| Problem::from(trouble))?,
        }
    };
    tracing::info!(%sku, new, "a product is discontinued");
    let product = shop.table.product(&sku).await?.ok_or_else(unknown)?;
    answer::json(if new { 202 } else { 200 }, &product)
}

//! PUT /products/{sku}: a product and the terms on which it may be backordered (R1).
//! POST /products/{sku}/discontinue: it will not come any more, and whoever waits is let go.

use std::convert::Infallible;

use aws::Shop;
use contract::call::Call;
use contract::caller::Caller;
use contract::product::{Discontinuing, ProductBody};
use contract::token::Scope;
use contract::{Code, Problem, answer, read};
use lambda_http::http::Method;
use lambda_http::{Body, Request, RequestExt, Response};
use use_cases::publish::close_line;
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
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

/// First it is noted: whatever follows, follows from that, the closing of the line too, should this process die. Then the
/// line is closed, so that nobody can join it any more once this is answered.
async fn discontinue(shop: &Shop, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::of(request).must_have(Scope::Products)?;
    let sku = read::sku(request)?;
    let Discontinuing {} = read::body(request)?;
    let unknown = || Problem::new(Code::NotFound, "there is no such product");
    shop.table.product(&sku).await?.ok_or_else(unknown)?;
    let mut tries = Tries::of(12);
    let new = loop {
        match shop.table.discontinue(&sku, shop.clock.now()).await {
            Ok(new) => break new,
            Err(unwritten) => tries.after(unwritten).await?,
        }
    };
    close_line(shop, &sku).await?;
    tracing::info!(%sku, new, "a product is discontinued");
    let product = shop.table.product(&sku).await?.ok_or_else(unknown)?;
    answer::json(if new { 202 } else { 200 }, &product)
}

//! PUT /products/{sku}: a product and the terms on which it may be backordered (R1).

use std::convert::Infallible;

use aws::Shop;
use contract::call::Call;
use contract::caller::Caller;
use contract::product::ProductBody;
use contract::token::Scope;
use contract::{Problem, answer, read};
use lambda_http::{Body, Request, RequestExt, Response};
use use_cases::Trouble;
use use_cases::retry::Tries;

/// Puts a product.
///
/// # Errors
/// Never; problems are answers.
pub async fn handle(shop: &Shop, request: Request) -> Result<Response<Body>, Infallible> {
    let call = Call::of(shop, env!("CARGO_PKG_NAME"), &request);
    Ok(call.answer(put(&call.shop, &request)).await)
}

async fn put(shop: &Shop, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::of(request).must_have(Scope::Products)?;
    let sku = request.path_parameters().first("sku").unwrap_or_default().to_owned();
    let product = read::body::<ProductBody>(request)?.checked(&sku)?;
    let mut tries = Tries::of(6);
    loop {
        match shop.table.put_product(&product).await {
            Ok(_) => return answer::json(200, &product),
            Err(unwritten) => tries.after(unwritten).await.map_err(|trouble: Trouble| Problem::from(trouble))?,
        }
    }
}

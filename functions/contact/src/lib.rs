//! To come.

use std::convert::Infallible;

use aws::Shop;
use contract::call::Call;
use contract::{Code, Problem};
use lambda_http::{Body, Request, Response};

/// To come.
///
/// # Errors
/// Never; problems are answers.
pub async fn handle(shop: &Shop, request: Request) -> Result<Response<Body>, Infallible> {
    let call = Call::of(shop, env!("CARGO_PKG_NAME"), &request);
    Ok(call.answer(async { Err(Problem::new(Code::NotFound, "to come")) }).await)
}

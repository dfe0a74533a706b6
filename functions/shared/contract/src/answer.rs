//! Answers that went well.

use lambda_http::{Body, Response};
use serde::Serialize;

use crate::problem::{Code, Problem};

/// A JSON answer.
///
/// # Errors
/// Where it has no JSON; that is our fault.
pub fn json(status: u16, body: &impl Serialize) -> Result<Response<Body>, Problem> {
    let broken = || Problem::new(Code::Broken, "the answer could not be written");
    let text = serde_json::to_string(body).map_err(|_| broken())?;
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.header("cache-control", "no-store").body(Body::from(text)).map_err(|_| broken())
}

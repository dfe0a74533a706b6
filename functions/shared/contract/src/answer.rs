//! Answers that went well.

use lambda_http::{Body, Response};
use serde::Serialize;

use crate::problem::{Code, Problem};

/// A JSON answer, which nobody may keep.
///
/// # Errors
/// Where it has no JSON; that is our fault.
pub fn json(status: u16, body: &impl Serialize) -> Result<Response<Body>, Problem> {
    kept(status, body, "no-store")
}

/// A JSON answer that is the same for everybody and has nothing personal: it may be kept for so many seconds, by whoever
/// carries it too.
///
/// # Errors
/// Where it has no JSON; that is our fault.
pub fn public(body: &impl Serialize, seconds: u32) -> Result<Response<Body>, Problem> {
    kept(200, body, &format!("public, max-age={seconds}"))
}

fn kept(status: u16, body: &impl Serialize, how: &str) -> Result<Response<Body>, Problem> {
    let broken = || Problem::new(Code::Broken, "the answer could not be written");
    let text = serde_json::to_string(body).map_err(|_| broken())?;
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.header("cache-control", how).body(Body::from(text)).map_err(|_| broken())
}

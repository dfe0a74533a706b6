//! Successful answers.

use lambda_http::{Body, Response};
use serde::Serialize;

use crate::problem::{Code, Problem};

/// A JSON answer that no cache may store.
pub fn json(status: u16, body: &impl Serialize) -> Result<Response<Body>, Problem> {
    kept(status, body, "no-store")
}

/// A JSON answer that is the same for everybody and holds nothing personal. Any cache may store it for `seconds`.
pub fn public(body: &impl Serialize, seconds: u32) -> Result<Response<Body>, Problem> {
    kept(200, body, &format!("public, max-age={seconds}"))
}

fn kept(status: u16, body: &impl Serialize, how: &str) -> Result<Response<Body>, Problem> {
    let broken = || Problem::new(Code::Broken, "the answer could not be written");
    let text = serde_json::to_string(body).map_err(|_| broken())?;
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.header("cache-control", how).body(Body::from(text)).map_err(|_| broken())
}

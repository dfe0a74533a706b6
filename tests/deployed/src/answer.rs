//! The answers that the front of a deployed shop gives.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::deployment::Deployment;

pub(crate) type FrontState = State<Arc<Deployment>>;
pub(crate) type FrontResult = Result<Response, FrontError>;

pub(crate) struct FrontError(StatusCode, String);

impl FrontError {
    /// The answer to a request that makes no sense.
    pub(crate) fn unprocessable(why: impl ToString) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, why.to_string())
    }
}

impl From<String> for FrontError {
    fn from(why: String) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, why)
    }
}

impl IntoResponse for FrontError {
    fn into_response(self) -> Response {
        (self.0, json!({ "detail": self.1 }).to_string()).into_response()
    }
}

pub(crate) fn param(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub(crate) fn json_response(body: &Value) -> Response {
    ([("content-type", "application/json")], body.to_string()).into_response()
}

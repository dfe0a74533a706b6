//! Errors of the front itself, as problems of the HTTP contract.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contract::problem::{Code, Problem as ContractProblem};
use serde_json::Value;

/// A problem. `status` replaces the status of its code.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    inner: ContractProblem,
    status: Option<StatusCode>,
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { inner: ContractProblem::new(code, detail), status: None }
    }

    /// 404.
    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(Code::NotFound, format!("There is nothing at {path}."))
    }

    /// 405, with the code of a 404: nothing is found for that method.
    pub(crate) fn wrong_method(method: &str, path: &str) -> Self {
        let inner = ContractProblem::new(Code::NotFound, format!("{path} does not take the method {method}."));
        Self { inner, status: Some(StatusCode::METHOD_NOT_ALLOWED) }
    }

    /// 422: a field is wrong.
    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self { inner: ContractProblem::field(Code::Invalid, field, message), status: None }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let inner = self.inner.response();
        let Some(status) = self.status else { return inner.map(|body| Body::from(body.to_vec())) };
        let mut body: Value = serde_json::from_slice(inner.body()).unwrap_or_default();
        if let Some(said) = body.get_mut("status") {
            *said = status.as_u16().into();
        }
        let mut response = inner.map(|_| Body::from(body.to_string()));
        *response.status_mut() = status;
        response
    }
}

pub(crate) fn json_response(body: &Value) -> Response {
    ([("content-type", "application/json")], body.to_string()).into_response()
}

//! Shared by the endpoints: the stack behind them, and the way from a request to a function and back.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use contract::Code;
use futures::future::BoxFuture;
use serde_json::Value;

use super::gateway::{self, Incoming};
use super::problem::Problem;
use super::routes::{self, Endpoint, Found};
use crate::backend::Backend;
use crate::delivery::Delivery;
use crate::invoke::Functions;

/// API Gateway's limit of a body, in bytes.
const MAX_BYTES: usize = 10 * 1024 * 1024;

/// The subject of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFor {
    /// The shop, with these scopes.
    Shop(Vec<String>),
    /// The customer of this order.
    Customer(String),
}

/// Makes a token. An error says what is wrong with the request.
pub type MakeToken = Box<dyn Fn(TokenFor) -> BoxFuture<'static, Result<String, String>> + Send + Sync>;

/// Checks the stored data. Returns each violation as JSON for people to read.
pub type Audit = Box<dyn Fn() -> BoxFuture<'static, Result<Vec<Value>, String>> + Send + Sync>;

pub(crate) struct HttpState {
    pub backend: Arc<Backend>,
    pub functions: Arc<Functions>,
    pub delivery: Delivery,
    pub token: MakeToken,
    pub audit: Audit,
    endpoints: Vec<Endpoint>,
}

impl HttpState {
    pub(crate) fn new(
        backend: Arc<Backend>,
        functions: Arc<Functions>,
        delivery: Delivery,
        token: MakeToken,
        audit: Audit,
    ) -> Self {
        let endpoints = routes::endpoints(&backend.template);
        Self { backend, functions, delivery, token, audit, endpoints }
    }

    /// Invokes the authorizer of a route, then its function.
    pub(super) async fn answer(&self, mut incoming: Incoming, body: Body) -> Result<Response, Problem> {
        let (endpoint, parameters) = match routes::find(&self.endpoints, &incoming.method, &incoming.path) {
            Found::Function(endpoint, parameters) => (endpoint, parameters),
            Found::OtherMethods(methods) => return Ok(wrong_method_of(&incoming, &methods)),
            Found::Nothing => return Err(Problem::not_found(&incoming.path)),
        };
        let too_large = |_| Problem::new(Code::TooLarge, "The body is longer than 10 MB, or did not arrive whole.");
        incoming.body = to_bytes(body, MAX_BYTES).await.map_err(too_large)?;
        let _gate = self.backend.gate.read().await;
        let now = self.backend.clock.now();
        let mut caller = None;
        if let Some(authorizer) = &endpoint.authorizer {
            let said = self.functions.invoke(authorizer, incoming.authorizer_event(endpoint, &parameters, now)).await;
            let said = said.map_err(|error| failed(authorizer, &error))?;
            if said.get("isAuthorized").and_then(Value::as_bool) != Some(true) {
                return Err(Problem::new(Code::Forbidden, "The authorizer refused the call."));
            }
            caller = Some(said.get("context").cloned().unwrap_or_default());
        }
        let event = incoming.event(endpoint, &parameters, caller.as_ref(), now);
        self.backend.wakeups.moved();
        let answer = self.functions.invoke(&endpoint.function, event).await;
        self.backend.wakeups.moved();
        let response = answer.and_then(|answer| gateway::response(&answer));
        response.map_err(|error| failed(&endpoint.function, &error))
    }

    /// Calls the shop's API with a token for `scope`; null if no answer comes.
    pub(super) async fn ask(&self, scope: &str, path: &str, query: &str) -> Value {
        let mut headers = HeaderMap::new();
        let token = (self.token)(TokenFor::Shop(vec![scope.to_owned()])).await.unwrap_or_default();
        if let Ok(token) = format!("Bearer {token}").parse() {
            headers.insert("authorization", token);
        }
        let (path, query) = (path.to_owned(), query.to_owned());
        let incoming = Incoming { method: "GET".to_owned(), path, query, headers, ..Incoming::default() };
        let Ok(response) = self.answer(incoming, Body::empty()).await else { return Value::Null };
        let body = to_bytes(response.into_body(), MAX_BYTES).await.unwrap_or_default();
        serde_json::from_slice(&body).unwrap_or_default()
    }
}

/// The caller of a failed function gets a 5xx without the reason. The log has the reason.
fn failed(function: &str, error: &str) -> Problem {
    tracing::error!(function, error, "a function failed");
    Problem::new(Code::TryAgain, format!("{function} failed; its log says why."))
}

fn wrong_method_of(incoming: &Incoming, methods: &[&str]) -> Response {
    let mut response = Problem::wrong_method(&incoming.method, &incoming.path).into_response();
    if let Ok(allowed) = HeaderValue::try_from(methods.join(", ")) {
        response.headers_mut().insert("allow", allowed);
    }
    response
}

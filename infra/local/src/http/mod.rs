//! The front: one port with the routes of the template, the `_local` endpoints and two pages. What a route does is
//! its function's business; how events look stands in `gateway.rs`.

mod gateway;
mod local;
mod mail;
mod pages;
pub(crate) mod payments;
mod problem;
mod routes;
mod staff;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::HeaderValue;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use contract::Code;
use futures::future::BoxFuture;
use serde_json::Value;

use crate::delivery::Delivery;
use crate::ground::Ground;
use crate::invoke::Functions;
use gateway::Incoming;
use problem::Problem;
use routes::{Endpoint, Found};

/// The most bytes of a body, as API Gateway has it.
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// The most bytes of a mail that comes in, as SES has it.
const MOST_MAIL_BYTES: usize = 40 * 1024 * 1024;

/// Whom a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFor {
    /// The shop, with these scopes.
    Shop(Vec<String>),
    /// The customer of this order.
    Customer(String),
}

/// Makes a token; the error says what is wrong with the request.
pub type MakeToken = Box<dyn Fn(TokenFor) -> BoxFuture<'static, Result<String, String>> + Send + Sync>;

/// Checks what is stored now, and gives each violation, as JSON for people to read.
pub type Audit = Box<dyn Fn() -> BoxFuture<'static, Result<Vec<Value>, String>> + Send + Sync>;

/// Everything behind the front.
pub(crate) struct Shop {
    pub ground: Arc<Ground>,
    pub functions: Arc<Functions>,
    pub delivery: Delivery,
    pub token: MakeToken,
    pub audit: Audit,
    endpoints: Vec<Endpoint>,
}

impl Shop {
    pub(crate) fn new(
        ground: Arc<Ground>,
        functions: Arc<Functions>,
        delivery: Delivery,
        token: MakeToken,
        audit: Audit,
    ) -> Self {
        let endpoints = routes::endpoints(&ground.template);
        Self { ground, functions, delivery, token, audit, endpoints }
    }
}

/// The routes of the front.
pub(crate) fn router(shop: Arc<Shop>) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/order", get(pages::order))
        .route("/_local/token", get(local::token))
        .route("/_local/inbox", get(local::inbox))
        .route("/_local/mail", post(mail::come_in).layer(DefaultBodyLimit::max(MOST_MAIL_BYTES)))
        .route("/_local/reply", post(mail::reply))
        .route("/_local/mail-events", post(mail::told))
        .route("/_local/clock", post(local::clock))
        .route("/_local/settle", post(local::settle))
        .route("/_local/reset", post(local::reset))
        .route("/_local/audit", get(local::audit))
        .route("/_local/dead-letters", get(local::dead_letters))
        .method_not_allowed_fallback(wrong_method)
        .fallback(serve)
        .with_state(Arc::clone(&shop))
        .merge(payments::desk(shop.ground.provider()))
}

async fn wrong_method(request: Request) -> Response {
    Problem::wrong_method(request.method().as_str(), request.uri().path()).into_response()
}

/// Any other path: the routes of the template.
async fn serve(State(shop): State<Arc<Shop>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let incoming = Incoming {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        ..Incoming::default()
    };
    match shop.answer(incoming, body).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

impl Shop {
    async fn answer(&self, mut incoming: Incoming, body: Body) -> Result<Response, Problem> {
        let (endpoint, parameters) = match routes::find(&self.endpoints, &incoming.method, &incoming.path) {
            Found::Function(endpoint, parameters) => (endpoint, parameters),
            Found::OtherMethods(methods) => return Ok(wrong_method_of(&incoming, &methods)),
            Found::Nothing => return Err(Problem::not_found(&incoming.path)),
        };
        incoming.body = match to_bytes(body, MOST_BYTES).await {
            Ok(body) => body,
            Err(_) => {
                let detail = "A body has 10 MB at most, and must arrive whole.";
                return Err(Problem::new(Code::TooLarge, detail));
            }
        };
        let _gate = self.ground.gate.read().await;
        let now = self.ground.clock.now();
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
        self.ground.bells.moved();
        let answer = self.functions.invoke(&endpoint.function, event).await;
        self.ground.bells.moved();
        let response = answer.and_then(|answer| gateway::response(&answer));
        response.map_err(|error| failed(&endpoint.function, &error))
    }
}

/// A function that fails gives API Gateway's caller a 5xx without its reasons; they are in the log.
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

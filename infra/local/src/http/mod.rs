//! The HTTP front: one port with the template's routes, the `_local` endpoints and two pages.

mod front;
mod gateway;
mod local;
mod mail;
mod pages;
mod payments;
mod problem;
mod routes;
mod staff;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

pub(crate) use front::HttpState;
pub use front::{Audit, MakeToken, TokenFor};
use gateway::Incoming;
use problem::Problem;

/// SES's limit of an incoming mail, in bytes.
const MAX_MAIL_BYTES: usize = 40 * 1024 * 1024;

pub(crate) fn router(shop: Arc<HttpState>) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/order", get(pages::order))
        .route("/_local/token", get(local::token))
        .route("/_local/inbox", get(local::inbox))
        .route("/_local/mail", post(mail::come_in).layer(DefaultBodyLimit::max(MAX_MAIL_BYTES)))
        .route("/_local/reply", post(mail::reply))
        .route("/_local/mail-events", post(mail::receive_event))
        .route("/_local/clock", post(local::clock))
        .route("/_local/settle", post(local::settle))
        .route("/_local/reset", post(local::reset))
        .route("/_local/audit", get(local::audit))
        .route("/_local/dead-letters", get(local::dead_letters))
        .method_not_allowed_fallback(wrong_method)
        .fallback(serve)
        .with_state(Arc::clone(&shop))
        .merge(payments::test_console(shop.backend.provider()))
}

async fn wrong_method(request: Request) -> Response {
    Problem::wrong_method(request.method().as_str(), request.uri().path()).into_response()
}

/// Answers the routes of the template.
async fn serve(State(shop): State<Arc<HttpState>>, request: Request) -> Response {
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

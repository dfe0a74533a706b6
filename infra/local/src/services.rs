//! The services that the functions call beside the table — SQS, SES, Stripe — on one port. What each answers stands
//! in its own file.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, post};

use crate::ground::Ground;
use crate::{ses, sqs, stripe};

const MOST_BYTES: usize = 12 * 1024 * 1024;

/// The routes of the services.
pub(crate) fn router(ground: Arc<Ground>) -> Router {
    Router::new()
        .route("/", post(on_sqs))
        .route("/v2/email/outbound-emails", post(on_ses))
        .route("/v1/{*call}", any(on_stripe))
        .fallback(|| async { StatusCode::NOT_FOUND.into_response() })
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(ground)
}

async fn on_sqs(State(ground): State<Arc<Ground>>, headers: HeaderMap, body: Bytes) -> Response {
    sqs::call(&ground, &headers, &body)
}

async fn on_ses(State(ground): State<Arc<Ground>>, body: Bytes) -> Response {
    ses::send_email(&ground, &body)
}

async fn on_stripe(
    State(ground): State<Arc<Ground>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    stripe::call(&ground, &method, &uri, &headers, &body)
}

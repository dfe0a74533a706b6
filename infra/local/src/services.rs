//! The services that the functions call beside the table — SQS, SES, Secrets Manager, Stripe — on one port. What each answers stands
//! in its own file.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, post};

use crate::ground::Ground;
use crate::{secrets, ses, sqs, stripe};

const MOST_BYTES: usize = 12 * 1024 * 1024;

/// The routes of the services.
pub(crate) fn router(ground: Arc<Ground>) -> Router {
    Router::new()
        .route("/", post(on_target))
        .route("/v2/email/outbound-emails", post(on_ses))
        .route("/v1/{*call}", any(on_stripe))
        .fallback(|| async { StatusCode::NOT_FOUND.into_response() })
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(ground)
}

/// The services that are told by a header.
async fn on_target(State(ground): State<Arc<Ground>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    if target.starts_with("secretsmanager.") {
        return secrets::call(&ground, target, &body);
    }
    sqs::call(&ground, &headers, &body)
}

async fn on_ses(State(ground): State<Arc<Ground>>, body: Bytes) -> Response {
    ses::send_email(&ground.state, ground.clock.now_millis(), &body)
}

async fn on_stripe(
    State(ground): State<Arc<Ground>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    stripe::call(&ground.provider(), &method, &uri, &headers, &body)
}

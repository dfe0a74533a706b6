//! The services that the functions call beside the table — SQS, SES, S3, Secrets Manager, Stripe — on one port. What each answers stands
//! in its own file.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use axum::routing::{any, get, post};

use crate::ground::Ground;
use crate::{s3, secrets, ses, sqs, stripe};

const MOST_BYTES: usize = 12 * 1024 * 1024;

/// The routes of the services.
pub(crate) fn router(ground: Arc<Ground>) -> Router {
    Router::new()
        .route("/", post(on_target))
        .route("/v2/email/account", get(on_ses_account))
        .route("/v2/email/outbound-emails", post(on_ses))
        .route("/v1/{*call}", any(on_stripe))
        .fallback(on_s3)
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
    ses::send_email(&ground, &body)
}

async fn on_ses_account(State(ground): State<Arc<Ground>>) -> Response {
    ses::account(&ground)
}

async fn on_s3(State(ground): State<Arc<Ground>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    s3::call(&ground, &method, &uri, &headers)
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

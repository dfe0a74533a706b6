//! One port for every service but the table: SQS, SES, S3 and Stripe, each in its own module, and the one call of
//! Secrets Manager that the functions use.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use serde_json::{Value, json};

use crate::backend::Backend;
use crate::{s3, ses, sqs, stripe};

const MAX_BYTES: usize = 12 * 1024 * 1024;

pub(crate) fn router(backend: Arc<Backend>) -> Router {
    Router::new()
        .route("/", post(on_target))
        .route("/v2/email/account", get(on_ses_account))
        .route("/v2/email/outbound-emails", post(on_ses))
        .route("/v1/{*call}", any(on_stripe))
        .fallback(on_s3)
        .layer(DefaultBodyLimit::max(MAX_BYTES))
        .with_state(backend)
}

/// Secrets Manager and SQS share a path. The header `x-amz-target` distinguishes them.
async fn on_target(State(backend): State<Arc<Backend>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    if target.starts_with("secretsmanager.") {
        return on_secrets(&backend, target, &body);
    }
    sqs::call(&backend, &headers, &body)
}

async fn on_ses(State(backend): State<Arc<Backend>>, body: Bytes) -> Response {
    ses::send_email(&backend, &body)
}

async fn on_ses_account(State(backend): State<Arc<Backend>>) -> Response {
    ses::account(&backend)
}

async fn on_s3(State(backend): State<Arc<Backend>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    s3::call(&backend, &method, &uri, &headers)
}

async fn on_stripe(
    State(backend): State<Arc<Backend>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    stripe::call(&backend.provider(), &method, &uri, &headers, &body)
}

fn on_secrets(backend: &Backend, target: &str, body: &Bytes) -> Response {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let (true, Some(name)) = (target == "secretsmanager.GetSecretValue", text("SecretId")) else {
        let problem = "the local stack knows GetSecretValue with a SecretId, and nothing else of Secrets Manager";
        return answer(StatusCode::BAD_REQUEST, &json!({ "__type": "InvalidRequestException", "Message": problem }));
    };
    let stage = text("VersionStage").unwrap_or("AWSCURRENT");
    match backend.secrets.value(name, stage) {
        Some(value) => answer(
            StatusCode::OK,
            &json!({ "ARN": name, "Name": name, "SecretString": value, "VersionStages": [stage] }),
        ),
        None => {
            let problem = format!("Secrets Manager can't find the specified secret value for staging label: {stage}");
            answer(StatusCode::BAD_REQUEST, &json!({ "__type": "ResourceNotFoundException", "Message": problem }))
        }
    }
}

fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
}

//! Emulates Stripe's API: payment intents (retrieve, capture, cancel) and refunds (create, list), form-encoded, with
//! idempotency keys. `calls` runs calls; `objects` writes objects and errors. `POST /_local/payments` makes payments.
//!
//! A call must name the API version [`API_VERSION`]. Stripe itself answers a call without a version in the account's
//! version. The emulation refuses such a call, so that no caller depends on an account's setting.
//!
//! Idempotency keys work as at Stripe. The same key with the same request gives the saved answer, marked
//! `Idempotent-Replayed`. The same key with another request is refused. A key saves the answer to a call that was
//! carried out, or that the payment's state refused. A key does not save an answer to a request that was invalid,
//! unauthorized or about an unknown payment. A key is valid for 24 hours of the shop's clock.

mod calls;
mod objects;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use base64::Engine as _;

use crate::clock::Clock;
use crate::state::{Payments, State, random_id};
use calls::Call;
use objects::{StripeError, StripeResponse};

/// The emulated version of Stripe's API.
pub const API_VERSION: &str = "2025-09-30.clover";
/// The life of an idempotency key, in seconds of the shop's clock.
const KEY_SECONDS: i64 = 24 * 60 * 60;
const MAX_KEY_LEN: usize = 255;

/// The emulated payment provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Payments, refunds and saved answers.
    pub state: Arc<State>,
    /// The shop's clock.
    pub clock: Clock,
}

pub(crate) fn call(provider: &Provider, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Response {
    let form = if *method == Method::GET { uri.query().unwrap_or_default().as_bytes() } else { body };
    let params = form_urlencoded::parse(form).into_owned().collect();
    let call = Call { method, path: uri.path(), params, now: provider.clock.now().as_second() };
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).filter(|_| *method == Method::POST);
    let answer = match check(headers, *method == Method::POST, key) {
        Err(refusal) => Ok(refusal.into_answer()),
        Ok(()) => provider.state.with_payments(|payments| answer_once(&call, key, payments)),
    };
    let answer = answer.unwrap_or_else(|error| StripeError::api(error.to_string()).into_answer());
    respond(&answer, key)
}

fn check(headers: &HeaderMap, is_write: bool, key: Option<&str>) -> Result<(), StripeError> {
    let authorization = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !has_key(authorization) {
        return Err(StripeError::unauthorized());
    }
    let version = headers.get("stripe-version").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if version != API_VERSION {
        return Err(StripeError::invalid("", format!("Invalid Stripe API version: {version}"), None));
    }
    let media = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if is_write && !media.is_empty() && !media.starts_with("application/x-www-form-urlencoded") {
        return Err(StripeError::invalid("", "Invalid request: bodies are application/x-www-form-urlencoded", None));
    }
    if key.is_some_and(|key| key.is_empty() || key.len() > MAX_KEY_LEN) {
        return Err(StripeError::invalid("", "Idempotency keys have 1 to 255 characters", None));
    }
    Ok(())
}

/// Whether the header has a key: as `Bearer key`, or as the user's name of `Basic`.
fn has_key(authorization: &str) -> bool {
    match authorization.split_once(' ') {
        Some(("Bearer", key)) => !key.trim().is_empty(),
        Some(("Basic", encoded)) => {
            let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).unwrap_or_default();
            decoded.first().is_some_and(|byte| *byte != b':')
        }
        _ => false,
    }
}

fn answer_once(call: &Call<'_>, key: Option<&str>, payments: &Payments<'_>) -> rusqlite::Result<StripeResponse> {
    let Some(key) = key else { return calls::carry_out(call, payments).map(|(answer, _)| answer) };
    if let Some((request, status, body)) = payments.answer(key, call.now - KEY_SECONDS)? {
        if request != call.fingerprint() {
            return Ok(StripeError::other_params(key).into_answer());
        }
        let body = serde_json::from_str(&body).unwrap_or_default();
        return Ok(StripeResponse { status, body, replayed: true });
    }
    let (answer, carried_out) = calls::carry_out(call, payments)?;
    if carried_out {
        payments.keep_answer(key, &call.fingerprint(), answer.status, &answer.body.to_string(), call.now)?;
    }
    Ok(answer)
}

fn respond(answer: &StripeResponse, key: Option<&str>) -> Response {
    let mut response = Response::new(answer.body.to_string().into());
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    if let Ok(id) = format!("req_{}", random_id(14)).parse() {
        headers.insert("request-id", id);
    }
    if let Some(key) = key.and_then(|key| key.parse().ok()) {
        headers.insert("idempotency-key", key);
    }
    if answer.replayed {
        headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

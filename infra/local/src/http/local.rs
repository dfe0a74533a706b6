//! Endpoints below `/_local`, for people and tests: tokens, inbox, clock, settling, resetting, audit, dead letters. They are not
//! part of the shop.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use contract::Code;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::front::{HttpState, TokenFor};
use super::problem::{Problem, json_response};
use crate::clock;

/// The note on a move of the clock when the functions run as their own processes.
const OWN_CLOCKS: &str = "The functions run as their own processes and read the machine's clock, which has not moved. Schedules \
    fired with the moved time in their events, and queues follow it.";

pub(super) type HandlerResult = Result<Response, Problem>;

/// `GET /_local/token?scope=orders+stock` or `?order=…`.
pub(super) async fn token(State(shop): State<Arc<HttpState>>, uri: Uri) -> HandlerResult {
    let subject = match (param(&uri, "scope"), param(&uri, "order")) {
        (Some(scopes), None) => TokenFor::Shop(scopes.split_whitespace().map(str::to_owned).collect()),
        (None, Some(order)) => TokenFor::Customer(order),
        _ => return Err(Problem::invalid("scope", "Give either scope or order.")),
    };
    let field = if matches!(subject, TokenFor::Shop(_)) { "scope" } else { "order" };
    match (shop.token)(subject).await {
        Ok(token) => Ok(json_response(&json!({ "token": token }))),
        Err(problem) => Err(Problem::invalid(field, problem)),
    }
}

/// `GET /_local/inbox?to=…`: the sent mails, oldest first.
pub(super) async fn inbox(State(shop): State<Arc<HttpState>>, uri: Uri) -> HandlerResult {
    let mails = shop.backend.state.mails(param(&uri, "to").as_deref()).map_err(broken)?;
    Ok(json_response(&json!(mails)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockRequest {
    advance: String,
}

/// `POST /_local/clock`: moves the clock and fires every schedule that falls due on the way.
pub(super) async fn clock(State(shop): State<Arc<HttpState>>, body: Bytes) -> HandlerResult {
    let request: ClockRequest = read(&body)?;
    let later = clock::later(shop.backend.clock.now(), &request.advance);
    let later = later.map_err(|problem| Problem::invalid("advance", problem))?;
    // The move has its own task, so that it is completed even if the caller disconnects.
    let delivery = shop.delivery.clone();
    match tokio::spawn(async move { delivery.advance(later).await }).await {
        Ok(Ok(())) => Ok(json_response(&moved(&shop))),
        Ok(Err(problem)) => Err(Problem::invalid("advance", problem)),
        Err(error) => Err(broken(error)),
    }
}

fn moved(shop: &HttpState) -> Value {
    let now = shop.backend.clock.now().to_string();
    if shop.functions.have_own_clocks() { json!({ "now": now, "note": OWN_CLOCKS }) } else { json!({ "now": now }) }
}

/// `POST /_local/settle`: answers when nothing is pending, or after 60 seconds, with the number of pending entries.
pub(super) async fn settle(State(shop): State<Arc<HttpState>>) -> HandlerResult {
    Ok(json_response(&json!({ "pending": shop.delivery.settle().await })))
}

/// `POST /_local/reset`: empties everything and sets the clock back.
pub(super) async fn reset(State(shop): State<Arc<HttpState>>) -> HandlerResult {
    shop.delivery.empty().await.map_err(broken)?;
    Ok(json_response(&json!({})))
}

/// `GET /_local/audit`.
pub(super) async fn audit(State(shop): State<Arc<HttpState>>) -> HandlerResult {
    let violations = (shop.audit)().await.map_err(broken)?;
    Ok(json_response(&json!({ "violations": violations })))
}

/// `GET /_local/dead-letters`: the messages of the dead-letter queues, by queue, oldest first.
pub(super) async fn dead_letters(State(shop): State<Arc<HttpState>>) -> HandlerResult {
    let mut letters = Vec::new();
    for queue in shop.backend.template.dead_letter_queues() {
        letters.extend(shop.backend.state.messages(&queue.name).map_err(broken)?);
    }
    Ok(json_response(&json!(letters)))
}

pub(super) fn param(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Reads a body. The problem is a 400 if the body is no JSON, a 422 if the JSON does not fit `T`.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let value: Value =
        serde_json::from_slice(body).map_err(|error| Problem::new(Code::Unreadable, error.to_string()))?;
    serde_json::from_value(value).map_err(|error| Problem::new(Code::Invalid, error.to_string()))
}

pub(super) fn broken(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "the local stack failed");
    Problem::new(Code::Broken, error.to_string())
}

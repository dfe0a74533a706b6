//! The front of a deployed shop: its routes go on to the HTTP API, and what the embedded stack offers to people and tests
//! below `/_local` is answered here, so that a scenario cannot tell which of the two it runs against.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use contract::token::{Claims, sign};
use domain::identity::OrderId;
use local::{audit, later};
use serde_json::{Value, json};

use crate::deployment::Deployment;
use crate::post;

/// The shop behind the front.
pub(crate) type Shop = State<Arc<Deployment>>;
/// An answer, or why the machine could not give one.
pub(crate) type Answer = Result<Response, Refusal>;

/// The most bytes of a body, as API Gateway has it.
const MOST_BYTES: usize = 10 * 1024 * 1024;
/// Headers that belong to one connection, not to the request.
const OF_THE_CONNECTION: [&str; 4] = ["host", "connection", "content-length", "transfer-encoding"];
/// How often the books are read again where they do not fit: what is going on may be between two pages.
const READS: usize = 3;

/// Why there is no answer.
pub(crate) struct Refusal(pub(crate) StatusCode, pub(crate) String);

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, why)
    }
}

impl axum::response::IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, json!({ "detail": self.1 }).to_string()).into_response()
    }
}

/// The routes of the front.
pub fn router(shop: &Arc<Deployment>) -> Router {
    Router::new()
        .route("/_local/token", get(token))
        .route("/_local/inbox", get(post::inbox))
        .route("/_local/mail", post(post::come_in))
        .route("/_local/reply", post(post::reply))
        .route("/_local/mail-events", post(post::told))
        .route("/_local/clock", post(clock))
        .route("/_local/settle", post(settle))
        .route("/_local/reset", post(reset))
        .route("/_local/audit", get(audit))
        .route("/_local/dead-letters", get(dead_letters))
        .fallback(forward)
        .with_state(Arc::clone(shop))
        .merge(shop.provider.router())
}

/// What the functions call beside AWS: the payment provider's stand-in, and SES.
pub fn services(shop: &Arc<Deployment>) -> Router {
    Router::new()
        .route("/v2/email/account", get(post::account))
        .route("/v2/email/outbound-emails", post(post::send_email))
        .with_state(Arc::clone(shop))
        .merge(shop.provider.router())
}

async fn forward(State(shop): Shop, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.map_err(|error| error.to_string())?;
    let (client, host) = &shop.api;
    let mut headers = vec![("host", host.as_str())];
    let own = parts.headers.iter().filter(|(name, _)| !OF_THE_CONNECTION.contains(&name.as_str()));
    headers.extend(own.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))));
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let (status, headers, body) = client.exchange(parts.method.as_str(), path, &headers, body.to_vec()).await?;
    let mut response = Response::builder().status(status);
    for (name, value) in headers.iter().filter(|(name, _)| !OF_THE_CONNECTION.contains(&name.as_str())) {
        response = response.header(name, value);
    }
    Ok(response.body(Body::from(body)).map_err(|error| error.to_string())?)
}

async fn token(State(shop): Shop, uri: Uri) -> Answer {
    let exp = shop.provider.clock.now().as_second() + 10 * 365 * 24 * 60 * 60;
    let claims = match (param(&uri, "scope"), param(&uri, "order")) {
        (Some(scope), None) => Claims { scope: Some(scope), order: None, exp },
        (None, Some(order)) => {
            let order =
                OrderId::parse(&order).map_err(|why| Refusal(StatusCode::UNPROCESSABLE_ENTITY, why.to_string()))?;
            Claims { scope: None, order: Some(order), exp }
        }
        _ => return Err(Refusal(StatusCode::UNPROCESSABLE_ENTITY, "Give either scope or order.".to_owned())),
    };
    Ok(json_response(&json!({ "token": sign(&claims, &shop.token_key) })))
}

async fn clock(State(shop): Shop, body: Bytes) -> Answer {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let by = asked.get("advance").and_then(Value::as_str).unwrap_or_default();
    let later = later(shop.provider.clock.now(), by).map_err(|why| Refusal(StatusCode::UNPROCESSABLE_ENTITY, why))?;
    shop.advance(later).await?;
    Ok(json_response(&json!({ "now": shop.provider.clock.now().to_string() })))
}

async fn settle(State(shop): Shop) -> Answer {
    Ok(json_response(&json!({ "pending": shop.settle().await? })))
}

async fn reset(State(shop): Shop) -> Answer {
    shop.empty().await?;
    Ok(json_response(&json!({})))
}

async fn audit(State(shop): Shop) -> Answer {
    let mut found = Vec::new();
    for _ in 0..READS {
        found = domain::audit::audit(&audit::read(shop.items().await?, &shop.provider.state)?);
        if found.is_empty() {
            break;
        }
    }
    Ok(json_response(&json!({ "violations": found })))
}

async fn dead_letters(State(shop): Shop) -> Answer {
    Ok(json_response(&json!(shop.dead_letters().await?)))
}

pub(crate) fn param(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub(crate) fn json_response(body: &Value) -> Response {
    ([("content-type", "application/json")], body.to_string()).into_response()
}

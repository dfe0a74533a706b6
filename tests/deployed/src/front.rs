//! The front of a deployed shop. It forwards the shop's routes to the HTTP API and answers the routes below `/_local`
//! itself, as the embedded stack does. A scenario cannot tell the two apart.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::{get, post};
use contract::token::{Claims, sign};
use domain::identity::OrderId;
use local::{audit, later};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::answer::{FrontError, FrontResult, FrontState, json_response, param};
use crate::deployment::{Deployment, Plan};
use crate::post;

/// Maximum bytes of a body: API Gateway's limit.
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Headers of one connection. They are not forwarded.
const OF_THE_CONNECTION: [&str; 4] = ["host", "connection", "content-length", "transfer-encoding"];
/// Maximum number of reads for an audit. A write between two pages of a scan may look like a violation.
const READS: usize = 3;

/// The tasks that serve the front and the services beside AWS. Dropping this value stops the tasks.
#[derive(Debug)]
pub struct Served(Vec<JoinHandle<()>>);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Deploys a shop and serves its front on a free port.
pub async fn start(plan: &Plan) -> Result<(Arc<Deployment>, Served), String> {
    let (front, services) = (listen()?, listen()?);
    let shop = Arc::new(Deployment::start(plan, url(&front)?, &url(&services)?).await?);
    let served = vec![serve(front, router(&shop))?, serve(services, services_router(&shop))?];
    Ok((shop, Served(served)))
}

fn listen() -> Result<TcpListener, String> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    let listener = listener.and_then(|it| it.set_nonblocking(true).map(|()| it));
    listener.map_err(|error| format!("there is no free port: {error}"))
}

fn url(listener: &TcpListener) -> Result<String, String> {
    listener.local_addr().map(|address| format!("http://{address}")).map_err(|error| error.to_string())
}

fn serve(listener: TcpListener, router: axum::Router) -> Result<JoinHandle<()>, String> {
    let listener = tokio::net::TcpListener::from_std(listener).map_err(|error| error.to_string())?;
    Ok(tokio::spawn(async move { drop(axum::serve(listener, router).await) }))
}

fn router(shop: &Arc<Deployment>) -> Router {
    Router::new()
        .route("/_local/token", get(token))
        .route("/_local/inbox", get(post::inbox))
        .route("/_local/mail", post(post::come_in))
        .route("/_local/reply", post(post::reply))
        .route("/_local/mail-events", post(post::receive_event))
        .route("/_local/clock", post(clock))
        .route("/_local/settle", post(settle))
        .route("/_local/reset", post(reset))
        .route("/_local/audit", get(audit))
        .route("/_local/dead-letters", get(dead_letters))
        .fallback(forward)
        .with_state(Arc::clone(shop))
        .merge(shop.provider.router())
}

/// The services beside AWS that the functions call: SES and the stand-in for the payment provider.
fn services_router(shop: &Arc<Deployment>) -> Router {
    Router::new()
        .route("/v2/email/account", get(post::account))
        .route("/v2/email/outbound-emails", post(post::send_email))
        .with_state(Arc::clone(shop))
        .merge(shop.provider.router())
}

async fn forward(State(shop): FrontState, request: Request) -> FrontResult {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BYTES).await.map_err(|error| error.to_string())?;
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

async fn token(State(shop): FrontState, uri: Uri) -> FrontResult {
    let exp = shop.provider.clock.now().as_second() + 10 * 365 * 24 * 60 * 60;
    let claims = match (param(&uri, "scope"), param(&uri, "order")) {
        (Some(scope), None) => Claims { scope: Some(scope), order: None, exp },
        (None, Some(order)) => {
            let order = OrderId::parse(&order).map_err(FrontError::unprocessable)?;
            Claims { scope: None, order: Some(order), exp }
        }
        _ => return Err(FrontError::unprocessable("Give either scope or order.")),
    };
    Ok(json_response(&json!({ "token": sign(&claims, &shop.token_key) })))
}

async fn clock(State(shop): FrontState, body: Bytes) -> FrontResult {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let by = asked.get("advance").and_then(Value::as_str).unwrap_or_default();
    let later = later(shop.provider.clock.now(), by).map_err(FrontError::unprocessable)?;
    shop.advance(later).await?;
    Ok(json_response(&json!({ "now": shop.provider.clock.now().to_string() })))
}

async fn settle(State(shop): FrontState) -> FrontResult {
    Ok(json_response(&json!({ "pending": shop.settle().await? })))
}

async fn reset(State(shop): FrontState) -> FrontResult {
    shop.empty().await?;
    Ok(json_response(&json!({})))
}

async fn audit(State(shop): FrontState) -> FrontResult {
    let mut found = Vec::new();
    for _ in 0..READS {
        found = domain::audit::audit(&audit::read(shop.items().await?, &shop.provider.state)?);
        if found.is_empty() {
            break;
        }
    }
    Ok(json_response(&json!({ "violations": found })))
}

async fn dead_letters(State(shop): FrontState) -> FrontResult {
    Ok(json_response(&json!(shop.dead_letters().await?)))
}

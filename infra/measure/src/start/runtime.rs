//! Lambda's runtime API for one process, which polls for its next invocation and posts the answer.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

type InvocationResult = Result<Value, String>;

/// The API. Dropping it stops the server.
#[derive(Debug)]
pub struct Runtime {
    pub address: SocketAddr,
    /// The number of polls so far.
    pub polls: watch::Receiver<u64>,
    events: mpsc::Sender<(Value, oneshot::Sender<InvocationResult>)>,
    server: JoinHandle<()>,
}

struct Inside {
    polls: watch::Sender<u64>,
    events: Mutex<mpsc::Receiver<(Value, oneshot::Sender<InvocationResult>)>>,
    /// The caller that waits for the current invocation.
    caller: Mutex<Option<oneshot::Sender<InvocationResult>>>,
}

impl Runtime {
    /// Starts the API on a free port.
    pub async fn serve() -> Result<Self, String> {
        let (events, waiting) = mpsc::channel(1);
        let (polled, polls) = watch::channel(0);
        let inside = Inside { polls: polled, events: Mutex::new(waiting), caller: Mutex::default() };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(error))
            .with_state(Arc::new(inside));
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(|error| format!("no port for the runtime API: {error}"))?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the runtime API ended");
            }
        });
        Ok(Self { address, polls, events, server })
    }

    /// Sends an event to the process and waits for the answer.
    pub async fn invoke(&self, event: Value) -> InvocationResult {
        let (answer, answered) = oneshot::channel();
        self.events.send((event, answer)).await.map_err(|_| "the runtime API has ended".to_owned())?;
        answered.await.map_err(|_| "the invocation was given up".to_owned())?
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(inside): State<Arc<Inside>>) -> Response {
    inside.polls.send_modify(|polls| *polls += 1);
    let Some((event, caller)) = inside.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    *inside.caller.lock().await = Some(caller);
    let number = inside.polls.borrow().to_string();
    let deadline = (local::system_millis() + 60_000).to_string();
    let headers = [
        ("lambda-runtime-aws-request-id", number.as_str()),
        ("lambda-runtime-deadline-ms", &deadline),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:000000000000:function:measured"),
        ("lambda-runtime-trace-id", "Root=1-00000000-000000000000000000000000;Sampled=0"),
        ("content-type", "application/json"),
    ];
    (headers, event.to_string()).into_response()
}

async fn response(State(inside): State<Arc<Inside>>, body: Bytes) -> StatusCode {
    answered(&inside, serde_json::from_slice(&body).map_err(|error| error.to_string())).await
}

async fn error(State(inside): State<Arc<Inside>>, body: Bytes) -> StatusCode {
    answered(&inside, Err(String::from_utf8_lossy(&body).into_owned())).await
}

async fn answered(inside: &Inside, answer: InvocationResult) -> StatusCode {
    if let Some(caller) = inside.caller.lock().await.take() {
        let _nobody_waits = caller.send(answer);
    }
    StatusCode::ACCEPTED
}

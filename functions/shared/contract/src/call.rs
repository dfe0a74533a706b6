//! What every API call has around its handler: its correlation id, its deadline, and the response to the outcome.

use std::convert::Infallible;
use std::time::Duration;

use aws::{App, CorrelationId};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};

use crate::problem::{Code, Problem};

/// The header of the correlation id. A request may have this header. Every answer has it.
pub const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");

/// How long a function works on a request before it answers 503 itself. The deadline is shorter than the timeout in
/// template.yaml, because a timeout would give the caller a bare error. A repeat, or the next sweep, finishes the work.
pub const DEADLINE: Duration = Duration::from_secs(12);

/// Answers a request to `function` with its handler. Around the handler are the span of the log, the correlation id, the
/// metrics, the deadline, and the rendering of a problem.
pub async fn answer(
    app: &App,
    function: &'static str,
    request: Request,
    handler: impl AsyncFnOnce(&App, &Request) -> Result<Response<Body>, Problem>,
) -> Result<Response<Body>, Infallible> {
    let request_id = request_id(&request);
    let app = app.invoked(function, correlation(request.headers(), &request_id));
    let work = tokio::time::timeout(DEADLINE, handler(&app, &request));
    let outcome = app.in_span(work).await.unwrap_or_else(|_| Err(late()));
    Ok(app.invocation.span().in_scope(|| response(&app, &request_id, outcome)))
}

fn response(app: &App, request_id: &str, outcome: Result<Response<Body>, Problem>) -> Response<Body> {
    let code = outcome.as_ref().err().map(|problem| problem.code.word());
    let mut response = outcome.unwrap_or_else(|problem| problem.response());
    let status = response.status().as_u16();
    tracing::info!(status, code, request_id, "answered");
    if let Ok(id) = HeaderValue::from_str(app.invocation.correlation().as_str()) {
        response.headers_mut().insert(CORRELATION, id);
    }
    response
}

/// The id that API Gateway gave the request.
fn request_id(request: &Request) -> String {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

fn late() -> Problem {
    Problem::new(Code::TryAgain, "it takes too long now; repeat the request")
}

/// The id that the caller chose, if it is valid; otherwise the request id of API Gateway.
fn correlation(headers: &HeaderMap, request_id: &str) -> CorrelationId {
    let chosen = headers.get(CORRELATION).and_then(|id| id.to_str().ok());
    CorrelationId::first_of([chosen, Some(request_id)])
}

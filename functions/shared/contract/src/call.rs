//! An API call from request to response: its correlation id, its deadline, and the response to a handler's outcome.

use std::future::Future;
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

/// A call in progress.
pub struct Call {
    /// The application context of this call.
    pub app: App,
    request_id: String,
}

impl Call {
    /// Starts a call of `function`.
    pub fn new(app: &App, function: &'static str, request: &Request) -> Self {
        let request_id = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone().unwrap_or_default(),
            _ => String::new(),
        };
        let app = app.invoked(function, correlation(request.headers(), &request_id));
        Self { app, request_id }
    }

    /// Runs the work and turns its outcome, a problem included, into a response.
    pub fn answer(
        &self,
        work: impl Future<Output = Result<Response<Body>, Problem>>,
    ) -> impl Future<Output = Response<Body>> {
        let work = self.app.in_span(work);
        async move {
            let outcome = tokio::time::timeout(DEADLINE, work).await.unwrap_or_else(|_| Err(late()));
            self.app.invocation.span().in_scope(|| self.response(outcome))
        }
    }

    fn response(&self, outcome: Result<Response<Body>, Problem>) -> Response<Body> {
        let code = outcome.as_ref().err().map(|problem| problem.code.word());
        let mut response = outcome.unwrap_or_else(|problem| problem.response());
        let (status, request_id) = (response.status().as_u16(), &self.request_id);
        tracing::info!(status, code, request_id, "answered");
        if let Ok(id) = HeaderValue::from_str(self.app.invocation.correlation().as_str()) {
            response.headers_mut().insert(CORRELATION, id);
        }
        response
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

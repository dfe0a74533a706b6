//! The tap sits under every SDK client and the payment client and knows which function makes which call. It can fail a
//! call before it is sent, lose its answer, refuse it as AWS would, or end the process there.

use std::collections::BTreeMap;
use std::ops::RangeBounds;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use futures::future::BoxFuture;
use local::{Bindings, Functions, StackEndpoints, functions};
use serde_json::{Value, json};
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call is not sent; the caller sees a broken connection.
    RequestLost,
    /// The call is carried out and its answer is lost; the caller sees a broken connection.
    Lost,
    /// The call never gets an answer.
    Unanswered,
    /// The call is carried out and the process ends there.
    Died,
    /// The process ends before the call is sent.
    DiedBeforeSend,
    /// AWS refuses the call because of a concurrent transaction.
    Conflict,
    /// AWS throttles the call.
    Throttled,
    /// AWS answers 500.
    ServerError,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub function: String,
    /// The operation: `TransactWriteItems`, `SendMessageBatch`, `SendEmail`, `POST /v1/refunds`, ...
    pub operation: String,
    /// How many calls this function had made before this call, since the tap was cleared.
    pub number: usize,
    pub request: String,
}

type Rule = Arc<dyn Fn(&Call) -> Option<Fault> + Send + Sync>;

#[derive(Default)]
struct Inside {
    calls: Vec<Call>,
    made: BTreeMap<String, usize>,
    rule: Option<Rule>,
    faulted: usize,
}

/// The tap. All clones share one state.
#[derive(Clone, Default)]
pub struct Tap(Arc<Mutex<Inside>>);

tokio::task_local! {
    /// Set in each invocation; becomes true when its process ends.
    static ENDED: watch::Sender<bool>;
}

impl Tap {
    fn inside<T>(&self, look: impl FnOnce(&mut Inside) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on `rule` decides the outcome of each call.
    pub fn fault_where(&self, rule: impl Fn(&Call) -> Option<Fault> + Send + Sync + 'static) {
        self.inside(|inside| inside.rule = Some(Arc::new(rule)));
    }

    /// Ends the function's process before each call of the operation whose index, counted from 0, is in `range`.
    pub fn die_before(
        &self,
        function: &'static str,
        operation: &'static str,
        range: impl RangeBounds<usize> + Send + Sync + 'static,
    ) {
        let made = AtomicUsize::new(0);
        self.fault_where(move |call| {
            let fits = call.function == function && call.operation == operation;
            (fits && range.contains(&made.fetch_add(1, Ordering::SeqCst))).then_some(Fault::DiedBeforeSend)
        });
    }

    pub fn spare(&self) {
        self.inside(|inside| inside.rule = None);
    }

    /// Forgets all calls so far; numbering restarts at 0.
    pub fn clear(&self) {
        self.inside(|inside| {
            inside.calls.clear();
            inside.made.clear();
            inside.faulted = 0;
        });
    }

    pub fn calls(&self) -> Vec<Call> {
        self.inside(|inside| inside.calls.clone())
    }

    pub fn faulted(&self) -> usize {
        self.inside(|inside| inside.faulted)
    }

    /// Makes the functions of a stack, with this tap under each.
    ///
    /// # Errors
    /// The text names what is missing.
    pub async fn connect(self, endpoints: StackEndpoints) -> Result<Bindings, String> {
        let plain = aws::http_connector::plain_connector();
        let bindings = functions::connect_with(&endpoints, &move |function| {
            let (tap, inner) = (self.clone(), plain.clone());
            SharedHttpConnector::new(Tapped { tap, inner, function: function.to_owned() })
        })?;
        let inner = Arc::new(bindings.functions);
        Ok(Bindings { functions: Functions::new(move |name, event| mortal(&inner, name, event)), ..bindings })
    }

    fn note(&self, function: &str, request: &HttpRequest) -> (Call, Option<Fault>) {
        let body = request.body().bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        self.inside(|inside| {
            let made = inside.made.entry(function.to_owned()).or_default();
            *made += 1;
            let call = Call {
                function: function.to_owned(),
                operation: operation(request),
                number: *made - 1,
                request: body.unwrap_or_default(),
            };
            inside.calls.push(call.clone());
            let fault = inside.rule.as_ref().and_then(|rule| rule(&call));
            inside.faulted += usize::from(fault.is_some());
            (call, fault)
        })
    }
}

/// An invocation whose process can end.
fn mortal(inner: &Arc<Functions>, name: &str, event: Value) -> BoxFuture<'static, Result<Value, String>> {
    let (ended, mut end) = watch::channel(false);
    let running = ENDED.scope(ended, inner.call(name, event));
    let name = name.to_owned();
    Box::pin(async move {
        tokio::select! {
            answer = running => answer,
            Ok(_) = end.wait_for(|ended| *ended) => Err(format!("the process of {name} ended")),
        }
    })
}

fn operation(request: &HttpRequest) -> String {
    if let Some((_, operation)) = request.headers().get("x-amz-target").and_then(|target| target.split_once('.')) {
        return operation.to_owned();
    }
    let path = request.uri().split_once("//").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
    match path.unwrap_or_default() {
        "/v2/email/account" => "GetAccount".to_owned(),
        "/v2/email/outbound-emails" => "SendEmail".to_owned(),
        path if path.contains("/mails/") => "GetObject".to_owned(),
        path => {
            let path = path.split('?').next().unwrap_or_default();
            let words = path.split('/').map(|word| if word.starts_with("pi_") { "{payment}" } else { word });
            format!("{} {}", request.method(), words.collect::<Vec<_>>().join("/"))
        }
    }
}

#[derive(Clone)]
struct Tapped {
    tap: Tap,
    inner: SharedHttpConnector,
    function: String,
}

impl std::fmt::Debug for Tapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tapped")
    }
}

impl HttpConnector for Tapped {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let dead = ENDED.try_with(|ended| *ended.borrow()).unwrap_or(false);
        if dead {
            return HttpConnectorFuture::new(std::future::pending());
        }
        let (call, fault) = self.tap.note(&self.function, &request);
        let ended = ENDED.try_with(Clone::clone).ok();
        let inner = self.inner.clone();
        HttpConnectorFuture::new(async move {
            let broken = || Err(ConnectorError::io("the connection broke (a test's fault)".into()));
            match fault {
                None => inner.call(request).await,
                Some(Fault::RequestLost) => broken(),
                Some(Fault::Lost) => inner.call(request).await.and_then(|_| broken()),
                Some(Fault::Unanswered) => std::future::pending().await,
                Some(Fault::Died) => {
                    drop(inner.call(request).await);
                    end(ended).await
                }
                Some(Fault::DiedBeforeSend) => end(ended).await,
                Some(refusal) => Ok(refused(refusal, &call)),
            }
        })
    }
}

async fn end(ended: Option<watch::Sender<bool>>) -> Result<HttpResponse, ConnectorError> {
    if let Some(ended) = ended {
        ended.send_replace(true);
    }
    std::future::pending().await
}

fn refused(refusal: Fault, call: &Call) -> HttpResponse {
    let (status, body) = match refusal {
        // The payment provider has other error codes.
        Fault::Conflict if call.operation.contains("/v1/") => {
            (409, json!({ "error": { "type": "idempotency_error" } }))
        }
        Fault::Throttled if call.operation.contains("/v1/") => (429, json!({ "error": { "code": "rate_limit" } })),
        Fault::Conflict if call.operation == "TransactWriteItems" => {
            let request: Value = serde_json::from_str(&call.request).unwrap_or_default();
            let items = request.pointer("/TransactItems").and_then(Value::as_array).map_or(1, Vec::len);
            let reason =
                |at| if at == 0 { json!({ "Code": "TransactionConflict" }) } else { json!({ "Code": "None" }) };
            let reasons: Vec<Value> = (0..items).map(reason).collect();
            (
                400,
                json!({ "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "CancellationReasons": reasons }),
            )
        }
        Fault::Throttled if matches!(call.operation.as_str(), "GetAccount" | "SendEmail") => {
            (429, json!({ "__type": "TooManyRequestsException", "message": "Maximum sending rate exceeded." }))
        }
        Fault::Conflict => (400, json!({ "__type": "com.amazonaws.dynamodb.v20120810#TransactionConflictException" })),
        Fault::Throttled => (400, json!({ "__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException" })),
        _ => (500, json!({ "__type": "com.amazonaws.dynamodb.v20120810#InternalServerError" })),
    };
    let status = StatusCode::try_from(status).expect("a status");
    HttpResponse::new(status, SdkBody::from(body.to_string()))
}

//! A connector under every SDK and payment client that records each call, its invocation and its status.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use local::{Bindings, Functions, StackEndpoints, functions};

tokio::task_local! {
    /// The number of the current invocation.
    static INVOCATION: u64;
}

#[derive(Debug)]
pub struct Call {
    pub function: String,
    /// The number of the invocation, counted over all functions.
    pub invocation: u64,
    pub request: HttpRequest,
    /// The HTTP status of the answer; 0 without an answer.
    pub status: u16,
}

/// Records calls while it is on. Clones share one record.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Inside>);

#[derive(Debug, Default)]
struct Inside {
    on: AtomicBool,
    invocations: AtomicU64,
    calls: Mutex<Vec<Call>>,
}

impl Recorder {
    pub fn set_recording(&self, on: bool) {
        self.0.on.store(on, Ordering::SeqCst);
    }

    /// The number of calls that have begun.
    pub fn count(&self) -> usize {
        self.calls().len()
    }

    /// Returns the recorded calls in the order of sending, and forgets them.
    pub fn take(&self) -> Vec<Call> {
        std::mem::take(&mut self.calls())
    }

    fn calls(&self) -> MutexGuard<'_, Vec<Call>> {
        self.0.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connects the functions of a stack, with this recorder under each.
    pub fn connect(self, endpoints: &StackEndpoints) -> Result<Bindings, String> {
        let inside = Arc::clone(&self.0);
        let plain = aws::http_connector::plain_connector();
        let bindings = functions::connect_with(endpoints, &move |function| {
            let (recorder, inner) = (self.clone(), plain.clone());
            SharedHttpConnector::new(Recorded { recorder, inner, function: function.to_owned() })
        })?;
        let inner = bindings.functions;
        let functions = Functions::new(move |name, event| {
            let number = inside.invocations.fetch_add(1, Ordering::Relaxed);
            Box::pin(INVOCATION.scope(number, inner.call(name, event)))
        });
        Ok(Bindings { functions, ..bindings })
    }

    /// Records a call; returns its index.
    fn note(&self, function: &str, request: &HttpRequest) -> Option<usize> {
        let request = request.try_clone().filter(|_| self.0.on.load(Ordering::Relaxed))?;
        let invocation = INVOCATION.try_with(|number| *number).ok()?;
        let mut calls = self.calls();
        calls.push(Call { function: function.to_owned(), invocation, request, status: 0 });
        Some(calls.len() - 1)
    }
}

#[derive(Debug)]
struct Recorded {
    recorder: Recorder,
    inner: SharedHttpConnector,
    function: String,
}

impl HttpConnector for Recorded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let place = self.recorder.note(&self.function, &request);
        let (recorder, inner) = (self.recorder.clone(), self.inner.clone());
        HttpConnectorFuture::new(async move {
            let answer = inner.call(request).await?;
            let mut calls = recorder.calls();
            if let Some(call) = place.and_then(|place| calls.get_mut(place)) {
                call.status = answer.status().as_u16();
            }
            drop(calls);
            Ok(answer)
        })
    }
}

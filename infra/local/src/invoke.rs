//! The one door to the functions: a name, an event, an answer, as Lambda's are. Which code stands behind a name is
//! not known here.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::Value;

type Invoke = dyn Fn(&str, Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync;

/// The functions of the shop, by the names that the template gives them.
#[derive(Clone)]
pub struct Functions(Arc<Invoke>);

impl Functions {
    /// Functions behind a closure. It gets a function's name (`place-order`) and the event in Lambda's JSON, and
    /// gives the function's answer, or the text of the error that the invocation ended with. A panic counts as an
    /// error.
    pub fn new(
        invoke: impl Fn(&str, Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(invoke))
    }

    /// A function's invocation, to be driven by the caller: dropping it is the end of the process.
    pub fn call(&self, name: &str, event: Value) -> BoxFuture<'static, Result<Value, String>> {
        (self.0)(name, event)
    }

    /// Invokes a function. Retries, batches and time-outs are the caller's business.
    ///
    /// # Errors
    /// The text of the error that the invocation ended with.
    pub async fn invoke(&self, name: &str, event: Value) -> Result<Value, String> {
        match tokio::spawn((self.0)(name, event)).await {
            Ok(answer) => answer,
            Err(error) if error.is_panic() => Err(format!("{name} panicked")),
            Err(error) => Err(format!("{name} ended: {error}")),
        }
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Functions")
    }
}

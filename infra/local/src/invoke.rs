//! The one way to invoke a function, as Lambda has it: a name and an event, and the answer. The code behind a name is the caller's.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::Value;

type Invoke = dyn Fn(&str, Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync;

/// The functions of the shop, by the names that the template gives them.
#[derive(Clone)]
pub struct Functions {
    invoke: Arc<Invoke>,
    own_clocks: bool,
}

impl Functions {
    /// Functions behind a closure. It gets a function's name (`place-order`) and the event in Lambda's JSON, and
    /// gives the function's answer, or the text of the error that the invocation ended with. A panic counts as an
    /// error.
    pub fn new(
        invoke: impl Fn(&str, Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync + 'static,
    ) -> Self {
        Self { invoke: Arc::new(invoke), own_clocks: false }
    }

    /// The same functions, said to read the machine's clock, not the shop's.
    #[must_use]
    pub fn with_clocks_of_their_own(self) -> Self {
        Self { own_clocks: true, ..self }
    }

    /// Whether they read the machine's clock: moving the shop's does not move theirs.
    #[must_use]
    pub fn have_own_clocks(&self) -> bool {
        self.own_clocks
    }

    /// A function's invocation, to be driven by the caller: dropping it is the end of the process.
    pub fn call(&self, name: &str, event: Value) -> BoxFuture<'static, Result<Value, String>> {
        (self.invoke)(name, event)
    }

    /// Invokes a function. Retries, batches and time-outs are the caller's business.
    ///
    /// # Errors
    /// The text of the error that the invocation ended with.
    pub async fn invoke(&self, name: &str, event: Value) -> Result<Value, String> {
        match tokio::spawn((self.invoke)(name, event)).await {
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

//! Invokes a function as Lambda does: a name and an event give an answer. The caller supplies the code of each name.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::Value;

type Invoke = dyn Fn(&str, Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync;

/// The functions of the shop, by their names in the template.
#[derive(Clone)]
pub struct Functions {
    invoke: Arc<Invoke>,
    own_clocks: bool,
}

impl Functions {
    /// Makes functions from a closure, which takes a name (`place-order`) and an event in Lambda's JSON. The closure
    /// returns the answer or the text of an error. A panic counts as an error.
    pub fn new(
        invoke: impl Fn(&str, Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync + 'static,
    ) -> Self {
        Self { invoke: Arc::new(invoke), own_clocks: false }
    }

    /// Declares that the functions read the machine's clock, not the shop's.
    #[must_use]
    pub fn with_clocks_of_their_own(self) -> Self {
        Self { own_clocks: true, ..self }
    }

    /// Whether the functions read the machine's clock. Moving the shop's clock does not change the machine's clock.
    pub fn have_own_clocks(&self) -> bool {
        self.own_clocks
    }

    /// An invocation that the caller polls. Dropping it acts as the end of the function's process.
    pub fn call(&self, name: &str, event: Value) -> BoxFuture<'static, Result<Value, String>> {
        (self.invoke)(name, event)
    }

    /// Invokes a function. The caller does retries, batches and timeouts.
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

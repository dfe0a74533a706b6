//! One invocation of a function: the id under which it is told, and what it measures. Whoever works for it holds it: the
//! shop, and the table that writes the id down with what it writes.

use std::sync::Arc;

use tracing::Span;

use crate::clock::Clock;
use crate::correlation::CorrelationId;
use crate::metrics::{Measured, Metric};

/// An invocation, or one message of one. Clones measure together.
#[derive(Clone, Debug)]
pub struct Invocation {
    correlation: CorrelationId,
    measured: Arc<Measured>,
}

impl Invocation {
    /// Begins an invocation of `function`; what it measures is told when the last clone is gone.
    pub(crate) fn new(stack: &str, function: &'static str, correlation: CorrelationId, clock: Clock) -> Self {
        Self { correlation, measured: Arc::new(Measured::new(stack.to_owned(), function, clock)) }
    }

    /// The same under another id: a message of a batch, or an order that somebody else began.
    #[must_use]
    pub fn under(&self, correlation: CorrelationId) -> Self {
        Self { correlation, measured: Arc::clone(&self.measured) }
    }

    /// The id under which it is told.
    #[must_use]
    pub fn correlation(&self) -> &CorrelationId {
        &self.correlation
    }

    /// Adds to what is counted, or notes one more value of what is measured.
    pub fn measure(&self, metric: Metric, value: i64) {
        self.measured.add(metric, value);
    }

    /// The span that names it in log lines, whatever their level.
    #[must_use]
    pub fn span(&self) -> Span {
        let function = self.measured.function;
        tracing::error_span!("invocation", function, correlation_id = %self.correlation)
    }
}

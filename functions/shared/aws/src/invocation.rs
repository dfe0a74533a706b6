//! One invocation of a function: its correlation id and its metrics. The shop's context holds it, and the table, which
//! stores the id with what it writes.

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
    /// Begins an invocation of `function`. Its metrics are logged when the last clone is dropped.
    pub(crate) fn new(stack: &str, function: &'static str, correlation: CorrelationId, clock: Clock) -> Self {
        Self { correlation, measured: Arc::new(Measured::new(stack.to_owned(), function, clock)) }
    }

    /// The same under another correlation id: for a message of a batch, or an order that another invocation began.
    #[must_use]
    pub fn under(&self, correlation: CorrelationId) -> Self {
        Self { correlation, measured: Arc::clone(&self.measured) }
    }

    /// The correlation id.
    #[must_use]
    pub fn correlation(&self) -> &CorrelationId {
        &self.correlation
    }

    /// Adds to a count, or records one more value of a measure.
    pub fn measure(&self, metric: Metric, value: i64) {
        self.measured.add(metric, value);
    }

    /// The span of its log lines, at any level.
    #[must_use]
    pub fn span(&self) -> Span {
        let function = self.measured.function;
        tracing::error_span!("invocation", function, correlation_id = %self.correlation)
    }
}

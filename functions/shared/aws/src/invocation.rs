//! One invocation of a function: its correlation id and its metrics. The table stores the id with each write.

use std::sync::Arc;

use tracing::Span;

use crate::clock::Clock;
use crate::correlation::CorrelationId;
use crate::metrics::{Measured, Metric};

/// An invocation, or the part of one that handles one message. Clones share the metrics.
#[derive(Clone, Debug)]
pub struct Invocation {
    correlation: CorrelationId,
    measured: Arc<Measured>,
}

impl Invocation {
    /// Begins an invocation of `function`. Dropping the last clone logs the metrics.
    pub(crate) fn new(stack: &str, function: &'static str, correlation: CorrelationId, clock: Clock) -> Self {
        Self { correlation, measured: Arc::new(Measured::new(stack.to_owned(), function, clock)) }
    }

    /// The same invocation under the correlation id of a message, or of an order that another invocation began.
    pub fn under(&self, correlation: CorrelationId) -> Self {
        Self { correlation, measured: Arc::clone(&self.measured) }
    }

    /// The correlation id.
    pub fn correlation(&self) -> &CorrelationId {
        &self.correlation
    }

    /// Adds to a count, or records one value of a size or a duration.
    pub fn measure(&self, metric: Metric, value: i64) {
        self.measured.add(metric, value);
    }

    /// The span of the invocation's log lines. Its level is `error`, so that every log level keeps the span.
    pub fn span(&self) -> Span {
        let function = self.measured.function;
        tracing::error_span!("invocation", function, correlation_id = %self.correlation)
    }
}

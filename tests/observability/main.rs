//! Observability: log lines under one request id, metrics, and no personal data in logs. The lines are those of
//! production at the finest level. One test at a time records them.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on ends")]

mod correlation;
mod log_lines;
mod metrics;
mod secrets;

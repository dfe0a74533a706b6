//! Waits until no work is left: no record, no message, no retry, and no unresolved draw.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::control::Delivery;
use crate::schedule::Expression;

const SETTLE: Duration = Duration::from_secs(60);
/// A paused delivery that is idle for this long has done all work that the pause allows.
const STILL: Duration = Duration::from_millis(50);
/// The wait between two sweeps for the grace of gaps.
const BETWEEN_SWEEPS: Duration = Duration::from_millis(200);

/// The name of the index of products with unresolved draws, and of its key. Each shard has one key value.
const TODO: &str = "todo";
const DRAWN_SHARDS: u32 = 8;

impl Delivery {
    /// Waits until nothing is pending, for 60 seconds at most, and returns the number of pending entries. While draws
    /// are unresolved, it runs the sweeps (the schedules with a rate) and waits for the grace of gaps. Dead letters do
    /// not count. While a source is paused, it waits only for the other sources.
    pub async fn settle(&self) -> usize {
        let start = Instant::now();
        loop {
            let left = SETTLE.saturating_sub(start.elapsed());
            let pending = self.quiet(left).await;
            let gaps = self.drawn().await;
            if pending > 0 || gaps == 0 || left.is_zero() || self.anything_paused() {
                return pending + gaps;
            }
            self.sweep().await;
            self.quiet(SETTLE.saturating_sub(start.elapsed())).await;
            if self.drawn().await > 0 {
                tokio::time::sleep(BETWEEN_SWEEPS).await;
            }
        }
    }

    /// Waits until no record, message or retry is pending, or `longest` is over. Returns the number of pending entries.
    pub(super) async fn quiet(&self, longest: Duration) -> usize {
        let start = Instant::now();
        let wakeups = &self.inner.backend.wakeups;
        let mut still_since = Instant::now();
        loop {
            let before = wakeups.activity();
            let pending = self.pending().await;
            let moved = wakeups.activity() != before;
            if moved {
                still_since = Instant::now();
            }
            if (pending == 0 && !moved)
                || start.elapsed() >= longest
                || (self.anything_paused() && still_since.elapsed() >= STILL)
            {
                return pending;
            }
            let _ = tokio::time::timeout(Duration::from_millis(5), wakeups.progress.notified()).await;
        }
    }

    /// Counts messages, scheduled runs, and functions with undelivered records.
    async fn pending(&self) -> usize {
        let backend = &self.inner.backend;
        let mut pending = self.inner.runs.load(Ordering::SeqCst);
        for function in &backend.template.functions {
            for mapping in &function.streams {
                pending += usize::from(self.stream_is_pending(&function.name, mapping).await.unwrap_or(true));
            }
            for mapping in &function.queues {
                pending += backend.state.backlog(&mapping.queue).unwrap_or(1);
            }
        }
        pending
    }

    /// Counts products with unresolved draws.
    async fn drawn(&self) -> usize {
        let backend = Arc::clone(&self.inner.backend);
        if !backend.template.table.indexes.iter().any(|index| index.name == TODO) {
            return 0;
        }
        let counted = tokio::task::spawn_blocking(move || {
            let shards = (0..DRAWN_SHARDS).map(|shard| format!("DRAWN#{shard}"));
            shards.map(|shard| backend.table.indexed(TODO, TODO, &shard, 1_000).map_or(0, |found| found.len())).sum()
        });
        counted.await.unwrap_or(0)
    }

    async fn sweep(&self) {
        let backend = &self.inner.backend;
        let is_sweep = |expression: &Expression| matches!(expression, Expression::Rate(_));
        for schedule in backend.template.schedules.iter().filter(|schedule| is_sweep(&schedule.expression)) {
            self.fire(schedule, backend.clock.now()).await;
        }
    }
}

//! Delivers records of the table's stream: batches in order, filters, partial failures, bisecting, giving up.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::control::{Delivery, Disturbance, Source, stumble};
use super::events;
use crate::dynamodb::Record;
use crate::template::StreamMapping;

/// The longest wait for a change without a wakeup, such as one that a test made.
const POLL: Duration = Duration::from_millis(20);
const MAX_BACKOFF: Duration = Duration::from_secs(1);

/// The name of the fact that holds a function's position in the stream.
pub(crate) fn position_of(function: &str) -> String {
    format!("stream position of {function}")
}

pub(super) async fn run(delivery: Delivery, function: String, mapping: StreamMapping) {
    let reader = Reader { delivery, position: position_of(&function), function, mapping };
    let backend = Arc::clone(&reader.delivery.inner.backend);
    loop {
        reader.delivery.allowed(&Source::Stream).await;
        let gate = backend.gate.read().await;
        match reader.read(reader.mapping.batch_size as usize).await {
            Ok(batch) if batch.is_empty() => {
                drop(gate);
                let _ = tokio::time::timeout(POLL, backend.wakeups.stream.notified()).await;
            }
            Ok(batch) => {
                if let Err(error) = reader.deliver(batch).await {
                    stumble("the stream's position could not be kept", error).await;
                }
            }
            Err(error) => {
                drop(gate);
                stumble("the stream could not be read", error).await;
            }
        }
    }
}

impl Delivery {
    /// Whether the stream has undelivered records for a function.
    pub(super) async fn stream_is_pending(&self, function: &str, mapping: &StreamMapping) -> Result<bool, String> {
        let position = position_of(function);
        let reader =
            Reader { delivery: self.clone(), function: function.to_owned(), mapping: mapping.clone(), position };
        reader.read(1).await.map(|records| !records.is_empty())
    }
}

struct Reader {
    delivery: Delivery,
    function: String,
    mapping: StreamMapping,
    position: String,
}

impl Reader {
    async fn read(&self, most: usize) -> Result<Vec<Record>, String> {
        let backend = Arc::clone(&self.delivery.inner.backend);
        let position = backend.state.fact(&self.position).map_err(|error| error.to_string())?;
        let read = tokio::task::spawn_blocking(move || backend.table.changes(position.as_deref(), most)).await;
        read.unwrap_or_else(|error| Err(error.to_string()))
    }

    /// Delivers a batch until all of it has succeeded or was given up. Only then the position moves.
    async fn deliver(&self, batch: Vec<Record>) -> rusqlite::Result<()> {
        let Some(last) = batch.last().map(|record| record.sequence.clone()) else { return Ok(()) };
        let filters = &self.mapping.filters;
        let wants = |record: &Record| filters.is_empty() || filters.iter().any(|filter| filter.wants(&record.event));
        let mut wanted: Vec<Record> = batch.into_iter().filter(|record| wants(record)).collect();
        let disturbance = self.delivery.disturbance();
        if disturbance.reorder {
            wanted = shuffled(wanted);
        }
        let again = disturbance.comes_twice().then(|| wanted.clone());
        for records in [Some(wanted), again].into_iter().flatten().filter(|records| !records.is_empty()) {
            if !self.deliver_once(records, &disturbance).await {
                return Ok(());
            }
        }
        self.delivery.inner.backend.state.remember(&self.position, &last)?;
        self.delivery.inner.backend.wakeups.moved();
        Ok(())
    }

    /// Returns false if a reset dropped the batch.
    async fn deliver_once(&self, records: Vec<Record>, disturbance: &Disturbance) -> bool {
        let mut work = VecDeque::from([(records, 0_u32)]);
        while let Some((mut records, tries)) = work.pop_front() {
            disturbance.hold_back().await;
            let Some((first_failed, error)) = self.attempt(&records).await else { continue };
            if self.delivery.emptying() {
                return false;
            }
            let mut failed = records.split_off(first_failed.min(records.len()));
            if self.mapping.bisects && failed.len() > 1 {
                let second = failed.split_off(failed.len() / 2);
                work.push_front((second, tries));
                work.push_front((failed, tries));
            } else if self.mapping.max_retries.is_some_and(|most| tries >= most) {
                self.give_up(&failed, tries, &error);
            } else {
                work.push_front((failed, tries.saturating_add(1)));
                let back_off = Duration::from_millis(100).saturating_mul(tries.saturating_add(1));
                tokio::time::sleep(back_off.min(MAX_BACKOFF)).await;
                self.delivery.allowed_or_emptying(&Source::Stream).await;
            }
        }
        true
    }

    /// Returns the index of the first record that failed, and why; `None` if all succeeded.
    async fn attempt(&self, records: &[Record]) -> Option<(usize, String)> {
        match self.delivery.invoke(&self.function, events::records(records)).await {
            Err(error) => Some((0, error)),
            Ok(answer) if self.mapping.reports_failures => {
                let ids: Vec<&str> = records.iter().map(|record| record.sequence.as_str()).collect();
                let why = "the function reported it as failed".to_owned();
                match events::reported(&answer, &ids) {
                    None => Some((0, why)),
                    Some(failed) => {
                        let first = ids.iter().position(|id| failed.iter().any(|failed| failed == id));
                        first.map(|first| (first, why))
                    }
                }
            }
            Ok(_) => None,
        }
    }

    fn give_up(&self, records: &[Record], tries: u32, error: &str) {
        let backend = &self.delivery.inner.backend;
        tracing::error!(function = self.function, records = records.len(), error, "records were given up");
        let body = events::given_up(&self.function, records, tries + 1, &backend.clock.now().to_string(), error);
        self.delivery.send_dead_letter(self.mapping.on_failure.as_deref(), &body);
    }
}

/// Shuffles records. The changes of each item keep their order.
fn shuffled(records: Vec<Record>) -> Vec<Record> {
    let mut places: Vec<String> = records.iter().map(item_of).collect();
    let mut by_item: BTreeMap<String, VecDeque<Record>> = BTreeMap::new();
    for record in records {
        by_item.entry(item_of(&record)).or_default().push_back(record);
    }
    fastrand::shuffle(&mut places);
    places.iter().filter_map(|item| by_item.get_mut(item).and_then(VecDeque::pop_front)).collect()
}

fn item_of(record: &Record) -> String {
    record.event.pointer("/dynamodb/Keys").map(ToString::to_string).unwrap_or_default()
}

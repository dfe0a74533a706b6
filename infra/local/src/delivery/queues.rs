//! Delivers messages of queues: batches, groups in order, partial failures, retries, dead letters.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedRwLockReadGuard, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::control::{Delivery, Source, stumble};
use super::events;
use crate::clock::system_millis;
use crate::state::{BatchOutcome, Message};
use crate::template::{Queue, QueueMapping};

/// The longest wait for a message without a wakeup, such as one that a test wrote into the state.
const MAX_IDLE: Duration = Duration::from_secs(1);

/// The loop of one queue. It receives while a worker is free. When the queue is empty, it sleeps until a wakeup or a retry.
pub(super) async fn run(delivery: Delivery, function: String, mapping: QueueMapping) {
    let backend = Arc::clone(&delivery.inner.backend);
    let Some(queue) = backend.template.queue(&mapping.queue).cloned().map(Arc::new) else { return };
    let Some(wakeup) = backend.wakeups.queues.get(&queue.name) else { return };
    let source = Source::Queue(queue.name.clone());
    let free = Arc::new(Semaphore::new(mapping.concurrency.max(1) as usize));
    let mut workers = JoinSet::new();
    loop {
        while workers.try_join_next().is_some() {}
        delivery.allowed(&source).await;
        let Ok(permit) = Arc::clone(&free).acquire_owned().await else { return };
        let gate = Arc::clone(&backend.gate).read_owned().await;
        let shuffled = delivery.disturbance().reorder;
        match backend.state.receive(&queue, mapping.batch_size, shuffled, backend.clock.now_millis()) {
            Ok(messages) if messages.is_empty() => {
                drop((gate, permit));
                match backend.state.next_visible(&queue.name) {
                    Ok(next) => wait(wakeup, next).await,
                    Err(error) => stumble("a queue could not be read", error).await,
                }
            }
            Ok(messages) => {
                let worker = Worker {
                    delivery: delivery.clone(),
                    function: function.clone(),
                    queue: Arc::clone(&queue),
                    reports_failures: mapping.reports_failures,
                    _held: (gate, permit),
                };
                workers.spawn(worker.work(messages));
            }
            Err(error) => {
                drop((gate, permit));
                stumble("a queue could not be read", error).await;
            }
        }
    }
}

async fn wait(wakeup: &tokio::sync::Notify, next_visible: Option<i64>) {
    let left =
        next_visible.map_or(MAX_IDLE, |at| Duration::from_millis(u64::try_from(at - system_millis()).unwrap_or(0)));
    let _ = tokio::time::timeout(left + Duration::from_millis(1), wakeup.notified()).await;
}

struct Worker {
    delivery: Delivery,
    function: String,
    queue: Arc<Queue>,
    reports_failures: bool,
    _held: (OwnedRwLockReadGuard<()>, OwnedSemaphorePermit),
}

impl Worker {
    async fn work(self, messages: Vec<Message>) {
        let disturbance = self.delivery.disturbance();
        disturbance.hold_back().await;
        let answer = self.delivery.invoke(&self.function, events::messages(&self.queue, &messages)).await;
        let ids: Vec<&str> = messages.iter().map(|message| message.message_id.as_str()).collect();
        let (failed, error) = match &answer {
            Err(error) => (None, error.as_str()),
            Ok(answer) if self.reports_failures => {
                (events::reported(answer, &ids), "the function reported it as failed")
            }
            Ok(_) => (Some(Vec::new()), ""),
        };
        let mut outcome = BatchOutcome::default();
        for message in &messages {
            if failed.as_ref().is_none_or(|failed| failed.contains(&message.message_id)) {
                outcome.failed.push((message.sequence, message.receives, error.to_owned()));
            } else if !message.repeated && disturbance.comes_twice() {
                outcome.again.push((message.sequence, fastrand::i64(0..50)));
            } else {
                outcome.done.push(message.sequence);
            }
        }
        let backend = &self.delivery.inner.backend;
        match backend.state.finish(&self.queue, &outcome) {
            Ok(0) => {}
            Ok(dead) => tracing::error!(queue = self.queue.name, dead, "messages became dead letters"),
            Err(error) => tracing::error!(%error, "a batch could not be finished: it comes again after a restart"),
        }
        backend.wakeups.moved();
        backend.wakeups.queue(&self.queue.name);
    }
}

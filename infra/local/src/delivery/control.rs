//! Shared by the loops: pauses, disturbances, and the one way to invoke a function.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::backend::Backend;
use crate::invoke::Functions;
use crate::state::Outgoing;

/// A source of invocations.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The table's stream.
    Stream,
    /// The queue of this name.
    Queue(String),
    /// The schedules in real time. Moving the clock fires even paused schedules.
    Schedules,
}

/// Disturbs deliveries as AWS may: nothing is lost, and the order within a FIFO group and among the changes of one item stays.
/// The default disturbs nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Disturbance {
    /// The probability, 0.0 to 1.0, that a batch of records, a message or a scheduled run comes twice.
    pub duplicates: f64,
    /// Each batch or message waits for a random part of this time before it is delivered.
    pub longest_delay: Duration,
    /// Whether messages of standard queues, and records of different items, are shuffled.
    pub reorder: bool,
}

/// The running delivery. Clones share it.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) backend: Arc<Backend>,
    functions: Arc<Functions>,
    paused: watch::Sender<Paused>,
    disturbance: Mutex<Disturbance>,
    /// Lets one move of the clock or one check of the schedules run at a time.
    pub(super) firing: tokio::sync::Mutex<()>,
    /// The number of scheduled runs that have not ended.
    pub(super) runs: AtomicUsize,
    /// Set during a reset, which drops the batches and runs that are being retried.
    emptying: AtomicBool,
    loops: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Paused {
    everything: bool,
    sources: BTreeSet<Source>,
}

impl Paused {
    fn holds(&self, source: &Source) -> bool {
        self.everything || self.sources.contains(source)
    }
}

impl Delivery {
    pub(super) fn new(backend: Arc<Backend>, functions: Arc<Functions>) -> Self {
        Self {
            inner: Arc::new(Inner {
                backend,
                functions,
                paused: watch::Sender::new(Paused::default()),
                disturbance: Mutex::new(Disturbance::default()),
                firing: tokio::sync::Mutex::new(()),
                runs: AtomicUsize::new(0),
                emptying: AtomicBool::new(false),
                loops: Mutex::new(Vec::new()),
            }),
        }
    }

    /// Keeps the loops, so that [`Self::stop`] can end them.
    pub(super) fn keep(&self, loops: Vec<JoinHandle<()>>) {
        *lock(&self.inner.loops) = loops;
    }

    /// Pauses the stream, every queue and the schedules. Work in progress is finished; new work waits.
    pub fn pause(&self) {
        self.change(|paused| paused.everything = true);
    }

    /// Ends [`Self::pause`]. A source that [`Self::pause_source`] paused stays paused.
    pub fn resume(&self) {
        self.change(|paused| paused.everything = false);
    }

    /// Pauses one source.
    pub fn pause_source(&self, source: Source) {
        self.change(|paused| {
            paused.sources.insert(source);
        });
    }

    /// Ends [`Self::pause_source`].
    pub fn resume_source(&self, source: &Source) {
        self.change(|paused| {
            paused.sources.remove(source);
        });
    }

    /// Disturbs deliveries from now on. `Disturbance::default()` ends it.
    pub fn disturb(&self, disturbance: Disturbance) {
        *lock(&self.inner.disturbance) = disturbance;
    }

    /// Empties the table and the state, and sets the clock back. It waits for work in progress.
    pub(crate) async fn empty(&self) -> Result<(), String> {
        self.inner.emptying.store(true, Ordering::SeqCst);
        self.change(|_| {}); // wakes the loops that hold a batch and wait for the end of a pause
        let _alone = self.inner.firing.lock().await;
        let backend = Arc::clone(&self.inner.backend);
        let closed = Arc::clone(&backend.gate).write_owned().await;
        let emptied = tokio::task::spawn_blocking(move || {
            backend.table.clear()?;
            backend.state.clear().map_err(|error| error.to_string())?;
            backend.clock.reset();
            drop(closed);
            Ok(())
        });
        let emptied = emptied.await.unwrap_or_else(|error| Err(error.to_string()));
        self.inner.emptying.store(false, Ordering::SeqCst);
        self.inner.backend.wakeups.schedules.notify_one();
        emptied
    }

    /// Stops the loops. Their work in progress is delivered again after the next start.
    pub(crate) fn stop(&self) {
        for task in lock(&self.inner.loops).drain(..) {
            task.abort();
        }
    }

    fn change(&self, change: impl FnOnce(&mut Paused)) {
        self.inner.paused.send_modify(change);
        self.inner.backend.wakeups.progress.notify_waiters();
    }

    pub(super) async fn allowed(&self, source: &Source) {
        let mut paused = self.inner.paused.subscribe();
        let _ = paused.wait_for(|paused| !paused.holds(source)).await;
    }

    /// For a loop that holds a batch: waits until `source` is not paused or a reset begins.
    pub(super) async fn allowed_or_emptying(&self, source: &Source) {
        let mut paused = self.inner.paused.subscribe();
        let _ = paused.wait_for(|paused| self.emptying() || !paused.holds(source)).await;
    }

    pub(super) fn anything_paused(&self) -> bool {
        let paused = self.inner.paused.borrow();
        paused.everything || !paused.sources.is_empty()
    }

    pub(super) fn emptying(&self) -> bool {
        self.inner.emptying.load(Ordering::SeqCst)
    }

    pub(super) fn disturbance(&self) -> Disturbance {
        lock(&self.inner.disturbance).clone()
    }

    pub(super) async fn invoke(&self, function: &str, event: Value) -> Result<Value, String> {
        self.inner.backend.wakeups.moved();
        let answer = self.inner.functions.invoke(function, event).await;
        self.inner.backend.wakeups.moved();
        if let Err(error) = &answer {
            tracing::warn!(function, error, "an invocation failed");
        }
        answer
    }

    pub(super) fn send_dead_letter(&self, queue: Option<&str>, body: &Value) {
        let backend = &self.inner.backend;
        let Some(queue) = queue.and_then(|name| backend.template.queue(name)) else { return };
        let message = Outgoing { body: body.to_string(), ..Outgoing::default() };
        if let Err(error) = backend.state.send(queue, &[message], backend.clock.now_millis()) {
            tracing::error!(%error, "a dead letter could not be kept");
        }
    }
}

impl Disturbance {
    pub(super) fn comes_twice(&self) -> bool {
        self.duplicates > 0.0 && fastrand::f64() < self.duplicates
    }

    pub(super) async fn hold_back(&self) {
        if !self.longest_delay.is_zero() {
            tokio::time::sleep(self.longest_delay.mul_f64(fastrand::f64())).await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Logs an error of the stack itself, and waits for a moment before the loop tries again.
pub(super) async fn stumble(what: &str, error: impl std::fmt::Display) {
    tracing::error!(%error, "{what}");
    tokio::time::sleep(Duration::from_millis(100)).await;
}

//! What the loops share: what is paused, how deliveries are disturbed, and one way to invoke a function.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::backend::Backend;
use crate::invoke::Functions;

/// What feeds functions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The table's stream.
    Stream,
    /// The queue with this name.
    Queue(String),
    /// The schedules, as far as they fire by themselves.
    Schedules,
}

/// How deliveries are disturbed, within what AWS allows itself: nothing is lost, nothing passes within a FIFO group
/// or among the changes of one item. By default, not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Disturbance {
    /// How likely a batch of records, a message or a scheduled run comes a second time: 0.0 never, 1.0 always.
    pub duplicates: f64,
    /// The longest time for which a batch or a message is held back before it is delivered; each waits for a random
    /// part of it.
    pub longest_delay: Duration,
    /// Whether messages of standard queues, and records of different items, come in any order.
    pub reorder: bool,
}

/// The running delivery. Clones are the same one.
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
    /// One move of the clock, or one turn of the schedules, at a time.
    pub(super) firing: tokio::sync::Mutex<()>,
    /// Scheduled runs that have not ended.
    pub(super) runs: AtomicUsize,
    /// Set while everything is being emptied: what is being retried is dropped.
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

    /// Takes the loops in charge: [`Self::stop`] ends them.
    pub(super) fn keep(&self, loops: Vec<JoinHandle<()>>) {
        *lock(&self.inner.loops) = loops;
    }

    /// Pauses the stream, every queue and the schedules. What is being worked on is finished; what comes waits.
    pub fn pause(&self) {
        self.change(|paused| paused.everything = true);
    }

    /// Ends [`Self::pause`]; a source paused by itself stays so.
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

    /// Disturbs deliveries from now on; `Disturbance::default()` ends it.
    pub fn disturb(&self, disturbance: Disturbance) {
        *lock(&self.inner.disturbance) = disturbance;
    }

    /// Empties the table and the state, and sets the clock back; waits for what is being worked on.
    pub(crate) async fn empty(&self) -> Result<(), String> {
        self.inner.emptying.store(true, Ordering::SeqCst);
        self.change(|_| {}); // wakes what waits for the end of a pause with a batch in its hands
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

    /// Stops the loops. What they were working on is delivered again by the next start.
    pub(crate) fn stop(&self) {
        for task in lock(&self.inner.loops).drain(..) {
            task.abort();
        }
    }

    fn change(&self, change: impl FnOnce(&mut Paused)) {
        self.inner.paused.send_modify(change);
        self.inner.backend.wakeups.progress.notify_waiters();
    }

    /// Waits until `source` is not paused.
    pub(super) async fn allowed(&self, source: &Source) {
        let mut paused = self.inner.paused.subscribe();
        let _ = paused.wait_for(|paused| !paused.holds(source)).await;
    }

    /// Waits with a batch in hand until `source` is not paused, or everything is being emptied.
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

/// What went wrong in the machinery itself: logged, and tried again after a moment.
pub(super) async fn stumble(what: &str, error: impl std::fmt::Display) {
    tracing::error!(%error, "{what}");
    tokio::time::sleep(Duration::from_millis(100)).await;
}

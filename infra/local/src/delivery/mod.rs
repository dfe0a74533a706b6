//! What feeds the functions by itself: the table's stream, the queues and the schedules, each in loops of their own,
//! woken by bells. The HTTP front is elsewhere; so is everything that the functions do.
//!
//! A loop never holds a message or a record only in memory: a message stays in its queue until it is done, the
//! stream's position moves after a batch has succeeded. So the process may end at any instant.

mod events;
mod queues;
mod schedules;
mod settle;
mod stream;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::ground::Ground;
use crate::invoke::Functions;
pub(crate) use schedules::CLOCK_OFFSET;
pub(crate) use stream::position_of;

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
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    ground: Arc<Ground>,
    functions: Arc<Functions>,
    paused: watch::Sender<Paused>,
    disturbance: Mutex<Disturbance>,
    /// One move of the clock, or one turn of the schedules, at a time.
    firing: tokio::sync::Mutex<()>,
    /// Scheduled runs that have not ended.
    runs: AtomicUsize,
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
    /// Starts the loops. `schedules`: whether schedules fire by themselves; they always fire when the clock is moved.
    pub(crate) fn start(ground: Arc<Ground>, functions: Arc<Functions>, schedules: bool) -> Self {
        let delivery = Self {
            inner: Arc::new(Inner {
                ground,
                functions,
                paused: watch::Sender::new(Paused::default()),
                disturbance: Mutex::new(Disturbance::default()),
                firing: tokio::sync::Mutex::new(()),
                runs: AtomicUsize::new(0),
                emptying: AtomicBool::new(false),
                loops: Mutex::new(Vec::new()),
            }),
        };
        let mut loops = Vec::new();
        for function in &delivery.inner.ground.template.functions {
            for mapping in &function.streams {
                loops.push(tokio::spawn(stream::run(delivery.clone(), function.name.clone(), mapping.clone())));
            }
            for mapping in &function.queues {
                loops.push(tokio::spawn(queues::run(delivery.clone(), function.name.clone(), mapping.clone())));
            }
        }
        if schedules {
            loops.push(tokio::spawn(schedules::run(delivery.clone())));
        }
        *lock(&delivery.inner.loops) = loops;
        delivery
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
    ///
    /// # Errors
    /// What could not be emptied, as text.
    pub(crate) async fn empty(&self) -> Result<(), String> {
        self.inner.emptying.store(true, Ordering::SeqCst);
        self.change(|_| {}); // wakes what waits for the end of a pause with a batch in its hands
        let _alone = self.inner.firing.lock().await;
        let ground = Arc::clone(&self.inner.ground);
        let closed = Arc::clone(&ground.gate).write_owned().await;
        let emptied = tokio::task::spawn_blocking(move || {
            ground.table.clear()?;
            ground.state.clear().map_err(|error| error.to_string())?;
            ground.clock.reset();
            drop(closed);
            Ok(())
        });
        let emptied = emptied.await.unwrap_or_else(|error| Err(error.to_string()));
        self.inner.emptying.store(false, Ordering::SeqCst);
        self.inner.ground.bells.schedules.notify_one();
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
        self.inner.ground.bells.progress.notify_waiters();
    }

    /// Waits until `source` is not paused.
    async fn allowed(&self, source: &Source) {
        let mut paused = self.inner.paused.subscribe();
        let _ = paused.wait_for(|paused| !paused.holds(source)).await;
    }

    /// Waits with a batch in hand until `source` is not paused, or everything is being emptied.
    async fn allowed_or_emptying(&self, source: &Source) {
        let mut paused = self.inner.paused.subscribe();
        let _ = paused.wait_for(|paused| self.emptying() || !paused.holds(source)).await;
    }

    fn anything_paused(&self) -> bool {
        let paused = self.inner.paused.borrow();
        paused.everything || !paused.sources.is_empty()
    }

    fn emptying(&self) -> bool {
        self.inner.emptying.load(Ordering::SeqCst)
    }

    fn disturbance(&self) -> Disturbance {
        lock(&self.inner.disturbance).clone()
    }

    async fn invoke(&self, function: &str, event: Value) -> Result<Value, String> {
        self.inner.ground.bells.moved();
        let answer = self.inner.functions.invoke(function, event).await;
        self.inner.ground.bells.moved();
        if let Err(error) = &answer {
            tracing::warn!(function, error, "an invocation failed");
        }
        answer
    }
}

impl Disturbance {
    fn comes_twice(&self) -> bool {
        self.duplicates > 0.0 && fastrand::f64() < self.duplicates
    }

    async fn hold_back(&self) {
        if !self.longest_delay.is_zero() {
            tokio::time::sleep(self.longest_delay.mul_f64(fastrand::f64())).await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What went wrong in the machinery itself: logged, and tried again after a moment.
async fn stumble(what: &str, error: impl std::fmt::Display) {
    tracing::error!(%error, "{what}");
    tokio::time::sleep(Duration::from_millis(100)).await;
}

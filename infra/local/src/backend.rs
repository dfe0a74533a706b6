//! Shared by every part of the stack: the template, the table, the state, the clock, and the wakeups of the delivery.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Notify, RwLock};

use crate::clock::Clock;
use crate::dynamodb::Table;
use crate::secrets::Secrets;
use crate::state::{Handover, State};
use crate::stripe::Provider;
use crate::template::Template;

#[derive(Debug)]
pub(crate) struct Backend {
    pub template: Template,
    pub secrets: Secrets,
    pub table: Table,
    pub state: Arc<State>,
    pub clock: Clock,
    pub wakeups: Wakeups,
    /// Work that may change stored data holds the read lock. A reset takes the write lock.
    pub gate: Arc<RwLock<()>>,
    /// The sending rate in mails a second, as the bits of an `f64`.
    pub mail_rate: AtomicU64,
}

impl Backend {
    pub(crate) fn provider(&self) -> Provider {
        Provider { state: Arc::clone(&self.state), clock: self.clock.clone() }
    }

    pub(crate) fn mails_a_second(&self) -> f64 {
        f64::from_bits(self.mail_rate.load(Ordering::SeqCst))
    }

    /// Stores all of the handover or nothing, and wakes the readers of its queues; `now` in milliseconds since 1970.
    pub(crate) fn hand_over(&self, handover: &Handover<'_>, now: i64) -> rusqlite::Result<()> {
        self.state.hand_over(handover, now)?;
        handover.messages.iter().for_each(|(queue, _)| self.wakeups.queue(&queue.name));
        Ok(())
    }
}

/// Wakes the loops of the delivery. If no loop waits, a wakeup is kept for the next waiting loop, except `progress`.
#[derive(Debug)]
pub(crate) struct Wakeups {
    /// The table may have changed.
    pub stream: Notify,
    /// A queue may have something to deliver.
    pub queues: BTreeMap<String, Notify>,
    /// The clock was moved.
    pub schedules: Notify,
    /// Something was delivered, or paused, or resumed.
    pub progress: Notify,
    /// Counts starts and ends of invocations, to distinguish "nothing pending" from "between two steps".
    activity: AtomicU64,
}

impl Wakeups {
    pub(crate) fn new(template: &Template) -> Self {
        Self {
            stream: Notify::new(),
            queues: template.queues.iter().map(|queue| (queue.name.clone(), Notify::new())).collect(),
            schedules: Notify::new(),
            progress: Notify::new(),
            activity: AtomicU64::new(0),
        }
    }

    pub(crate) fn queue(&self, name: &str) {
        if let Some(wakeup) = self.queues.get(name) {
            wakeup.notify_one();
        }
    }

    /// Must be called when an invocation begins or ends, or a batch is finished: the table may have changed.
    pub(crate) fn moved(&self) {
        self.activity.fetch_add(1, Ordering::SeqCst);
        self.stream.notify_one();
        self.progress.notify_waiters();
    }

    pub(crate) fn activity(&self) -> u64 {
        self.activity.load(Ordering::SeqCst)
    }
}

//! What every part of the stack shares: the template, the table, the state, the clock, and the bells that wake the delivery.

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

/// Shared by the front, the services and the delivery.
#[derive(Debug)]
pub(crate) struct Backend {
    pub template: Template,
    pub secrets: Secrets,
    pub table: Table,
    pub state: Arc<State>,
    pub clock: Clock,
    pub wakeups: Wakeups,
    /// Held for reading by everything that may change what is stored; taken for writing by a reset.
    pub gate: Arc<RwLock<()>>,
    /// How many mails a second the account may send, as the bits of a number.
    pub mail_rate: AtomicU64,
}

impl Backend {
    /// The payment provider's stand-in.
    pub(crate) fn provider(&self) -> Provider {
        Provider { state: Arc::clone(&self.state), clock: self.clock.clone() }
    }

    /// How many mails a second the account may send.
    pub(crate) fn mails_a_second(&self) -> f64 {
        f64::from_bits(self.mail_rate.load(Ordering::SeqCst))
    }

    /// Remembers all of it or nothing, at `now` in milliseconds since 1970, and wakes who reads the queues.
    pub(crate) fn hand_over(&self, handover: &Handover<'_>, now: i64) -> rusqlite::Result<()> {
        self.state.hand_over(handover, now)?;
        handover.messages.iter().for_each(|(queue, _)| self.wakeups.queue(&queue.name));
        Ok(())
    }
}

/// Wakes the loops of the delivery. A bell that rings while no loop listens wakes the next listener.
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
    /// Counts invocations begun and ended, so that "nothing pending" can be told from "between two steps".
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

    /// Tells a queue's reader that there may be something for it.
    pub(crate) fn queue(&self, name: &str) {
        if let Some(wakeup) = self.queues.get(name) {
            wakeup.notify_one();
        }
    }

    /// An invocation began or ended: the table may have changed.
    pub(crate) fn moved(&self) {
        self.activity.fetch_add(1, Ordering::SeqCst);
        self.stream.notify_one();
        self.progress.notify_waiters();
    }

    pub(crate) fn activity(&self) -> u64 {
        self.activity.load(Ordering::SeqCst)
    }
}

//! The pace of mails. All senders share the account's rate, and the number of simultaneous senders has a known limit.
//! Each sender keeps to an equal share until its last turn ends. So all keep to the rate without coordination.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How long a rate is used after it was read.
const KEPT: Duration = Duration::from_secs(15 * 60);
/// The wait after a failed read of the rate.
const PAUSE: Duration = Duration::from_secs(5);
/// Mails a second while the rate is unknown: the rate of a new account.
const CAREFUL: f64 = 1.0;
/// The resolution of a timer.
const INSTANT: Duration = Duration::from_millis(1);

/// The known rate of the account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    /// Mails a second, above 0.
    pub(super) a_second: f64,
    until: Instant,
}

impl Rate {
    /// A rate that was read at `now`.
    pub(super) fn from_quota(a_second: f64, now: Instant) -> Self {
        let sound = a_second.is_finite() && a_second > 0.0;
        Self { a_second: if sound { a_second } else { CAREFUL }, until: now + KEPT }
    }

    /// The rate after a failed read at `now`: the last known rate, else `CAREFUL`.
    pub(super) fn assumed(before: Option<Self>, now: Instant) -> Self {
        Self { a_second: before.map_or(CAREFUL, |before| before.a_second), until: now + PAUSE }
    }

    pub(super) fn holds(&self, now: Instant) -> bool {
        now < self.until
    }
}

/// The turns of one sender.
#[derive(Debug)]
pub struct Pace {
    every: Duration,
    next: Instant,
}

impl Pace {
    /// The pace of one of `senders`, which together send `a_second` mails a second, above 0.
    pub fn new(a_second: f64, senders: u32) -> Self {
        Self::beginning(a_second, senders, Instant::now())
    }

    fn beginning(a_second: f64, senders: u32, now: Instant) -> Self {
        let every = f64::from(senders.max(1)) / a_second;
        Self { every: Duration::try_from_secs_f64(every).unwrap_or(Duration::MAX), next: now }
    }

    /// Waits for the next turn. Returns false at once if that turn begins after `end`.
    pub async fn turn(&mut self, end: Instant) -> bool {
        let Some(turn) = self.take(Instant::now(), end) else { return false };
        wait_until(turn).await;
        true
    }

    /// Takes the next turn and returns its time; `None` if the turn begins after `end`.
    fn take(&mut self, now: Instant, end: Instant) -> Option<Instant> {
        let turn = self.next.max(now);
        if turn > end {
            return None;
        }
        self.next = turn.checked_add(self.every).unwrap_or(end);
        Some(turn)
    }

    fn over(&self, end: Instant) -> Instant {
        self.next.min(end)
    }

    /// Waits until the last turn is over, at most until `end`. Then another sender may replace this one at once.
    pub async fn rest(self, end: Instant) {
        wait_until(self.over(end)).await;
    }
}

async fn wait_until(instant: Instant) {
    if is_worth_waiting(Instant::now(), instant) {
        sleep_until(instant).await;
    }
}

/// Whether a wait reaches the timer's resolution. Shorter waits are skipped, which does not move later turns.
fn is_worth_waiting(now: Instant, until: Instant) -> bool {
    until.saturating_duration_since(now) >= INSTANT
}

#[cfg(test)]
mod tests;

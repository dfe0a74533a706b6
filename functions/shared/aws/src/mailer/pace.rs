//! The pace of mails. The account has one rate for all senders. A known number of functions at most sends at once, and
//! each keeps to its share from its first mail to the end of its last turn, so that all keep to the rate without
//! coordination.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How long a rate serves after it was read.
const KEPT: Duration = Duration::from_secs(15 * 60);
/// The wait after a failed read of the rate.
const PAUSE: Duration = Duration::from_secs(5);
/// Mails a second if the rate is unknown: that of a new account.
const CAREFUL: f64 = 1.0;
/// The resolution of a timer.
const INSTANT: Duration = Duration::from_millis(1);

/// The account's rate, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    /// Mails a second, above 0.
    pub(super) a_second: f64,
    until: Instant,
}

impl Rate {
    /// A rate that was read.
    pub(super) fn told(a_second: f64) -> Self {
        let sound = a_second.is_finite() && a_second > 0.0;
        Self { a_second: if sound { a_second } else { CAREFUL }, until: Instant::now() + KEPT }
    }

    /// The rate after a failed read: the one before, or a careful one.
    pub(super) fn untold(before: Option<Self>) -> Self {
        Self { a_second: before.map_or(CAREFUL, |before| before.a_second), until: Instant::now() + PAUSE }
    }

    /// Whether it need not be read again.
    pub(super) fn holds(&self) -> bool {
        Instant::now() < self.until
    }
}

/// The turns of one sender.
#[derive(Debug)]
pub struct Pace {
    every: Duration,
    next: Instant,
}

impl Pace {
    /// The pace of one of `senders`, who together send `a_second` mails a second, above 0.
    #[must_use]
    pub fn new(a_second: f64, senders: u32) -> Self {
        let every = f64::from(senders.max(1)) / a_second;
        Self { every: Duration::try_from_secs_f64(every).unwrap_or(Duration::MAX), next: Instant::now() }
    }

    /// Waits for the next turn. False, at once, if that is after `end`.
    pub async fn turn(&mut self, end: Instant) -> bool {
        let turn = self.next.max(Instant::now());
        if turn > end {
            return false;
        }
        wait_until(turn).await;
        self.next = turn.checked_add(self.every).unwrap_or(end);
        true
    }

    /// Waits until the last turn is over, but not beyond `end`: the next sender in this one's place, in any process,
    /// may then begin at once.
    pub async fn rest(self, end: Instant) {
        wait_until(self.next.min(end)).await;
    }
}

/// Waits below the timer's resolution are skipped; later turns do not move.
async fn wait_until(instant: Instant) {
    if instant.saturating_duration_since(Instant::now()) >= INSTANT {
        sleep_until(instant).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One place for a sender: invocation after invocation, each with a pace of its own, as if in a new process each time.
    async fn place(rate: f64, senders: u32, seed: u64, ends: Instant) -> Vec<Instant> {
        let mut chance = fastrand::Rng::with_seed(seed);
        let mut sent = Vec::new();
        while Instant::now() < ends {
            let mut pace = Pace::new(rate, senders);
            for _ in 0..chance.u32(1..=10) {
                assert!(pace.turn(ends + KEPT).await);
                sent.push(Instant::now());
                // A quick answer, or one that takes longer than a turn.
                let answer = if chance.u8(0..20) > 0 { chance.u64(1..20) } else { chance.u64(0..500) };
                tokio::time::sleep(Duration::from_millis(answer)).await;
            }
            pace.rest(ends + KEPT).await;
            if chance.u8(0..100) == 0 {
                tokio::time::sleep(Duration::from_millis(chance.u64(0..3_000))).await;
            }
        }
        sent
    }

    /// The most that were sent in any stretch of so many seconds.
    fn most_within(sent: &[Instant], stretch: Duration) -> u32 {
        let within = |(at, from): (usize, &Instant)| sent.partition_point(|it| *it < *from + stretch) - at;
        u32::try_from(sent.iter().enumerate().map(within).max().unwrap_or_default()).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn all_senders_together_keep_to_the_rate_of_the_account() {
        for (rate, senders) in [(14, 2), (1, 2), (50, 3), (7, 10), (200, 40)] {
            let ends = Instant::now() + Duration::from_secs(120);
            let places = (0..senders).map(|seed| place(f64::from(rate), senders, u64::from(seed), ends));
            let mut sent: Vec<Instant> = futures::future::join_all(places).await.into_iter().flatten().collect();
            sent.sort();
            // Turns of several places may fall together, so that a second can have one mail more for each of them; a minute
            // has no more than the rate and these.
            let second = most_within(&sent, Duration::from_secs(1));
            assert!(second <= senders * u32::div_ceil(rate, senders), "{second} in a second, of {rate}, by {senders}");
            let minute = most_within(&sent, Duration::from_secs(60));
            assert!(minute <= rate * 60 + senders, "{minute} in a minute, of {rate} a second, by {senders}");
            assert!(minute > rate * 60 * 8 / 10, "{minute} in a minute: the rate is not used");
            println!("{rate} a second, {senders} senders: {second} in a second, {minute} in a minute at most");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_uses_all_of_the_rate() {
        let began = Instant::now();
        let mut pace = Pace::new(14.0, 2);
        for _ in 0..70 {
            assert!(pace.turn(began + KEPT).await);
        }
        pace.rest(began + KEPT).await;
        assert!((10_000..10_005).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_comes_too_late_is_not_waited_for() {
        let began = Instant::now();
        let end = began + Duration::from_secs(3);
        let mut pace = Pace::new(1.0, 2);
        assert!(pace.turn(end).await && pace.turn(end).await);
        assert!(!pace.turn(end).await);
        assert_eq!(began.elapsed().as_secs(), 2);
        pace.rest(end).await;
        assert_eq!(began.elapsed().as_secs(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_is_kept_and_one_that_is_not_told_is_careful() {
        for odd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Rate::told(odd).a_second.to_bits(), CAREFUL.to_bits());
        }
        let told = Rate::told(14.0);
        tokio::time::advance(KEPT).await;
        assert!(!told.holds());
        let untold = Rate::untold(Some(told));
        assert_eq!(untold.a_second.to_bits(), 14.0_f64.to_bits());
        assert!(untold.holds());
        assert_eq!(Rate::untold(None).a_second.to_bits(), CAREFUL.to_bits());
        tokio::time::advance(PAUSE).await;
        assert!(!untold.holds());
    }
}

//! The pace of mails. The account has one rate for all senders; a known number of functions at most send at once. Each
//! keeps to an equal share until its last turn ends, so together they keep to the rate without coordination.

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

/// What is known of the account's rate.
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

    /// The rate after a failed read at `now`: the last known one, or a careful one.
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

    /// Waits for the next turn. It returns false at once if that is after `end`.
    pub async fn turn(&mut self, end: Instant) -> bool {
        let Some(turn) = self.take(Instant::now(), end) else { return false };
        wait_until(turn).await;
        true
    }

    /// Takes the next turn and returns its time; none if that would be after `end`.
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

    /// Waits until the last turn is over, at most until `end`. Then another process may take this place at once.
    pub async fn rest(self, end: Instant) {
        wait_until(self.over(end)).await;
    }
}

async fn wait_until(instant: Instant) {
    if is_worth_waiting(Instant::now(), instant) {
        sleep_until(instant).await;
    }
}

/// Waits below the timer's resolution are skipped. This does not move later turns.
fn is_worth_waiting(now: Instant, until: Instant) -> bool {
    until.saturating_duration_since(now) >= INSTANT
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sender with a simulated time.
    struct Sender {
        pace: Pace,
        began: Instant,
        now: Instant,
    }

    impl Sender {
        fn new(rate: f64, senders: u32, began: Instant) -> Self {
            Self { pace: Pace::beginning(rate, senders, began), began, now: began }
        }

        /// A new process takes the sender's place.
        fn begin_anew(&mut self, rate: f64, senders: u32) {
            self.pace = Pace::beginning(rate, senders, self.now);
        }

        fn turn(&mut self, end: Instant) -> bool {
            let turn = self.pace.take(self.now, end);
            turn.into_iter().for_each(|turn| self.wait_until(turn));
            turn.is_some()
        }

        fn rest(&mut self, end: Instant) {
            self.wait_until(self.pace.over(end));
        }

        /// Wakes at the next whole millisecond, as tokio's timer does.
        fn wait_until(&mut self, until: Instant) {
            if is_worth_waiting(self.now, until) {
                let nanos = (until - self.began).as_nanos().next_multiple_of(INSTANT.as_nanos());
                self.now = self.began + Duration::from_nanos(u64::try_from(nanos).unwrap());
            }
        }
    }

    /// One sender's place: invocation after invocation, each with a new pace, as if in a new process.
    fn place(rate: f64, senders: u32, seed: u64, begins: Instant) -> Vec<Instant> {
        let ends = begins + Duration::from_secs(120);
        let mut chance = fastrand::Rng::with_seed(seed);
        let (mut sent, mut sender) = (Vec::new(), Sender::new(rate, senders, begins));
        while sender.now < ends {
            sender.begin_anew(rate, senders);
            for _ in 0..chance.u32(1..=10) {
                assert!(sender.turn(ends + KEPT));
                sent.push(sender.now);
                // Most answers are quick; some take longer than a turn.
                let answer = if chance.u8(0..20) > 0 { chance.u64(1..20) } else { chance.u64(0..500) };
                sender.now += Duration::from_millis(answer);
            }
            sender.rest(ends + KEPT);
            if chance.u8(0..100) == 0 {
                sender.now += Duration::from_millis(chance.u64(0..3_000));
            }
        }
        sent
    }

    /// The most mails sent in any period of this length.
    fn most_within(sent: &[Instant], stretch: Duration) -> u32 {
        let within = |(at, from): (usize, &Instant)| sent.partition_point(|it| *it < *from + stretch) - at;
        u32::try_from(sent.iter().enumerate().map(within).max().unwrap_or_default()).unwrap()
    }

    #[test]
    fn all_senders_together_keep_to_the_rate_of_the_account() {
        for (rate, senders) in [(14, 2), (1, 2), (50, 3), (7, 10), (200, 40)] {
            let begins = Instant::now();
            let places = (0..senders).flat_map(|seed| place(f64::from(rate), senders, u64::from(seed), begins));
            let mut sent: Vec<Instant> = places.collect();
            sent.sort();
            // The senders' turns may coincide: a period can have one mail more for each sender.
            let second = most_within(&sent, Duration::from_secs(1));
            assert!(second <= senders * u32::div_ceil(rate, senders), "{second} in a second, of {rate}, by {senders}");
            let minute = most_within(&sent, Duration::from_secs(60));
            assert!(minute <= rate * 60 + senders, "{minute} in a minute, of {rate} a second, by {senders}");
            assert!(minute > rate * 60 * 8 / 10, "{minute} in a minute: the rate is not used");
            println!("{rate} a second, {senders} senders: {second} in a second, {minute} in a minute at most");
        }
    }

    #[test]
    fn a_burst_uses_all_of_the_rate() {
        let began = Instant::now();
        let mut sender = Sender::new(14.0, 2, began);
        for _ in 0..70 {
            assert!(sender.turn(began + KEPT));
        }
        sender.rest(began + KEPT);
        let took = (sender.now - began).as_millis();
        assert!((10_000..10_005).contains(&took), "{took} ms");
    }

    #[tokio::test]
    async fn a_turn_waits_by_the_clock() {
        let began = Instant::now();
        let mut pace = Pace::new(100.0, 2);
        assert!(pace.turn(began + KEPT).await && pace.turn(began + KEPT).await);
        pace.rest(began + KEPT).await;
        assert!(began.elapsed().as_millis() >= 40, "{:?}", began.elapsed());
    }

    #[test]
    fn a_turn_that_comes_too_late_is_not_waited_for() {
        let began = Instant::now();
        let end = began + Duration::from_secs(3);
        let mut sender = Sender::new(1.0, 2, began);
        assert!(sender.turn(end) && sender.turn(end));
        assert!(!sender.turn(end));
        assert_eq!(sender.now, began + Duration::from_secs(2));
        sender.rest(end);
        assert_eq!(sender.now, end);
    }

    #[test]
    fn a_rate_is_kept_and_one_that_is_not_told_is_careful() {
        let mut now = Instant::now();
        for odd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Rate::from_quota(odd, now).a_second.to_bits(), CAREFUL.to_bits());
        }
        let known = Rate::from_quota(14.0, now);
        now += KEPT;
        assert!(!known.holds(now));
        let assumed = Rate::assumed(Some(known), now);
        assert_eq!(assumed.a_second.to_bits(), 14.0_f64.to_bits());
        assert!(assumed.holds(now));
        assert_eq!(Rate::assumed(None, now).a_second.to_bits(), CAREFUL.to_bits());
        now += PAUSE;
        assert!(!assumed.holds(now));
    }
}

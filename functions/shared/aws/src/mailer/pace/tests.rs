//! The pace on simulated time.

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

/// Simulates one sender: consecutive invocations, each with a new pace, as if in a new process.
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

//! The due times of schedules.

use jiff::Timestamp;

use super::{Expression, Schedule, due};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn schedule(expression: &str, zone: &str) -> Schedule {
    let expression = Expression::read(expression, zone).unwrap();
    Schedule { name: "S".to_owned(), function: "f".to_owned(), expression, input: None, enabled: true }
}

#[test]
fn a_daily_schedule_fires_at_midnight_of_its_time_zone() {
    let daily = schedule("cron(0 0 * * ? *)", "America/New_York");
    let next = daily.expression.next(at("2026-03-07T12:00:00Z")).unwrap();
    assert_eq!(next, at("2026-03-08T05:00:00Z"));
    // The clocks go forward on that day: the next midnight is 23 hours later.
    assert_eq!(daily.expression.next(next).unwrap(), at("2026-03-09T04:00:00Z"));
}

#[test]
fn passing_midnight_31_times_fires_a_daily_schedule_31_times_and_a_rate_once_a_day_and_at_the_end() {
    let schedules = [schedule("cron(0 0 * * ? *)", "UTC"), schedule("rate(1 minute)", "UTC")];
    let fired = due(&schedules, at("2026-01-01T10:00:30Z"), at("2026-02-01T10:00:30Z")).unwrap();
    assert_eq!(fired.iter().filter(|due| due.schedule == 0).count(), 31);
    assert_eq!(fired.iter().filter(|due| due.schedule == 1).count(), 32);
    assert!(fired.is_sorted());
    assert_eq!(fired.last().unwrap().at, at("2026-02-01T10:00:00Z"));
}

#[test]
fn what_fell_due_exactly_at_the_start_does_not_fire_again() {
    let schedules = [schedule("cron(0 0 * * ? *)", "UTC"), schedule("rate(5 minutes)", "UTC")];
    let midnight = at("2026-01-02T00:00:00Z");
    assert_eq!(due(&schedules, midnight, at("2026-01-02T00:04:59Z")).unwrap(), []);
    assert_eq!(due(&schedules, at("2026-01-01T23:59:59Z"), midnight).unwrap().len(), 2);
}

#[test]
fn fields_take_names_lists_ranges_and_steps() {
    let office = schedule("cron(0/15 9-10,14 ? JAN MON-FRI 2026)", "UTC");
    let next = |text: &str| office.expression.next(at(text));
    assert_eq!(next("2026-01-03T09:00:00Z"), Some(at("2026-01-05T09:00:00Z")));
    assert_eq!(next("2026-01-05T10:45:00Z"), Some(at("2026-01-05T14:00:00Z")));
    assert_eq!(next("2026-01-30T15:00:00Z"), None);
}

#[test]
fn what_cannot_be_read_is_an_error() {
    for wrong in
        ["rate(0 minutes)", "rate(1 week)", "at(2026-01-01T00:00:00)", "cron(0 0 L * ? *)", "cron(0 0 * * * *)"]
    {
        assert!(Expression::read(wrong, "UTC").is_err(), "{wrong}");
    }
}

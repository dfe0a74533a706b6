//! The due times of schedules. `delivery` fires them.
//!
//! It reads `cron(minutes hours day-of-month month day-of-week year)` with numbers, names, `*`, `?`, lists, ranges and
//! steps, in a time zone; and `rate(value unit)`. It refuses `L`, `W`, `#` and `at(…)`.

mod cron;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp, ToSpan as _, tz::TimeZone};

use cron::Cron;

/// A schedule of a function.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The ids of its function and of the schedule in the template, for example `ReconcileFunction.EveryMinute`.
    pub name: String,
    /// The function that it invokes.
    pub function: String,
    /// Its due times.
    pub expression: Expression,
    /// The event in JSON. `<aws.scheduler.scheduled-time>` in it stands for the due time.
    pub input: Option<String>,
    /// Whether it fires at its due times.
    pub enabled: bool,
}

/// The due times of a schedule.
#[derive(Clone, Debug)]
pub enum Expression {
    /// At certain times of certain days.
    Cron(Box<Cron>),
    /// At every multiple of this number of seconds since 1970. So `rate(1 minute)` fires on the minute.
    Rate(i64),
}

impl Expression {
    /// Reads an expression. `zone` is the time zone of a cron expression.
    pub fn read(text: &str, zone: &str) -> Result<Self, String> {
        if let Some(rate) = text.strip_prefix("rate(").and_then(|rest| rest.strip_suffix(')')) {
            return rate_seconds(rate).map(Self::Rate).ok_or_else(|| format!("{text} is no rate"));
        }
        let Some(fields) = text.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')) else {
            return Err(format!("{text} is neither a rate nor a cron expression"));
        };
        let zone =
            if zone == "UTC" { TimeZone::UTC } else { TimeZone::get(zone).map_err(|error| error.to_string())? };
        Cron::read(fields, zone).map(|cron| Self::Cron(Box::new(cron)))
    }

    /// The first due time after `after`; `None` if there is none.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Cron(cron) => cron.next(after),
            Self::Rate(seconds) => {
                let last = after.as_second().div_euclid(*seconds);
                Timestamp::from_second(last.checked_add(1)?.checked_mul(*seconds)?).ok()
            }
        }
    }

    /// The last due time of a rate up to and including `until`.
    fn last(seconds: i64, until: Timestamp) -> Option<Timestamp> {
        Timestamp::from_second(until.as_second().div_euclid(seconds) * seconds).ok()
    }
}

fn rate_seconds(rate: &str) -> Option<i64> {
    let (value, unit) = rate.split_once(' ')?;
    let value: i64 = value.parse().ok().filter(|value| (1..=100_000).contains(value))?;
    let unit = match unit.trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        _ => return None,
    };
    value.checked_mul(unit)
}

/// One due time of one schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The due time.
    pub at: Timestamp,
    /// The position of the schedule in the list.
    pub schedule: usize,
}

/// The most firings that one move of the clock may cause.
pub const MAX_FIRINGS: usize = 5_000;

/// The due times after `from`, up to and including `until`, in order. More than [`MAX_FIRINGS`] are an error.
///
/// Cron expressions fire every time. A rate fires at most once a day, at its last due time up to midnight (UTC), and
/// once at the end, at its last due time up to `until`. So `rate(1 minute)` fires about thirty times in a month, not
/// forty thousand times, and its last run sees the final state.
pub fn due(schedules: &[Schedule], from: Timestamp, until: Timestamp) -> Result<Vec<Due>, String> {
    let mut due = Vec::new();
    for (position, schedule) in schedules.iter().enumerate().filter(|(_, schedule)| schedule.enabled) {
        let mut fires = |at: Timestamp| {
            due.push(Due { at, schedule: position });
            if due.len() > MAX_FIRINGS { Err(format!("fires more than {MAX_FIRINGS} schedules")) } else { Ok(()) }
        };
        match &schedule.expression {
            Expression::Cron(cron) => {
                let mut after = from;
                while let Some(at) = cron.next(after).filter(|at| *at <= until) {
                    fires(at)?;
                    after = at;
                }
            }
            Expression::Rate(seconds) => {
                let mut last = from;
                for boundary in boundaries(from, until) {
                    if let Some(at) = Expression::last(*seconds, boundary).filter(|at| *at > last) {
                        fires(at)?;
                        last = at;
                    }
                }
            }
        }
    }
    due.sort_unstable();
    Ok(due)
}

/// The midnights (UTC) after `from` and before `until`, then `until` itself.
fn boundaries(from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    let mut boundaries = Vec::new();
    let mut day = from.to_zoned(TimeZone::UTC).date();
    while let Ok(next) = day.checked_add(1.day()) {
        let Ok(midnight) = next.to_zoned(TimeZone::UTC) else { break };
        if midnight.timestamp() >= until || boundaries.len() > MAX_FIRINGS {
            break;
        }
        boundaries.push(midnight.timestamp());
        day = next;
    }
    boundaries.push(until);
    boundaries
}

/// The time from `now` until `at`; zero if `at` has passed.
pub fn wait(now: Timestamp, at: Timestamp) -> std::time::Duration {
    at.duration_since(now).max(SignedDuration::ZERO).unsigned_abs()
}

//! Dates in the shop's zone: what an order is promised, and by when it ships. Instants are UTC; the clock is not
//! read here.

use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::product::{LeadTime, Product};

/// A span of dates, both included; an estimate, not a guarantee (R18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateWindow {
    /// The first day on which it may happen.
    pub earliest: Date,
    /// The last day on which it is expected.
    pub latest: Date,
}

/// The zones of the world, as they were when this was built: the same on every machine, also where it knows none.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone of that IANA name.
///
/// # Errors
/// Where the name is unknown.
pub fn zone(name: &str) -> Result<TimeZone, String> {
    ZONES.get(name).map_err(|_| format!("{name} is not a known time zone"))
}

/// The day of an instant in the shop's zone; in UTC where the zone is unknown (a policy is checked before use).
#[must_use]
pub fn shop_day(policy: &Policy, at: Timestamp) -> Date {
    at.to_zoned(zone(&policy.time_zone).unwrap_or(TimeZone::UTC)).date()
}

/// When a unit bought at `at` is expected to ship: the next business day at the latest from stock (R16), by the lead
/// time otherwise (R19).
#[must_use]
pub fn estimate(policy: &Policy, product: &Product, at: Timestamp, backordered: bool) -> DateWindow {
    let today = shop_day(policy, at);
    if !backordered {
        return DateWindow { earliest: today, latest: next_business_day(today) };
    }
    let LeadTime { min, max } = product.lead_time_days.unwrap_or(policy.lead_time_days);
    DateWindow { earliest: plus_days(today, min), latest: plus_days(today, max) }
}

/// The first Monday to Friday after a day.
#[must_use]
pub fn next_business_day(day: Date) -> Date {
    let mut next = plus_days(day, 1);
    while matches!(next.weekday(), Weekday::Saturday | Weekday::Sunday) {
        next = plus_days(next, 1);
    }
    next
}

fn plus_days(day: Date, days: u16) -> Date {
    day.checked_add(Span::new().days(i64::from(days))).unwrap_or(Date::MAX)
}

/// The instant after which an order placed at `placed` has waited too long (R15).
#[must_use]
pub fn expires_at(policy: &Policy, placed: Timestamp) -> Option<Timestamp> {
    let hours = i64::from(policy.expiry_days?) * 24;
    placed.checked_add(Span::new().hours(hours)).ok()
}

/// An instant to the millisecond, as it is stored and shown.
#[must_use]
pub fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_business_day_after_a_friday_is_monday() {
        assert_eq!(next_business_day(date(2026, 11, 20)), date(2026, 11, 23));
        assert_eq!(next_business_day(date(2026, 11, 23)), date(2026, 11, 24));
    }
}

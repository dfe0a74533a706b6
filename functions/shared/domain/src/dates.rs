//! Dates in the shop's zone: what an order is promised, and when it has waited too long. Instants are UTC; the clock is
//! not read here.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar::plus_days;
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

/// When a unit bought at `at` is expected to ship: the next business day at the latest from stock (R16), by the lead
/// time otherwise (R19).
#[must_use]
pub fn estimate(policy: &Policy, product: &Product, at: Timestamp, backordered: bool) -> DateWindow {
    let today = policy.calendar.day_of(at);
    if !backordered {
        return DateWindow { earliest: today, latest: policy.calendar.next_business_day(today) };
    }
    let LeadTime { min, max } = product.lead_time_days.unwrap_or(policy.lead_time_days);
    DateWindow { earliest: plus_days(today, min), latest: plus_days(today, max) }
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

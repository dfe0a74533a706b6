//! Dates in the shop's zone: a window of days, and when an order has waited too long. Instants are UTC; the clock is not
//! read here.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::policy::Policy;

/// A span of dates, both included; an estimate, not a guarantee (R18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateWindow {
    /// The first day on which it may happen.
    pub earliest: Date,
    /// The last day on which it is expected.
    pub latest: Date,
}

impl DateWindow {
    /// Both ends, each the later of the two.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        Self { earliest: self.earliest.max(other.earliest), latest: self.latest.max(other.latest) }
    }
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

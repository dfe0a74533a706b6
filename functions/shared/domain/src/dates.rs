//! Windows of dates in the shop's zone, and the precision of instants.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A span of dates, both included. It is an estimate, not a guarantee (R18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateWindow {
    /// The first day on which it may happen.
    pub earliest: Date,
    /// The last day on which it is expected.
    pub latest: Date,
}

impl DateWindow {
    /// The window from the later first day to the later last day.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        Self { earliest: self.earliest.max(other.earliest), latest: self.latest.max(other.latest) }
    }
}

/// An instant, cut to the millisecond, as it is stored and shown.
pub fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

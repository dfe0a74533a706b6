//! Windows of dates in the shop's zone, and the precision of instants.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A span of dates, including both ends. The span is an estimate, not a guarantee (R18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateWindow {
    /// The first possible day.
    pub earliest: Date,
    /// The last expected day.
    pub latest: Date,
}

impl DateWindow {
    /// Combines two windows: the later of their first days, and the later of their last days.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        Self { earliest: self.earliest.max(other.earliest), latest: self.latest.max(other.latest) }
    }
}

/// Truncates an instant to the millisecond. Instants are stored and shown in this form.
pub fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

//! Expected receipts: goods that a supplier announced for a day (R17, R19). They change estimates, never the stock.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::plus_days;
use crate::names::{CallerId, Sku, Warehouse};

/// The most expected receipts of one product.
pub const MAX_EXPECTED: usize = 100;
/// The most days between announcement and expected day: the same number as the longest lead time.
pub const MAX_DAYS_AHEAD: u16 = 3650;

/// Goods that a supplier announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedReceipt {
    /// The warehouse's id for the expected receipt. A receipt under the same id replaces it.
    pub receipt_id: CallerId,
    /// The product.
    pub sku: Sku,
    /// The warehouse that will receive the goods.
    pub warehouse: Warehouse,
    /// Units. Zero in a request withdraws the announcement; stored quantities are above zero.
    pub quantity: i64,
    /// The day on which the goods are expected, in the shop's zone.
    pub expected_on: Date,
}

impl ExpectedReceipt {
    /// Whether the day has passed without the goods. An overdue receipt no longer counts.
    pub fn overdue(&self, today: Date) -> bool {
        self.expected_on < today
    }

    /// Checks the day of goods that are announced on `today`. A withdrawal may name any day.
    pub fn check_day(&self, today: Date) -> Result<(), String> {
        let days = today..=plus_days(today, MAX_DAYS_AHEAD);
        if self.quantity == 0 || days.contains(&self.expected_on) {
            Ok(())
        } else {
            Err(format!("must be today or later in the shop's time zone, and at most {MAX_DAYS_AHEAD} days ahead"))
        }
    }
}

/// Sorts by day, and within a day by id.
pub fn sort(expected: &mut [ExpectedReceipt]) {
    expected.sort_by(|a, b| (a.expected_on, &a.receipt_id).cmp(&(b.expected_on, &b.receipt_id)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn on(expected_on: Date, quantity: i64) -> ExpectedReceipt {
        ExpectedReceipt {
            receipt_id: CallerId::new("r1").unwrap(),
            sku: Sku::new("led").unwrap(),
            warehouse: Warehouse::new("east").unwrap(),
            quantity,
            expected_on,
        }
    }

    #[test]
    fn goods_are_announced_for_today_up_to_ten_years_ahead_and_withdrawn_on_any_day() {
        let today = date(2026, 11, 22);
        assert!(on(today, 1).check_day(today).is_ok());
        assert!(on(date(2036, 11, 19), 1).check_day(today).is_ok());
        assert!(on(date(2036, 11, 20), 1).check_day(today).is_err());
        assert!(on(date(2026, 11, 21), 1).check_day(today).is_err());
        assert!(on(date(2026, 11, 21), 0).check_day(today).is_ok());
        assert!(on(Date::MAX, 1).check_day(Date::MAX).is_ok());
    }

    #[test]
    fn goods_are_overdue_when_their_day_is_over() {
        assert!(!on(date(2026, 11, 22), 1).overdue(date(2026, 11, 22)));
        assert!(on(date(2026, 11, 22), 1).overdue(date(2026, 11, 23)));
    }
}

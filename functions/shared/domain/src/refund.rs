//! What was given up and what money goes back for it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::order::{Line, Order};

/// Why units were given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The customer or the shop canceled (R12).
    Canceled,
    /// It had waited too long (R15).
    Expired,
    /// The product will not come any more.
    Discontinued,
    /// It never got a place, and its caller was told so.
    Refused,
    /// It never got a place, and nobody was there to be told.
    RefusedLater,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// It will be paid.
    Due,
    /// It was paid.
    Paid,
    /// The provider will not pay it; somebody must look.
    Failed,
}

/// Units of one line that were given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedLine {
    /// Which line, counted from 0.
    pub line: usize,
    /// Units given up.
    pub units: i64,
    /// What they cost, minor units.
    pub amount: i64,
}

/// One change of an order, under its caller's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When it was made.
    pub at: Timestamp,
    /// Why.
    pub kind: ChangeKind,
    /// In the words of who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was given up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ChangedLine>,
    /// What goes back, minor units.
    pub refund: i64,
    /// Whether it has.
    pub status: RefundStatus,
    /// The fingerprint of the request.
    pub request: String,
}

impl Change {
    /// Whether its money went back.
    #[must_use]
    pub fn paid(&self) -> bool {
        self.status == RefundStatus::Paid
    }
}

/// What goes back for the next `units` of a line that are given up: price less their share of the discount plus their
/// share of the tax, rounded down. What rounding leaves comes with the line's last unit, so that all shares add up to what
/// was paid, and never to more on the way.
#[must_use]
pub fn for_units(line: &Line, units: i64) -> i64 {
    // A line has 1 to 1,000 units, and amounts of at most 10^12.
    let net = line.tax - line.discount;
    if line.canceled + units == line.quantity {
        return line.unit_price * line.quantity + net - line.refunded;
    }
    line.unit_price * units + (net * units).div_euclid(line.quantity.max(1))
}

/// Whether shipping goes back too: nothing of the order has shipped or will.
#[must_use]
pub fn with_shipping(order: &Order) -> bool {
    order.lines.iter().all(|line| line.canceled == line.quantity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Sku;
    use proptest::prelude::*;

    fn line(quantity: i64, unit_price: i64, discount: i64, tax: i64) -> Line {
        let sku = Sku::new("s").unwrap();
        serde_json::from_value(serde_json::json!({
            "sku": sku, "quantity": quantity, "unit_price": unit_price, "discount": discount, "tax": tax
        }))
        .unwrap()
    }

    proptest! {
        #[test]
        fn the_shares_of_a_line_add_up_to_what_was_paid(
            quantity in 1_i64..=1000, price in 0_i64..=1_000_000, tax in 0_i64..=100_000, steps in prop::collection::vec(1_i64..=50, 1..50)
        ) {
            let discount = price * quantity / 3;
            let mut line = line(quantity, price, discount, tax);
            let mut back = 0;
            for step in steps.into_iter().chain([quantity]) {
                let units = step.min(quantity - line.canceled);
                let refund = for_units(&line, units);
                prop_assert!(refund >= 0);
                back += refund;
                line.canceled += units;
                line.refunded += refund;
            }
            prop_assert_eq!(back, price * quantity - discount + tax);
        }
    }

    #[test]
    fn what_rounding_leaves_comes_with_the_last_unit() {
        let mut line = line(3, 1000, 100, 50);
        let mut refunds = Vec::new();
        for _ in 0..3 {
            let refund = for_units(&line, 1);
            line.canceled += 1;
            line.refunded += refund;
            refunds.push(refund);
        }
        assert_eq!(refunds, [983, 983, 984]);
    }

    #[test]
    fn never_more_goes_back_than_was_paid() {
        let line = line(1000, 1, 999, 0);
        assert_eq!(for_units(&line, 999), 0);
        assert_eq!(for_units(&line, 1000), 1);
    }
}

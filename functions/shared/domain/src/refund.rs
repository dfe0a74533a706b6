//! What was given up and what money goes back for it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::names::PaymentReference;
use crate::order::{Line, Order};
use crate::swap::Swapped;

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
    /// A line was swapped for another product (R14).
    Swapped,
    /// A swap came to nothing, and its caller was told so.
    SwapRefused,
    /// A swap came to nothing, and nobody was there to be told.
    SwapRefusedLater,
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
    /// Whether the shop asked for the cancelation, not the customer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_shop: bool,
    /// What was given up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ChangedLine>,
    /// What goes back, minor units.
    pub refund: i64,
    /// Whether it has.
    pub status: RefundStatus,
    /// The fingerprint of the request.
    pub request: String,
    /// To which payments how much goes back; empty: all to the one that became the order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// What was swapped, or should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<Swapped>,
}

/// Money of one payment: taken of it, or back to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The payment.
    pub payment: PaymentReference,
    /// Minor units.
    pub amount: i64,
}

impl Change {
    /// Whether its money went back.
    #[must_use]
    pub fn paid(&self) -> bool {
        self.status == RefundStatus::Paid
    }

    /// What was paid for it: the difference of a swap to something dearer.
    #[must_use]
    pub fn extra(&self) -> Option<&Part> {
        self.swap.as_ref().and_then(|swap| swap.extra.as_ref())
    }

    /// What goes back to one of the order's payments, minor units.
    #[must_use]
    pub fn back_to(&self, order: &Order, payment: &PaymentReference) -> i64 {
        let parts = self.parts_of(order);
        parts.iter().filter(|part| part.payment == *payment).map(|part| part.amount).sum()
    }

    /// To which payments how much goes back.
    #[must_use]
    pub fn parts_of(&self, order: &Order) -> Vec<Part> {
        if !self.parts.is_empty() {
            return self.parts.clone();
        }
        let whole = Part { payment: order.payment_reference.clone(), amount: self.refund };
        Some(whole).filter(|part| part.amount > 0).into_iter().collect()
    }

    /// Whether it is a swap that came to nothing.
    #[must_use]
    pub fn came_to_nothing(&self) -> bool {
        matches!(self.kind, ChangeKind::SwapRefused | ChangeKind::SwapRefusedLater)
    }
}

/// The payments that an order stands on, the first first, each with what was taken: the one that became the order, then
/// those of swaps that were made.
#[must_use]
pub fn payments(order: &Order) -> Vec<Part> {
    let mut swaps: Vec<_> = order.changes.values().filter(|change| !change.came_to_nothing()).collect();
    swaps.sort_by_key(|change| change.at);
    let first = Part { payment: order.payment_reference.clone(), amount: order.total };
    let extra = swaps.into_iter().filter_map(Change::extra).cloned();
    std::iter::once(first).chain(extra).collect()
}

/// To which payments `amount` more goes back: to the oldest that has something left. Empty where all goes back to the one
/// that became the order.
#[must_use]
pub fn parts(order: &Order, amount: i64) -> Vec<Part> {
    let mut left = amount;
    let mut parts = Vec::new();
    for Part { payment, amount: taken } in payments(order) {
        let before: i64 = order.changes.values().map(|change| change.back_to(order, &payment)).sum();
        let amount = (taken - before).clamp(0, left);
        left -= amount;
        parts.extend((amount > 0).then_some(Part { payment, amount }));
    }
    debug_assert!(left == 0, "no more goes back than was taken");
    parts.retain(|part| part.payment != order.payment_reference || part.amount < amount);
    parts
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

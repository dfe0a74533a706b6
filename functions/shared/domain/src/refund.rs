//! Refunds: the amounts for canceled units, and the payments that they go back to.

use thiserror::Error;

use crate::order::{Line, Order};

pub use crate::order::{Change, ChangeKind, ChangedLine, Part, RefundStatus};

/// The payments of an order and the amounts taken, oldest first: the one that became the order, then those of swaps.
pub fn payments(order: &Order) -> Vec<Part> {
    let mut swaps: Vec<_> = order.changes.values().filter(|change| !change.came_to_nothing()).collect();
    swaps.sort_by_key(|change| change.at);
    let first = Part { payment: order.payment_reference.clone(), amount: order.total };
    let extra = swaps.into_iter().filter_map(Change::extra).cloned();
    std::iter::once(first).chain(extra).collect()
}

/// An order's numbers contradict each other. The change is not made, and a person must check the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the messages document the variants")]
pub enum AccountingError {
    #[error("{0} minor units more would go back than was taken")]
    MoreThanTaken(i64),
    #[error("{0} units more would be given up than the line has")]
    NotHeld(i64),
}

/// Splits a refund among the payments, oldest first, up to the amount left of each. An empty list: the whole refund
/// goes to the payment that became the order.
pub fn parts(order: &Order, amount: i64) -> Result<Vec<Part>, AccountingError> {
    let mut left = amount;
    let mut parts = Vec::new();
    for Part { payment, amount: taken } in payments(order) {
        let before: i64 = order.changes.values().map(|change| change.back_to(&order.payment_reference, &payment)).sum();
        let amount = (taken - before).clamp(0, left);
        left -= amount;
        parts.extend((amount > 0).then_some(Part { payment, amount }));
    }
    if left > 0 {
        return Err(AccountingError::MoreThanTaken(left));
    }
    parts.retain(|part| part.payment != order.payment_reference || part.amount < amount);
    Ok(parts)
}

/// The refund for the next canceled `units` of a line: their share of price less discount plus tax, rounded down. The
/// last unit gets the rounding difference, so that all refunds add up to the amount paid, never to more.
pub(crate) fn for_units(line: &Line, units: i64) -> i64 {
    // No overflow: a line has 1 to 1,000 units, and amounts of at most 10^12.
    let net = line.tax - line.discount;
    if line.canceled + units == line.quantity {
        return line.unit_price * line.quantity + net - line.refunded;
    }
    line.unit_price * units + (net * units).div_euclid(line.quantity.max(1))
}

/// Whether shipping is refunded: no unit of the order has shipped or will ship.
pub(crate) fn with_shipping(order: &Order) -> bool {
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

//! The price of a swap, and the payments that later refunds go to: rounding loses nothing, and no payment refunds more
//! than it captured.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use domain::cancel::{CancelError, CancelLine, CancelRequest, cancel};
use domain::identity::IdentityKey;
use domain::money::Money;
use domain::names::{CallerId, PaymentReference, Warehouse};
use domain::order::{Order, Stage};
use domain::policy::Policy;
use domain::product::Product;
use domain::refund::{AccountingError, parts, payments};
use domain::swap::{SwapRequest, SwapStatus, begin, commit, swap_status};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

fn policy() -> Policy {
    toml::from_str(include_str!("../../../../infra/policies/ledriven.toml")).unwrap()
}

/// A placed order of one line, sku `old`.
fn order(quantity: i64, unit_price: i64, discount: i64, tax: i64) -> Order {
    let key = IdentityKey::new(b"an identity key of a test".to_vec()).unwrap();
    let total = unit_price * quantity - discount + tax;
    serde_json::from_value(json!({
        "order_id": key.order_id(&PaymentReference::new("pi_order").unwrap()), "version": 2, "stage": Stage::Placed,
        "started_at": Timestamp::UNIX_EPOCH, "payment_reference": "pi_order", "request": "", "channel": "web",
        "customer": { "email": "", "name": "" }, "ship_to": {}, "total": total, "currency": "USD", "if_worse": "accept",
        "policy": "",
        "lines": [{ "sku": "old", "quantity": quantity, "unit_price": unit_price, "discount": discount, "tax": tax, "ticket": 1 }]
    }))
    .unwrap()
}

fn product(sku: &str, amount: i64) -> Product {
    let price: Money = serde_json::from_value(json!({ "amount": amount, "currency": "USD" })).unwrap();
    serde_json::from_value(json!({ "sku": sku, "name": sku, "price": price, "backorderable": true })).unwrap()
}

fn give_up(order: &Order, change: &str, line: usize, quantity: Option<i64>) -> Order {
    let request = CancelRequest {
        change_id: CallerId::new(change).unwrap(),
        lines: Some(vec![CancelLine { line, quantity }]),
        reason: None,
        by_shop: false,
    };
    cancel(order, &request, change, &policy(), Timestamp::UNIX_EPOCH).unwrap().unwrap().order
}

/// Swaps order line `line` for `sku` at `price`. The difference is paid.
fn swap(order: &Order, change: &str, line: usize, sku: &str, price: i64) -> Order {
    let request = SwapRequest {
        change_id: CallerId::new(change).unwrap(),
        line,
        sku: product(sku, price).sku,
        payment_reference: Some(PaymentReference::new(format!("pi_{change}")).unwrap()),
    };
    let now = Timestamp::UNIX_EPOCH;
    let SwapStatus::New(found) = swap_status(order, &request, change).unwrap() else { unreachable!("it is new") };
    let swap = begin(order, found, &request, change, &product(sku, price), now, now).unwrap();
    assert!(swap.tax >= 0 && swap.discount >= 0 && swap.discount <= price * swap.units, "{swap:?}");
    let after = commit(order, &swap, swap.new_line(), &policy(), now).unwrap().order;
    assert_eq!(swap_status(&after, &request, "another"), Err(domain::swap::SwapError::IdReused));
    after
}

/// The amount that each payment captured, less its refunds.
fn kept(order: &Order) -> Vec<i64> {
    let back =
        |payment| order.changes.values().map(|change| change.back_to(&order.payment_reference, payment)).sum::<i64>();
    payments(order).iter().map(|part| part.amount - back(&part.payment)).collect()
}

proptest! {
    #[test]
    fn r14_whatever_is_swapped_and_canceled_each_payment_gives_back_what_it_took(
        quantity in 1_i64..=50, price in 0_i64..=10_000, other in 0_i64..=10_000, third in 0_i64..=10_000,
        discounted in 0_i64..=100, tax in 0_i64..=5_000, first in 0_i64..50, later in 0_i64..50,
    ) {
        let mut order = order(quantity, price, price * quantity * discounted / 100, tax);
        let first = first.min(quantity - 1);
        if first > 0 {
            order = give_up(&order, "first", 0, Some(first));
        }
        order = swap(&order, "one", 0, "other", other);
        let later = later.min(quantity - first - 1);
        if later > 0 {
            order = give_up(&order, "later", 1, Some(later));
        }
        order = swap(&order, "two", 1, "third", third);
        prop_assert!(kept(&order).iter().all(|kept| *kept >= 0), "{:?}", kept(&order));
        order = give_up(&order, "rest", 2, None);
        prop_assert!(kept(&order).iter().all(|kept| *kept == 0), "{:?}", kept(&order));
        let back: i64 = order.changes.values().map(|change| change.refund).sum();
        prop_assert_eq!(back, order.charged());
    }
}

#[test]
fn i5_no_more_goes_back_than_was_taken() {
    let order = order(1, 1000, 0, 0);
    assert_eq!(parts(&order, 1000), Ok(Vec::new()));
    assert_eq!(parts(&order, 1003), Err(AccountingError::MoreThanTaken(3)));
}

#[test]
fn i1_no_more_is_given_up_than_a_line_has() {
    let mut order = order(3, 1000, 0, 0);
    order.lines[0].assigned.insert(Warehouse::new("east").unwrap(), 5);
    let request = CancelRequest { change_id: CallerId::new("c").unwrap(), lines: None, reason: None, by_shop: false };
    let refused = cancel(&order, &request, "c", &policy(), Timestamp::UNIX_EPOCH);
    assert_eq!(refused, Err(CancelError::Accounting(AccountingError::NotHeld(2))));
}

#[test]
fn r14_the_difference_is_the_prices_times_the_units_and_what_is_cut_of_the_discount() {
    let dearer = swap(&order(3, 1000, 0, 0), "c", 0, "new", 1250);
    assert_eq!(dearer.charged(), 3750);
    let cheaper = swap(&order(3, 1000, 300, 60), "c", 0, "new", 900);
    assert_eq!(cheaper.changes.values().map(|change| change.refund).collect::<Vec<_>>(), [300]);
    assert_eq!((cheaper.lines[1].discount, cheaper.lines[1].tax), (300, 60));
    let cut = swap(&order(1, 1000, 900, 0), "c", 0, "new", 500);
    assert_eq!((cut.lines[1].discount, cut.changes.values().map(|change| change.refund).sum::<i64>()), (500, 100));
}

#[test]
fn r12_money_goes_back_to_the_oldest_payment_that_has_some_left() {
    let after = swap(&order(2, 1000, 0, 0), "c", 0, "new", 1500);
    assert!(parts(&after, 2000).unwrap().is_empty(), "everything goes back to the order's payment");
    let split: Vec<_> =
        parts(&after, 2500).unwrap().iter().map(|part| (part.payment.to_string(), part.amount)).collect();
    assert_eq!(split, [("pi_order".to_owned(), 2000), ("pi_c".to_owned(), 500)]);
}

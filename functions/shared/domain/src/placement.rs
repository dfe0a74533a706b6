//! A placement: the requested order, the terms of its draws, and the order that it becomes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::identity::{IdentityKey, fingerprint};
use crate::money::Currency;
use crate::names::{PaymentReference, Sku};
use crate::order::{Change, ChangeKind, Customer, IfWorse, Line, Mailing, Order, RefusalReason, Seen, Stage};
use crate::policy::{Channel, Policy};
use crate::product::Product;

/// The most lines of an order.
pub const MAX_LINES: usize = 30;
/// The most units of a line.
pub const MAX_UNITS: i64 = 1_000;

/// One requested line. [`Line`] documents the fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "they become fields of `Line`")]
pub struct PlacementLine {
    pub sku: Sku,
    pub quantity: i64,
    pub unit_price: i64,
    pub tax: i64,
    pub discount: i64,
    pub seen: Option<Seen>,
}

/// A requested order. The API has checked each field. [`Order`] documents the fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "they become fields of `Order`")]
pub struct Placement {
    /// The payment for the order: the idempotency key.
    pub payment_reference: PaymentReference,
    pub channel: Channel,
    pub customer: Customer,
    pub ship_to: BTreeMap<String, String>,
    pub lines: Vec<PlacementLine>,
    pub shipping: i64,
    pub currency: Currency,
    pub if_worse: IfWorse,
}

impl Placement {
    /// The amount to pay, minor units.
    pub fn total(&self) -> i64 {
        let lines = self.lines.iter().map(|line| line.unit_price * line.quantity - line.discount + line.tax);
        lines.sum::<i64>() + self.shipping
    }

    /// The lines with more than `most` units, counted from 0 (R28).
    pub fn lines_above(&self, most: i64) -> Vec<usize> {
        self.lines.iter().enumerate().filter(|(_, line)| line.quantity > most).map(|(at, _)| at).collect()
    }

    /// The order as it is stored first: `placing`, without places.
    pub fn order(&self, key: &IdentityKey, policy: &Policy, now: Timestamp) -> Order {
        Order {
            order_id: key.order_id(&self.payment_reference),
            version: 1,
            stage: Stage::Placing,
            started_at: now,
            placed_at: None,
            payment_reference: self.payment_reference.clone(),
            request: fingerprint(self),
            channel: self.channel,
            customer: self.customer.clone(),
            ship_to: self.ship_to.clone(),
            lines: self.lines.iter().map(line).collect(),
            shipping: self.shipping,
            total: self.total(),
            currency: self.currency,
            if_worse: self.if_worse,
            policy: policy.hash(),
            released_at: None,
            ship_by: None,
            shipments: BTreeMap::new(),
            changes: BTreeMap::new(),
            refusal: None,
            unresolved_draws: BTreeMap::new(),
            swap: None,
            mailing: Mailing::default(),
        }
    }
}

fn line(asked: &PlacementLine) -> Line {
    let PlacementLine { sku, quantity, unit_price, tax, discount, seen } = asked.clone();
    Line::wanted(sku, quantity, unit_price, tax, discount, seen)
}

/// The refused order: the whole payment goes back. `caller_waits`: the caller gets the answer, so no mail is sent.
#[must_use]
pub fn refused(order: &Order, refusal: RefusalReason, caller_waits: bool, now: Timestamp) -> Order {
    let mut refused = order.clone();
    refused.stage = Stage::Refused;
    refused.version += 1;
    refused.refusal = Some(refusal);
    refused.unresolved_draws.clear();
    refused.lines.iter_mut().for_each(|line| line.canceled = line.quantity);
    let kind = if caller_waits { ChangeKind::Refused } else { ChangeKind::RefusedLater };
    let change = Change { refund: order.total, ..Change::new(kind, now, String::new()) };
    refused.changes.insert("refused".to_owned(), change);
    refused
}

/// The limit of units per customer that this order counts towards. `None`: the order does not count. The policy at
/// placing decides, so that a cancel never subtracts units that were not counted.
pub fn customer_limit(policy: &Policy, order: &Order) -> Option<i64> {
    policy.limits.units_per_customer.filter(|_| policy.hash() == order.policy)
}

/// The terms of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The most units of the product that may wait, including this line's. `None`: any number.
    pub allowance: Option<i64>,
    /// The refusal if more units would wait.
    pub refusal: RefusalReason,
}

/// The terms of one line (R1, R6, R7).
pub fn terms(order: &Order, line: &Line, product: &Product, policy: &Policy) -> Terms {
    let stock_only = |refusal| Terms { allowance: Some(0), refusal };
    let by_channel = policy.backorders_by.contains(&order.channel);
    if !product.may_wait() {
        stock_only(RefusalReason::SoldOut)
    } else if !by_channel {
        stock_only(if order.channel == Channel::Phone { RefusalReason::PhoneBackorder } else { RefusalReason::SoldOut })
    } else if order.if_worse == IfWorse::Refuse && line.seen != Some(Seen::OnBackorder) {
        stock_only(RefusalReason::OnBackorder)
    } else {
        Terms { allowance: policy.waiting_limit(product), refusal: RefusalReason::BacklogFull }
    }
}

/// The result of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The number drawn.
    pub ticket: u64,
    /// Units ever drawn, up to and including this number.
    pub units_through: i64,
    /// Available units afterwards. Zero or more: the whole line was in stock.
    pub available: i64,
}

impl Draw {
    /// Units of a line of `quantity` that were not in stock.
    pub fn backordered(&self, quantity: i64) -> i64 {
        (-self.available).clamp(0, quantity)
    }
}

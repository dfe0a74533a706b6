//! The audit: checks the invariants of the stored data and lists the violations. It changes nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::block::{self, BlockCounts};
use crate::fill::LogEntry;
use crate::identity::OrderId;
use crate::names::{PaymentReference, Sku};
use crate::order::{Order, Stage};
use crate::refund::{Change, Part, payments};
use crate::stock::{Counter, Stock, Units, put, total};
use crate::ticket::Row;

/// All stored data of one product.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are named for the stored items")]
pub struct LineSnapshot {
    pub stock: Stock,
    pub counter: Counter,
    pub rows: BTreeMap<u64, Row>,
    pub blocks: BTreeMap<u64, BlockCounts>,
    pub shipped: Units,
    pub log: Vec<LogEntry>,
}

/// The payment provider's amounts of one payment, minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The amount taken.
    pub captured: i64,
    /// The amount refunded.
    pub refunded: i64,
}

/// All stored data.
#[derive(Clone, Debug, Default)]
pub struct AuditSnapshot {
    /// Products by sku.
    pub lines: BTreeMap<Sku, LineSnapshot>,
    /// Orders by number.
    pub orders: BTreeMap<OrderId, Order>,
    /// Payments by reference.
    pub payments: BTreeMap<String, Paid>,
}

/// A violated invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The invariant: `I1`, `I2`, `I4`, `I5` or `money`.
    pub invariant: &'static str,
    /// A description of the violation, without personal data.
    pub what: String,
}

/// Lists all violations.
pub fn audit(snapshot: &AuditSnapshot) -> Vec<Violation> {
    let mut found = Findings::default();
    for line in snapshot.lines.values() {
        conservation(snapshot, line, &mut found);
        first_come(line, &mut found);
        nobody_is_passed(line, &mut found);
        bookkeeping(line, &mut found);
    }
    for order in snapshot.orders.values() {
        one_fate(snapshot, order, &mut found);
        money(snapshot, order, &mut found);
    }
    used_once(snapshot, &mut found);
    found.0
}

#[derive(Default)]
struct Findings(Vec<Violation>);

impl Findings {
    fn need(&mut self, holds: bool, invariant: &'static str, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(Violation { invariant, what: what() });
        }
    }
}

/// I1: received + adjusted = unassigned + assigned + shipped, by warehouse. Rows, orders and totals agree.
fn conservation(snapshot: &AuditSnapshot, line: &LineSnapshot, found: &mut Findings) {
    let sku = &line.stock.sku;
    let mut held = line.stock.unassigned.clone();
    for ticket in line.rows.values().filter_map(Row::ticket) {
        ticket.assigned.iter().for_each(|(warehouse, units)| put(&mut held, warehouse, *units));
    }
    let received: Units = line.stock.received.clone().into_iter().filter(|(_, units)| *units != 0).collect();
    found.need(held == received, "I1", || format!("{sku}: received {received:?}, but unassigned and given {held:?}"));
    let mut shipped = Units::new();
    for order_line in snapshot.orders.values().flat_map(|order| &order.lines).filter(|it| it.sku == *sku) {
        order_line.shipped.iter().for_each(|(warehouse, units)| put(&mut shipped, warehouse, *units));
    }
    found.need(shipped == line.shipped, "I1", || {
        format!("{sku}: orders shipped {shipped:?}, but the total says {:?}", line.shipped)
    });
}

/// I2: no ticket after a short live ticket holds a unit. Damage is the exception: if the log shows that a ticket lost a
/// unit, later tickets may keep units that they got before the loss.
fn first_come(line: &LineSnapshot, found: &mut Findings) {
    let (mut lost, mut given) = (BTreeMap::new(), BTreeMap::new());
    for entry in &line.log {
        lost.extend(entry.took_back.iter().map(|(ticket, _)| (*ticket, entry.number)));
        given.extend(entry.gave.iter().map(|(ticket, _)| (*ticket, entry.number)));
    }
    let mut short: Option<(u64, u64)> = None;
    for (number, ticket) in line.rows.iter().filter_map(|(number, row)| row.live().map(|ticket| (*number, ticket))) {
        if let Some((head, since)) = short.filter(|_| total(&ticket.assigned) > 0) {
            let before = given.get(&number).is_some_and(|entry| *entry < since);
            found.need(before, "I2", || {
                format!("{}: ticket {number} holds units while {head} before it is short", line.stock.sku)
            });
        }
        if ticket.short() > 0 {
            let since = lost.get(&number).copied().unwrap_or_default();
            short = short.filter(|(_, earliest)| *earliest <= since).or(Some((number, since)));
        }
    }
}

/// I4: units are for sale only when every live ticket is covered by unassigned units.
fn nobody_is_passed(line: &LineSnapshot, found: &mut Findings) {
    let (stock, counter) = (&line.stock, &line.counter);
    let wanted: i64 = line.rows.values().filter_map(Row::live).map(crate::ticket::Ticket::short).sum();
    let unassigned = stock.unassigned_total();
    found.need(counter.available <= 0 || wanted + counter.available <= unassigned, "I4", || {
        let available = counter.available;
        format!("{}: {available} for sale while {wanted} are owed and {unassigned} are there", stock.sku)
    });
}

/// Checks the numbers of one product: the watermarks, the hash chain of the log, the counter and the block counts.
fn bookkeeping(line: &LineSnapshot, found: &mut Findings) {
    let (stock, counter) = (&line.stock, &line.counter);
    let sku = &stock.sku;
    let passed = line.rows.range(..=stock.fill_watermark).find(|(_, row)| row.live().is_some_and(|it| it.short() > 0));
    found.need(passed.is_none(), "I2", || {
        format!("{sku}: the fill watermark {} is past a short ticket", stock.fill_watermark)
    });
    let gap = (1..=stock.resolved_watermark).find(|number| !line.rows.contains_key(number));
    found.need(gap.is_none(), "I2", || format!("{sku}: the resolved watermark is past the gap {gap:?}"));
    found.need(counter.stamp < stock.version || counter.available == stock.supply - counter.units_issued, "I4", || {
        format!("{sku}: available {} is not supply less units drawn", counter.available)
    });
    let mut before = String::new();
    for entry in &line.log {
        found.need(entry.before == before, "I1", || format!("{sku}: log entry {} breaks the chain", entry.number));
        before = entry.hash();
    }
    found.need(before == stock.log_hash, "I1", || format!("{sku}: the log's last entry is not the one written last"));
    let mut gone: BTreeMap<u64, i64> = BTreeMap::new();
    for (number, row) in &line.rows {
        let counted = match row {
            Row::Live(_) => false,
            Row::Canceled(_) => true,
            Row::Closed => *number <= stock.resolved_watermark,
        };
        *gone.entry(block::block_of(*number)).or_default() += i64::from(counted);
    }
    for (number, orders) in gone {
        let counted = line.blocks.get(&number).map_or(0, |counts| counts.gone_orders);
        found.need(orders == counted, "I2", || format!("{sku}: block {number} counts {counted} gone, not {orders}"));
    }
}

/// I5: each unit sold is shipped or canceled, never both. The order and its tickets agree.
fn one_fate(snapshot: &AuditSnapshot, order: &Order, found: &mut Findings) {
    for (index, line) in order.lines.iter().enumerate() {
        let id = &order.order_id;
        let sound = line.open() >= 0 && line.waiting() >= 0 && line.canceled >= 0;
        found.need(sound, "I5", || format!("{id}: line {} ships or cancels a unit twice", index + 1));
        if order.stage != Stage::Placed {
            found.need(line.assigned.is_empty() && line.shipped.is_empty(), "I5", || {
                format!("{id}: holds units without a place")
            });
            continue;
        }
        let row = snapshot.lines.get(&line.sku).and_then(|it| it.rows.get(&line.ticket));
        let mut given = line.shipped.clone();
        line.assigned.iter().for_each(|(warehouse, units)| put(&mut given, warehouse, *units));
        let agrees = row.and_then(Row::ticket).is_some_and(|ticket| {
            ticket.order_id == *id
                && ticket.quantity == line.quantity - line.canceled
                && ticket.assigned == given
                && row.is_some_and(|row| row.live().is_none() == (line.canceled == line.quantity))
        });
        found.need(agrees, "I5", || format!("{id}: line {} and its ticket {} disagree", index + 1, line.ticket));
    }
}

/// Checks the money: the amount taken is the price. Each refund was due and went once to the payment that it came from.
fn money(snapshot: &AuditSnapshot, order: &Order, found: &mut Findings) {
    let id = &order.order_id;
    for (at, Part { payment, amount }) in payments(order).into_iter().enumerate() {
        let owed: i64 = order.changes.values().map(|change| change.back_to(&order.payment_reference, &payment)).sum();
        found.need(owed <= amount, "money", || format!("{id}: owes back {owed} of {amount}"));
        let bought = at > 0 || order.stage == Stage::Placed;
        returned(snapshot, order, &payment, bought.then_some(amount), found);
    }
    for change in order.changes.values().filter(|change| change.came_to_nothing()) {
        let Some(extra) = change.extra() else { continue };
        let taken = Some(extra.amount).filter(|_| change.paid());
        returned(snapshot, order, &extra.payment, taken, found);
    }
}

/// Checks one payment. `taken`: the amount that must have been taken, if it is certain.
fn returned(
    snapshot: &AuditSnapshot,
    order: &Order,
    payment: &PaymentReference,
    taken: Option<i64>,
    found: &mut Findings,
) {
    let id = &order.order_id;
    let Some(paid) = snapshot.payments.get(payment.as_str()) else { return };
    found.need(taken.is_none_or(|taken| taken == paid.captured), "money", || {
        format!("{id}: took {} for a price of {}", paid.captured, taken.unwrap_or_default())
    });
    let all = || order.changes.values();
    let owed: i64 = all().map(|change| change.back_to(&order.payment_reference, payment)).sum();
    let back: i64 =
        all().filter(|change| change.paid()).map(|change| change.back_to(&order.payment_reference, payment)).sum();
    found.need(back <= paid.refunded && paid.refunded <= owed, "money", || {
        format!("{id}: refunded {}; {back} is recorded and {owed} was owed", paid.refunded)
    });
}

/// One payment pays for one order, or for one swap of one order, for ever (I6).
fn used_once(snapshot: &AuditSnapshot, found: &mut Findings) {
    let mut users: BTreeMap<PaymentReference, usize> = BTreeMap::new();
    for order in snapshot.orders.values() {
        *users.entry(order.payment_reference.clone()).or_default() += 1;
        let swaps = order.changes.values().filter_map(Change::extra).map(|extra| extra.payment.clone());
        let under_way = order.swap.as_ref().and_then(|swap| swap.payment.clone());
        swaps.chain(under_way).for_each(|payment| *users.entry(payment).or_default() += 1);
    }
    let twice = users.values().filter(|uses| **uses > 1).count();
    found.need(twice == 0, "money", || format!("{twice} payments paid for more than one thing"));
}

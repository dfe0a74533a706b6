//! The invariants, each as a predicate of one state. The ghost fields of the state hold the history.

use stateright::{Model, Property};

use crate::protocol::Protocol;
use crate::state::State;
use crate::stored::{Order, Payment, Row, RowState, Sku, Stage};

/// Conservation: received less lost = unassigned + assigned + shipped.
pub const I1: &str = "I1 conservation";
/// Units go to the oldest ticket first.
pub const I2: &str = "I2 first in, first out";
/// An order whose call started after another order's call returned is behind that order.
pub const I3: &str = "I3 real time";
/// Units are for sale only when unassigned units cover every live ticket.
pub const I4_PASSED: &str = "I4 nobody is passed";
/// Stronger: units for sale never exceed unassigned units less the demand of tickets and open numbers.
pub const I4: &str = "I4 available is covered";
/// For a customer who was told "in stock", unassigned units cover every ticket up to theirs, apart from later losses.
pub const I4_TOLD: &str = "I4 in stock stays covered";
/// Supply less draws is exactly unassigned units less the demand of tickets and open numbers.
pub const SUPPLY: &str = "I4 supply is exact";
/// Shipped or canceled, never both. Each change is refunded once.
pub const I5: &str = "I5 one fate";
/// A placed order has exactly one live ticket for each order line, with its units.
pub const I6: &str = "I6 no lost order";
/// A state without a next step has no work left.
pub const I8: &str = "I8 no dead end";

pub fn all_properties() -> Vec<Property<Protocol>> {
    vec![
        Property::always(I1, |_, s: &State| (0..).zip(&s.skus).all(|(id, k)| conserved(s, id, k))),
        Property::always(I2, |_, s: &State| s.skus.iter().all(first_in_first_out)),
        Property::always(I3, |_, s: &State| real_time(s)),
        Property::always(I4_PASSED, |_, s: &State| s.skus.iter().all(nobody_passed)),
        Property::always(I4, |_, s: &State| s.skus.iter().all(covered)),
        Property::always(I4_TOLD, |_, s: &State| s.skus.iter().all(told_stays_covered)),
        Property::always(SUPPLY, |_, s: &State| s.skus.iter().all(supply_is_exact)),
        Property::always(I5, |m, s: &State| (0..).zip(&s.orders).all(|(id, o)| one_fate(m, id, o))),
        Property::always(I6, |_, s: &State| (0..).zip(&s.orders).all(|(id, o)| has_tickets(s, id, o))),
        Property::always(I8, |m, s: &State| !is_terminal(m, s) || nothing_left(s)),
    ]
}

fn live(sku: &Sku) -> impl DoubleEndedIterator<Item = (u8, &Row)> {
    let rows = (1_u8..=u8::MAX).zip(&sku.rows);
    rows.filter_map(|(n, row)| row.as_ref().map(|r| (n, r))).filter(|(_, r)| r.state == RowState::Live)
}

/// The number of units that live tickets wait for.
fn needed(sku: &Sku) -> u8 {
    live(sku).map(|(_, r)| r.needs()).sum()
}

/// The units of numbers without a ticket, and of closed numbers that are not resolved yet.
fn open(sku: &Sku) -> u8 {
    let units = sku.rows.iter().zip(&sku.drawn);
    units.filter(|(row, _)| row.is_none_or(|r| r.state == RowState::Closed)).map(|(_, units)| units).sum()
}

fn conserved(s: &State, id: u8, sku: &Sku) -> bool {
    let shipped: u8 =
        s.orders.iter().filter(|o| o.shipped).flat_map(|o| &o.lines).filter(|l| l.sku == id).map(|l| l.assigned).sum();
    let held = live(sku).filter(|(_, r)| !s.orders[r.order as usize].shipped);
    let assigned: u8 = held.map(|(_, r)| r.assigned).sum();
    sku.received - sku.lost == sku.stock.unassigned + assigned + shipped
}

/// No ticket behind a short ticket holds a unit, unless the short ticket lost a unit to damage.
fn first_in_first_out(sku: &Sku) -> bool {
    let mut someone_waits = false;
    live(sku).all(|(_, row)| {
        let passes = someone_waits && row.assigned > 0;
        someone_waits |= row.needs() > 0 && !row.damaged;
        !passes
    })
}

fn real_time(s: &State) -> bool {
    s.orders.iter().flat_map(|o| &o.lines).all(|later| {
        let before = |id: usize| later.after & (1 << id) != 0;
        let earlier = s.orders.iter().enumerate().filter(|(id, _)| before(*id));
        // The time of an earlier order's swap is not recorded, so a swapped order line proves nothing.
        let mut shared = earlier.flat_map(|(_, o)| &o.lines).filter(|a| a.sku == later.sku && !a.swapped);
        shared.all(|a| a.ticket < later.ticket)
    })
}

fn nobody_passed(sku: &Sku) -> bool {
    sku.counter.available <= 0 || needed(sku) <= sku.stock.unassigned
}

fn uncovered(sku: &Sku) -> i8 {
    sku.stock.unassigned.cast_signed() - needed(sku).cast_signed() - open(sku).cast_signed()
}

fn covered(sku: &Sku) -> bool {
    sku.counter.available <= uncovered(sku)
}

fn supply_is_exact(sku: &Sku) -> bool {
    sku.stock.supply - sku.counter.units.cast_signed() == uncovered(sku)
}

fn told_stays_covered(sku: &Sku) -> bool {
    let mut ahead = 0;
    sku.rows.iter().zip(&sku.drawn).all(|(row, drawn)| match row {
        None => {
            ahead += drawn;
            true
        }
        Some(row) if row.state == RowState::Live => {
            let promised = row.promised.saturating_sub(row.assigned);
            let lost_since = sku.lost - row.lost_before;
            let there = sku.stock.unassigned + lost_since;
            let kept = promised == 0 || ahead + promised <= there;
            ahead += row.needs();
            kept
        }
        Some(_) => true,
    })
}

/// The order keeps or gives up each unit. Only captured money is refunded, at most once for each change.
fn one_fate(protocol: &Protocol, id: usize, order: &Order) -> bool {
    let gone = order.stage == Stage::Canceled || order.stage == Stage::Refused;
    if order.shipped && (gone || !order.released()) {
        return false;
    }
    let sold: u8 = protocol.size.orders[id].lines.iter().map(|l| l.1).sum();
    let given_up: u8 = order.changes.iter().map(|c| c.units).sum();
    let kept: u8 = order.lines.iter().map(|l| l.quantity).sum();
    let decided = gone || order.stage == Stage::Placed;
    let captured = order.payment == Payment::Captured;
    let once = |paid_back: u8| paid_back == 0 || (paid_back == 1 && captured);
    order.changes.iter().all(|c| once(c.paid_back)) && (!protocol.size.money || !decided || given_up + kept == sold)
}

/// A placed order has its live ticket for each remaining order line. No order has two live tickets for one line.
fn has_tickets(s: &State, id: u8, order: &Order) -> bool {
    (0..).zip(&s.skus).all(|(sku_id, sku)| {
        let mut own = live(sku).filter(|(_, r)| r.order == id);
        let mut lines = order.lines.iter().filter(|l| l.sku == sku_id && l.quantity > 0);
        let agree = match (own.next(), lines.next()) {
            (None, None) => true,
            (Some((n, r)), Some(l)) => {
                (n, r.quantity, r.assigned) == (l.ticket, l.quantity, l.assigned) && order.stage == Stage::Placed
            }
            _ => false,
        };
        agree && own.next().is_none()
    })
}

fn is_terminal(protocol: &Protocol, s: &State) -> bool {
    let idle = s.placers.is_empty() && s.fills.is_empty() && s.publishers.is_empty();
    let mut steps = Vec::new();
    if idle {
        protocol.actions(s, &mut steps);
    }
    idle && steps.is_empty()
}

/// Orders are placed, refused or canceled, and refunded. Numbers are resolved and the supply is published. No unit is
/// unassigned while a ticket waits.
fn nothing_left(s: &State) -> bool {
    s.skus.iter().all(|k| {
        let waits = needed(k) > 0;
        k.counter.last == k.stock.accounted
            && k.counter.units == k.stock.resolved_units
            && k.counter.stamp == k.stock.version
            && k.counter.available == uncovered(k)
            && !(waits && k.stock.unassigned > 0)
            && !k.wake
    }) && s.orders.iter().all(settled)
}

fn settled(order: &Order) -> bool {
    let decided = !matches!(order.stage, Stage::Absent | Stage::Placing) && !order.swapping;
    let paid = order.payment == Payment::Captured;
    let refunded = order.changes.iter().all(|c| c.recorded && (c.paid_back == u8::from(paid)));
    decided && refunded
}

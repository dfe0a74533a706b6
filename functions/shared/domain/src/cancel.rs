//! Cancels unshipped units: on request (R12), after too long a wait (R15), or when a product is discontinued.

use jiff::Timestamp;
use serde::Serialize;
use thiserror::Error;

use crate::names::{CallerId, Sku};
use crate::order::{Line, Order, Stage};
use crate::policy::Policy;
use crate::refund::{self, AccountingError, Change, ChangeKind, ChangedLine};
use crate::stock::{Units, put, take, total};

/// The most partial changes of one order. The order stores each change for good. With
/// [`crate::shipment::MAX_SHIPMENTS`] and the longest lines and texts, an order stays below the 400 KB of an item, and
/// its refunds fit one page of the payment provider's list.
pub const MAX_CHANGES: usize = 40;

/// Units of one line to cancel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CancelLine {
    /// The line, counted from 0.
    pub line: usize,
    /// Units of the line. Absent: all units that have not shipped.
    pub quantity: Option<i64>,
}

/// A request to cancel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CancelRequest {
    /// The caller's id of the change: its idempotency key.
    pub change_id: CallerId,
    /// The lines to cancel. Absent: all units of the order that have not shipped.
    pub lines: Option<Vec<CancelLine>>,
    /// The reason, in the caller's words.
    pub reason: Option<String>,
    /// Whether the shop asks, not the customer. The fingerprint ignores this field: a repeat may come from either.
    pub by_shop: bool,
}

/// Why units cannot be canceled. Numbers in the variants are indexes of the request's lines.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the messages document the variants")]
pub enum CancelError {
    #[error("change_id was used for another change of this order")]
    IdReused,
    #[error("the order has no such line")]
    UnknownLine(usize),
    #[error("it has shipped already")]
    AlreadyShipped,
    #[error("it is canceled already")]
    AlreadyCanceled,
    #[error("the line has not that many units that can still be canceled")]
    NotThatMany(usize),
    #[error("the order is still being placed; ask again in a minute, or cancel all of it")]
    StillPlacing,
    #[error("the order has been changed {MAX_CHANGES} times; cancel the rest as a whole")]
    TooManyChanges,
    #[error(transparent)]
    Accounting(#[from] AccountingError),
}

/// The units that a cancel or a swap takes from one line. The line's ticket shrinks or is canceled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// The line, counted from 0.
    pub line: usize,
    /// The product.
    pub sku: Sku,
    /// The line's ticket.
    pub ticket: u64,
    /// Units that the order no longer wants.
    pub units: i64,
    /// The assigned ones among these units. They become unassigned again.
    pub back: Units,
    /// The ticket's `quantity` before.
    pub row_quantity: i64,
    /// The ticket's `assigned` before.
    pub row_assigned: Units,
}

/// A change to commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancelation {
    /// The order afterwards.
    pub order: Order,
    /// The units taken from each line. Empty while the order has no tickets.
    pub given_up: Vec<GivenUp>,
}

/// The order after the change. `None`: this change was made before.
pub fn cancel(
    order: &Order,
    request: &CancelRequest,
    fingerprint: &str,
    policy: &Policy,
    now: Timestamp,
) -> Result<Option<Cancelation>, CancelError> {
    if let Some(known) = order.changes.get(request.change_id.as_str()) {
        return if known.request == fingerprint { Ok(None) } else { Err(CancelError::IdReused) };
    }
    if order.changes.len() >= MAX_CHANGES && request.lines.is_some() {
        return Err(CancelError::TooManyChanges);
    }
    let wanted = wanted(order, request)?;
    let mut change = Change::new(ChangeKind::Canceled, now, fingerprint.to_owned());
    change.reason = request.reason.clone();
    change.by_shop = request.by_shop;
    Ok(Some(without(order, &wanted, request.change_id.as_str(), change, policy)?))
}

/// Cancels the `wanted` units (line, units), which must still be open. `change` gets the lines and the refund.
fn without(
    order: &Order,
    wanted: &[(usize, i64)],
    change_id: &str,
    mut change: Change,
    policy: &Policy,
) -> Result<Cancelation, AccountingError> {
    let now = change.at;
    let mut after = order.clone();
    let mut given_up = Vec::new();
    for &(index, units) in wanted {
        let Some(line) = after.lines.get_mut(index) else { continue };
        let amount = refund::for_units(line, units);
        if order.stage == Stage::Placed {
            given_up.push(give_up(index, line, units)?);
        }
        line.canceled += units;
        line.refunded += amount;
        change.lines.push(ChangedLine { line: index, units, amount });
    }
    if order.stage == Stage::Placing {
        after.stage = Stage::Canceled;
    }
    let shipping = if refund::with_shipping(&after) { after.shipping } else { 0 };
    change.refund = change.lines.iter().map(|line| line.amount).sum::<i64>() + shipping;
    change.parts = refund::parts(order, change.refund)?;
    after.changes.insert(change_id.to_owned(), change);
    after.version += 1;
    after.decide_release(policy, now);
    Ok(Cancelation { order: after, given_up })
}

/// Why the wait of an order line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending<'a> {
    /// This line, counted from 0, waited too long (R15).
    Expired(usize),
    /// This product is discontinued.
    Discontinued(&'a Sku),
}

/// Cancels the units whose wait ends. `None`: no wait ends. Expiry cancels all unshipped units of the order. If the
/// order may leave in parts, expiry cancels only waiting lines that have waited at least as long as the expired line. A
/// swap starts a line's wait again (R14). Discontinuation cancels the product's units that are not assigned; assigned
/// units still ship.
pub fn end_waiting(
    order: &Order,
    ending: Ending<'_>,
    policy: &Policy,
    now: Timestamp,
) -> Result<Option<Cancelation>, AccountingError> {
    if order.stage != Stage::Placed {
        return Ok(None);
    }
    let in_parts = order.in_parts(policy);
    let due = match ending {
        Ending::Expired(at) => order.lines.get(at).filter(|line| line.waiting() > 0),
        Ending::Discontinued(_) => None,
    };
    let as_long = |line: &Line| due.is_some_and(|due| order.stands_since(line) <= order.stands_since(due));
    let gives_up = |line: &Line| match ending {
        Ending::Expired(_) if due.is_none() => 0,
        Ending::Expired(_) if in_parts && (line.waiting() == 0 || !as_long(line)) => 0,
        Ending::Expired(_) => line.open(),
        Ending::Discontinued(sku) if line.sku == *sku => line.waiting(),
        Ending::Discontinued(_) => 0,
    };
    let waits = order.lines.iter().any(|line| line.waiting() > 0 && gives_up(line) > 0);
    let wanted = order.lines.iter().map(gives_up).enumerate().filter(|(_, units)| *units > 0);
    let wanted: Vec<_> = wanted.filter(|_| waits).collect();
    let (kind, word) = match ending {
        Ending::Expired(_) => (ChangeKind::Expired, "expired"),
        Ending::Discontinued(_) => (ChangeKind::Discontinued, "discontinued"),
    };
    // An order may wait again after a loss of units, so the id has a number. No caller can choose an id with a colon.
    let change_id = format!("{word}:{}", order.changes.len() + 1);
    let change = Change::new(kind, now, String::new());
    if wanted.is_empty() { Ok(None) } else { without(order, &wanted, &change_id, change, policy).map(Some) }
}

/// The lines to cancel, with their units. An order without tickets can only be canceled as a whole.
fn wanted(order: &Order, request: &CancelRequest) -> Result<Vec<(usize, i64)>, CancelError> {
    if matches!(order.stage, Stage::Refused | Stage::Canceled) {
        return Err(CancelError::AlreadyCanceled);
    }
    let Some(lines) = request.lines.as_ref() else {
        let open: Vec<_> = order.lines.iter().enumerate().map(|(at, line)| (at, line.open())).collect();
        let open: Vec<_> = open.into_iter().filter(|(_, units)| *units > 0).collect();
        return match order.lines.iter().any(|line| !line.shipped.is_empty()) {
            _ if !open.is_empty() => Ok(open),
            true => Err(CancelError::AlreadyShipped),
            false => Err(CancelError::AlreadyCanceled),
        };
    };
    if order.stage == Stage::Placing {
        return Err(CancelError::StillPlacing);
    }
    lines.iter().enumerate().map(|(at, asked)| wanted_of_line(order, at, asked)).collect()
}

fn wanted_of_line(order: &Order, at: usize, asked: &CancelLine) -> Result<(usize, i64), CancelError> {
    let line = order.lines.get(asked.line).ok_or(CancelError::UnknownLine(at))?;
    match (line.open(), asked.quantity) {
        (0, _) if line.shipped.is_empty() => Err(CancelError::AlreadyCanceled),
        (0, _) => Err(CancelError::AlreadyShipped),
        (open, Some(quantity)) if quantity > open => Err(CancelError::NotThatMany(at)),
        (open, quantity) => Ok((asked.line, quantity.unwrap_or(open))),
    }
}

/// Takes units from a line: first the units that the line waits for, then assigned units.
pub(crate) fn give_up(index: usize, line: &mut Line, units: i64) -> Result<GivenUp, AccountingError> {
    let mut row_assigned = line.shipped.clone();
    for (warehouse, quantity) in &line.assigned {
        put(&mut row_assigned, warehouse, *quantity);
    }
    let row_quantity = line.quantity - line.canceled;
    let mut left = (units - line.waiting()).max(0);
    let mut back = Units::new();
    for (warehouse, held) in line.assigned.clone() {
        let quantity = held.min(left);
        take(&mut line.assigned, &warehouse, quantity);
        put(&mut back, &warehouse, quantity);
        left -= quantity;
    }
    let excess = left.max(total(&back) - units);
    if excess > 0 {
        return Err(AccountingError::NotHeld(excess));
    }
    Ok(GivenUp { line: index, sku: line.sku.clone(), ticket: line.ticket, units, back, row_quantity, row_assigned })
}

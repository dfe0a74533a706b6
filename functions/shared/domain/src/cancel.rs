//! Giving up units before they ship: of everything, or of named lines (R12), by the customer or the shop. What ends by
//! itself stands in `ending`.

use jiff::Timestamp;
use serde::Serialize;
use thiserror::Error;

use crate::names::{CallerId, Sku};
use crate::order::{Order, Stage};
use crate::policy::Policy;
use crate::refund::{self, Change, ChangeKind, ChangedLine, RefundStatus};
use crate::stock::{Units, put, take, total};

/// The most changes in parts that one order keeps: each is remembered for good. With as many lines and words as each may
/// have, and [`crate::shipment::MOST_SHIPMENTS`], an order stays below 400 KB, the most that an item may hold; and the
/// refunds of its payment fit one page of the provider's list.
pub const MOST_CHANGES: usize = 40;

/// Units of one line to give up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CancelLine {
    /// Which line, counted from 0.
    pub line: usize,
    /// Units of it; absent: all that has not shipped.
    pub quantity: Option<i64>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CancelRequest {
    /// The caller's id of the change: its idempotency key.
    pub change_id: CallerId,
    /// The lines; absent: all that has not shipped.
    pub lines: Option<Vec<CancelLine>>,
    /// In the words of who asks.
    pub reason: Option<String>,
    /// Whether the shop asks, not the customer. It decides what the mail says, and no part of the fingerprint: a repeat is
    /// known whoever sends it.
    pub by_shop: bool,
}

/// Why nothing can be given up.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CancelError {
    /// The id stands for another change.
    #[error("change_id was used for another change of this order")]
    IdReused,
    /// There is no such line; which of the named ones.
    #[error("the order has no such line")]
    UnknownLine(usize),
    /// It has shipped.
    #[error("it has shipped already")]
    AlreadyShipped,
    /// It is canceled.
    #[error("it is canceled already")]
    AlreadyCanceled,
    /// Fewer units are left; of which of the named lines.
    #[error("the line has not that many units that can still be canceled")]
    NotThatMany(usize),
    /// Part of an order whose places are not yet sure.
    #[error("the order is still being placed; ask again in a minute, or cancel all of it")]
    StillPlacing,
    /// The order has been changed too often.
    #[error("the order has been changed {MOST_CHANGES} times; cancel the rest as a whole")]
    TooManyChanges,
}

/// What one line of the order gives up: its ticket gets smaller, or is canceled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// Which line, counted from 0.
    pub line: usize,
    /// The product.
    pub sku: Sku,
    /// Its place.
    pub ticket: u64,
    /// Units no longer wanted.
    pub units: i64,
    /// Of these, units that were assigned and are free again.
    pub back: Units,
    /// What the ticket's row holds before: units wanted or given.
    pub row_quantity: i64,
    /// What the ticket's row holds before: units given, shipped ones included.
    pub row_assigned: Units,
}

/// A change that is ready to be committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancelation {
    /// The order afterwards.
    pub order: Order,
    /// What each line gives up; nothing while the order has no places yet.
    pub given_up: Vec<GivenUp>,
}

/// The order after the change; `None` where this very change was made before.
///
/// # Errors
/// Why it can't be made.
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
    if order.changes.len() >= MOST_CHANGES && request.lines.is_some() {
        return Err(CancelError::TooManyChanges);
    }
    let wanted = wanted(order, request)?;
    let why = Why {
        change_id: request.change_id.as_str().to_owned(),
        kind: ChangeKind::Canceled,
        reason: request.reason.clone(),
        by_shop: request.by_shop,
        request: fingerprint.to_owned(),
    };
    Ok(Some(without(order, &wanted, why, policy, now)))
}

/// Under which id and for what reason units are given up.
pub(crate) struct Why {
    /// The id of the change.
    pub change_id: String,
    /// What led to it.
    pub kind: ChangeKind,
    /// In the words of who asked.
    pub reason: Option<String>,
    /// Whether the shop asked for it.
    pub by_shop: bool,
    /// The fingerprint of the request.
    pub request: String,
}

/// The order without so many units of these lines, each of which has at least as many open.
pub(crate) fn without(
    order: &Order,
    wanted: &[(usize, i64)],
    why: Why,
    policy: &Policy,
    now: Timestamp,
) -> Cancelation {
    let mut after = order.clone();
    let mut given_up = Vec::new();
    let mut changed = Vec::new();
    for &(index, units) in wanted {
        let Some(line) = after.lines.get_mut(index) else { continue };
        let amount = refund::for_units(line, units);
        given_up.extend((order.stage == Stage::Placed).then(|| give_up(index, line, units)));
        line.canceled += units;
        line.refunded += amount;
        changed.push(ChangedLine { line: index, units, amount });
    }
    if order.stage == Stage::Placing {
        after.stage = Stage::Canceled;
    }
    let shipping = if refund::with_shipping(&after) { after.shipping } else { 0 };
    let refund = changed.iter().map(|line| line.amount).sum::<i64>() + shipping;
    let Why { change_id, kind, reason, by_shop, request } = why;
    let change = Change {
        at: now,
        kind,
        reason,
        by_shop,
        lines: changed,
        refund,
        status: RefundStatus::Due,
        request,
        parts: refund::parts(order, refund),
        swap: None,
    };
    after.changes.insert(change_id, change);
    after.version += 1;
    after.decide_release(policy, now);
    Cancelation { order: after, given_up }
}

/// Which lines give up how many units; an order without places can only be given up whole.
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

/// Takes units from a line: those it waits for first, then assigned ones.
pub(crate) fn give_up(index: usize, line: &mut crate::order::Line, units: i64) -> GivenUp {
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
    debug_assert!(left == 0 && total(&back) <= units);
    GivenUp { line: index, sku: line.sku.clone(), ticket: line.ticket, units, back, row_quantity, row_assigned }
}

//! Swaps a line's open units for a similar product (R14): the price, and the order afterwards. One commit replaces the
//! old place by the new place.

use jiff::Timestamp;
use serde::Serialize;
use thiserror::Error;

use crate::cancel::{Cancelation, MAX_CHANGES, give_up};
use crate::names::{CallerId, PaymentReference, Sku};
use crate::order::{Change, ChangeKind, ChangedLine, Line, Order, RefundStatus, Seen, Stage};
use crate::policy::Policy;
use crate::product::Product;
use crate::refund::{self, AccountingError};

pub use crate::order::{Swap, SwapRefusalReason, Swapped};

/// A request to swap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SwapRequest {
    /// The caller's id of the change: its idempotency key.
    pub change_id: CallerId,
    /// The line, counted from 0.
    pub line: usize,
    /// The product that is wanted instead.
    pub sku: Sku,
    /// The payment of the difference, if the new product costs more.
    pub payment_reference: Option<PaymentReference>,
}

/// Why a swap is refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the messages document the variants")]
pub enum SwapError {
    #[error("change_id was used for another change of this order")]
    IdReused,
    #[error("the order has no such line")]
    UnknownLine,
    #[error("it has shipped already")]
    AlreadyShipped,
    #[error("it is canceled already")]
    AlreadyCanceled,
    #[error("the order is still being placed; ask again in a minute")]
    StillPlacing,
    #[error("another item of the order is being swapped; ask again in a minute")]
    AnotherUnderWay,
    #[error("the order has been changed {MAX_CHANGES} times; cancel the rest as a whole")]
    TooManyChanges,
    #[error("is not among what the shop offers instead of this product")]
    NotSimilar,
    #[error("stands in another line of the order already")]
    InOrder,
    #[error("is not sold in the order's currency")]
    OtherCurrency,
    #[error("is sold {0} at a time; cancel some units of the line first")]
    TooMany(i64),
}

/// The state of a requested swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwapStatus<'a> {
    /// The swap may begin.
    New(&'a Line),
    /// The swap is under way.
    UnderWay(&'a Swap),
    /// The swap is over.
    Over(&'a Change, &'a Swapped),
}

/// Compares the request with the order.
pub fn swap_status<'a>(
    order: &'a Order,
    request: &SwapRequest,
    fingerprint: &str,
) -> Result<SwapStatus<'a>, SwapError> {
    if let Some(known) = order.changes.get(request.change_id.as_str()) {
        let same = known.swap.as_ref().filter(|_| known.request == fingerprint);
        return same.map(|swap| SwapStatus::Over(known, swap)).ok_or(SwapError::IdReused);
    }
    match &order.swap {
        Some(swap) if swap.change_id != request.change_id => return Err(SwapError::AnotherUnderWay),
        Some(swap) if swap.request != fingerprint => return Err(SwapError::IdReused),
        Some(swap) => return Ok(SwapStatus::UnderWay(swap)),
        None => {}
    }
    match order.stage {
        Stage::Placing => return Err(SwapError::StillPlacing),
        Stage::Refused | Stage::Canceled => return Err(SwapError::AlreadyCanceled),
        Stage::Placed => {}
    }
    let line = order.lines.get(request.line).ok_or(SwapError::UnknownLine)?;
    match line.open() {
        0 if line.shipped.is_empty() => Err(SwapError::AlreadyCanceled),
        0 => Err(SwapError::AlreadyShipped),
        _ if order.changes.len() >= MAX_CHANGES => Err(SwapError::TooManyChanges),
        _ if order.lines.iter().any(|other| other.sku == request.sku && other.open() > 0) => Err(SwapError::InOrder),
        _ => Ok(SwapStatus::New(line)),
    }
}

/// Checks that the shop offers `sku` as a replacement for `old`.
pub fn offered(old: &Product, sku: &Sku) -> Result<(), SwapError> {
    if old.similar.contains(sku) { Ok(()) } else { Err(SwapError::NotSimilar) }
}

/// Prepares the swap of all open units of the line, at the new product's present price. Their share of tax and discount
/// moves to the new line; a discount above the new price is reduced to that price.
pub fn begin(
    order: &Order,
    line: &Line,
    request: &SwapRequest,
    fingerprint: &str,
    new: &Product,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Swap, SwapError> {
    if new.price.currency != order.currency {
        return Err(SwapError::OtherCurrency);
    }
    let (units, unit_price) = (line.open(), new.price.amount);
    let paid = refund::for_units(line, units);
    let net = paid - line.unit_price * units;
    // The discount's share is rounded up. The tax is the rest, so it is never below zero.
    let share = -(-line.discount * units).div_euclid(line.quantity.max(1));
    let share = if line.tax == 0 { -net } else { share };
    let (tax, discount) = (net + share, share.min(unit_price * units));
    Ok(Swap {
        change_id: request.change_id.clone(),
        request: fingerprint.to_owned(),
        line: request.line,
        sku: request.sku.clone(),
        units,
        unit_price,
        tax,
        discount,
        difference: unit_price * units - discount + tax - paid,
        payment: request.payment_reference.clone(),
        since: now,
        lease_until,
        lease_count: 1,
        unresolved_draws: None,
    })
}

impl Swap {
    /// The new line, without a place. A swap always accepts a backorder.
    pub fn new_line(&self) -> Line {
        let line = Line::wanted(
            self.sku.clone(),
            self.units,
            self.unit_price,
            self.tax,
            self.discount,
            Some(Seen::OnBackorder),
        );
        Line { swapped_from: Some(self.line), ..line }
    }

    /// Why the swap is no longer possible: its line has changed.
    pub fn overtaken(&self, order: &Order) -> Option<SwapRefusalReason> {
        let line = order.lines.get(self.line)?;
        match line.open() {
            open if open == self.units => None,
            0 if line.shipped.is_empty() => Some(SwapRefusalReason::AlreadyCanceled),
            0 => Some(SwapRefusalReason::AlreadyShipped),
            _ => Some(SwapRefusalReason::NotThatMany),
        }
    }
}

/// The order after the swap. `new`, which already has its place, replaces the open units of the old line.
pub fn commit(
    order: &Order,
    swap: &Swap,
    new: Line,
    policy: &Policy,
    now: Timestamp,
) -> Result<Cancelation, AccountingError> {
    let mut after = order.clone();
    let to = after.lines.len();
    let refund = (-swap.difference).max(0);
    let mut given_up = Vec::new();
    if let Some(line) = after.lines.get_mut(swap.line) {
        given_up.push(give_up(swap.line, line, swap.units)?);
        line.canceled += swap.units;
        line.swapped_to = Some(to);
    }
    after.lines.push(new);
    let change = Change {
        lines: vec![ChangedLine { line: swap.line, units: swap.units, amount: 0 }],
        refund,
        status: if refund > 0 { RefundStatus::Due } else { RefundStatus::Paid },
        parts: refund::parts(order, refund)?,
        swap: Some(swap.record(None)),
        ..Change::new(ChangeKind::Swapped, now, swap.request.clone())
    };
    end_swap(&mut after, swap, change);
    after.decide_release(policy, now);
    Ok(Cancelation { order: after, given_up })
}

/// The order after the swap was refused: every place is as it was, and the payment goes back. `caller_waits`: the
/// caller gets the answer, so no mail is sent.
#[must_use]
pub fn refuse(order: &Order, swap: &Swap, refusal: SwapRefusalReason, caller_waits: bool, now: Timestamp) -> Order {
    let mut after = order.clone();
    let extra = swap.extra();
    let kind = if caller_waits { ChangeKind::SwapRefused } else { ChangeKind::SwapRefusedLater };
    let change = Change {
        refund: extra.as_ref().map_or(0, |extra| extra.amount),
        status: if extra.is_some() { RefundStatus::Due } else { RefundStatus::Paid },
        parts: extra.into_iter().collect(),
        swap: Some(swap.record(Some(refusal))),
        ..Change::new(kind, now, swap.request.clone())
    };
    end_swap(&mut after, swap, change);
    after
}

fn end_swap(order: &mut Order, swap: &Swap, change: Change) {
    order.changes.insert(swap.change_id.as_str().to_owned(), change);
    order.swap = None;
    order.version += 1;
}

//! Stock adjustments and receipts. A loss takes unassigned units first, then units of the newest ticket that has some.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fill::LogEntry;
use crate::names::{CallerId, Sku, Warehouse};
use crate::order::Order;
use crate::policy::Policy;
use crate::stock::{Stock, Units, WrittenBy, take};
use crate::ticket::Ticket;

/// A warehouse's request to adjust its stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentRequest {
    /// The warehouse's id for the adjustment: the idempotency key.
    pub adjustment_id: CallerId,
    /// The product.
    pub sku: Sku,
    /// The warehouse that counted.
    pub warehouse: Warehouse,
    /// Units found (above zero) or lost (below).
    pub quantity: i64,
    /// The reason, in the warehouse's words.
    pub reason: String,
}

/// A stored adjustment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// The request.
    #[serde(flatten)]
    pub request: AdjustmentRequest,
    /// Lost units that are still to be taken from the stock. Zero: the adjustment is done.
    pub remaining: i64,
    /// When the request arrived.
    pub at: Timestamp,
}

/// A stored receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The warehouse's id for the receipt: the idempotency key.
    pub receipt_id: CallerId,
    /// The product.
    pub sku: Sku,
    /// The warehouse that received the units.
    pub warehouse: Warehouse,
    /// Units that came in.
    pub quantity: i64,
}

/// One atomic step of a loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteOff {
    /// The stock afterwards, one version later.
    pub stock: Stock,
    /// Units lost in this step.
    pub units: i64,
    /// The ticket and the order that lose the units, if the units were assigned.
    pub taken_back: Option<TakenBack>,
}

/// Assigned units that an order loses. The order keeps its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// The ticket.
    pub ticket: u64,
    /// The ticket's row, as it was read.
    pub before: Ticket,
    /// The ticket's row afterwards.
    pub after: Ticket,
    /// The order afterwards, one version later.
    pub order: Order,
    /// The log entry.
    pub entry: LogEntry,
}

fn lose(stock: &Stock, warehouse: &Warehouse, units: i64) -> Stock {
    let mut after = stock.clone();
    take(&mut after.received, warehouse, units);
    after.supply -= units;
    after.written_off += units;
    after.version += 1;
    after.written_by = WrittenBy::Adjustment;
    after
}

/// Takes up to `wanted` unassigned units. `None`: the warehouse has no unassigned units.
#[must_use]
pub fn from_unassigned(stock: &Stock, warehouse: &Warehouse, wanted: i64) -> Option<WriteOff> {
    let units = stock.unassigned.get(warehouse).copied().unwrap_or_default().min(wanted);
    if units == 0 {
        return None;
    }
    let mut after = lose(stock, warehouse, units);
    take(&mut after.unassigned, warehouse, units);
    Some(WriteOff { stock: after, units, taken_back: None })
}

/// Takes units back from `ticket`, the newest ticket with units in this warehouse. `None`: all its units have shipped.
#[must_use]
pub fn from_ticket(
    stock: &Stock,
    adjustment: &Adjustment,
    ticket: u64,
    row: &Ticket,
    order: &Order,
    policy: &Policy,
    now: Timestamp,
) -> Option<WriteOff> {
    let AdjustmentRequest { adjustment_id, warehouse, .. } = &adjustment.request;
    let mut changed = order.clone();
    let line = changed.lines.get_mut(row.line)?;
    let units = line.assigned.get(warehouse).copied().unwrap_or_default().min(adjustment.remaining);
    if units == 0 {
        return None;
    }
    take(&mut line.assigned, warehouse, units);
    line.lost += units;
    changed.version += 1;
    changed.decide_release(policy, now);
    let mut lost_row = row.clone();
    take(&mut lost_row.assigned, warehouse, units);
    lost_row.lost += units;
    // The ticket's wait starts again: the time in which it had its units does not count towards its expiry.
    lost_row.expires_at = policy.expires_at(now);
    let mut after = lose(stock, warehouse, units);
    after.fill_watermark = after.fill_watermark.min(ticket.saturating_sub(1));
    let entry = LogEntry {
        number: stock.log_length + 1,
        at: now,
        gave: Vec::new(),
        took_back: vec![(ticket, Units::from([(warehouse.clone(), units)]))],
        adjustment_id: Some(adjustment_id.clone()),
        voided: 0,
        resolved_watermark: stock.resolved_watermark,
        before: stock.log_hash.clone(),
    };
    after.log_length += 1;
    after.log_hash = entry.hash();
    let taken_back = TakenBack { ticket, before: row.clone(), after: lost_row, order: changed, entry };
    Some(WriteOff { stock: after, units, taken_back: Some(taken_back) })
}

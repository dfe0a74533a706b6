//! A parcel leaves: which of the order's units go with it, and when that is not possible.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::names::{CallerId, Warehouse};
use crate::order::{Order, OrderStatus, Stage};
use crate::stock::{put, take};

/// The most parcels of one order: each is remembered for good, and an item of the table has its bounds.
pub const MOST_SHIPMENTS: usize = 100;

/// Units of one line in a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelLine {
    /// Which line, counted from 0.
    pub line: usize,
    /// Units of it.
    pub quantity: i64,
}

/// A parcel that left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// Where it left from.
    pub warehouse: Warehouse,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's number.
    pub tracking_number: String,
    /// What is in it.
    pub lines: Vec<ParcelLine>,
    /// When it left.
    pub shipped_at: Timestamp,
    /// The fingerprint of the request.
    pub request: String,
}

/// What the warehouse asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShipmentRequest {
    /// The id the warehouse gave it: its idempotency key.
    pub shipment_id: CallerId,
    /// Where it leaves from.
    pub warehouse: Warehouse,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's number.
    pub tracking_number: String,
    /// What is in it; absent: all of the order that lies in that warehouse.
    pub lines: Option<Vec<ParcelLine>>,
}

/// Why a parcel must not be handed over.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ShipmentError {
    /// The id stands for another parcel.
    #[error("shipment_id was used for another shipment of this order")]
    IdReused,
    /// The order is canceled.
    #[error("the order is canceled")]
    AlreadyCanceled,
    /// Everything has shipped.
    #[error("everything of this order has shipped")]
    AlreadyShipped,
    /// The order may not ship yet.
    #[error("the order is not released for shipping")]
    NotReleased,
    /// The order has left in too many parcels.
    #[error("the order has left in {MOST_SHIPMENTS} parcels; no further one can be remembered")]
    TooManyShipments,
    /// There is no such line; which of the named ones.
    #[error("the order has no such line")]
    UnknownLine(usize),
    /// The order has less in that warehouse.
    #[error("the order has not that many units assigned in this warehouse")]
    NotThatMany,
}

/// The order after the parcel left; `None` where this very parcel has left before.
///
/// # Errors
/// Why it must not leave.
pub fn ship(
    order: &Order,
    request: &ShipmentRequest,
    fingerprint: &str,
    now: Timestamp,
) -> Result<Option<(Order, Shipment)>, ShipmentError> {
    if let Some(known) = order.shipments.get(request.shipment_id.as_str()) {
        return if known.request == fingerprint { Ok(None) } else { Err(ShipmentError::IdReused) };
    }
    check(order)?;
    if order.shipments.len() >= MOST_SHIPMENTS {
        return Err(ShipmentError::TooManyShipments);
    }
    let lines = contents(order, request);
    let mut after = order.clone();
    for (at, part) in lines.iter().enumerate() {
        let line = after.lines.get_mut(part.line).ok_or(ShipmentError::UnknownLine(at))?;
        let held = line.assigned.get(&request.warehouse).copied().unwrap_or_default();
        if part.quantity > held {
            return Err(ShipmentError::NotThatMany);
        }
        take(&mut line.assigned, &request.warehouse, part.quantity);
        put(&mut line.shipped, &request.warehouse, part.quantity);
    }
    if lines.is_empty() {
        return Err(ShipmentError::NotThatMany);
    }
    let shipment = Shipment {
        warehouse: request.warehouse.clone(),
        carrier: request.carrier.clone(),
        tracking_number: request.tracking_number.clone(),
        lines,
        shipped_at: now,
        request: fingerprint.to_owned(),
    };
    if after.status() == OrderStatus::Shipped {
        after.ship_by = None;
    }
    after.version += 1;
    after.shipments.insert(request.shipment_id.as_str().to_owned(), shipment.clone());
    Ok(Some((after, shipment)))
}

fn check(order: &Order) -> Result<(), ShipmentError> {
    match order.status() {
        OrderStatus::Canceled | OrderStatus::Refused => Err(ShipmentError::AlreadyCanceled),
        OrderStatus::Shipped => Err(ShipmentError::AlreadyShipped),
        _ if order.stage != Stage::Placed || order.released_at.is_none() => Err(ShipmentError::NotReleased),
        _ => Ok(()),
    }
}

fn contents(order: &Order, request: &ShipmentRequest) -> Vec<ParcelLine> {
    if let Some(lines) = &request.lines {
        return lines.clone();
    }
    let held = order.lines.iter().enumerate().map(|(line, state)| ParcelLine {
        line,
        quantity: state.assigned.get(&request.warehouse).copied().unwrap_or_default(),
    });
    held.filter(|part| part.quantity > 0).collect()
}

//! Shipping: the units that leave with a parcel, and why a parcel must not leave.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use thiserror::Error;

use crate::names::{CallerId, Sku, Warehouse};
use crate::order::{Line, Order, OrderStatus, Stage};
use crate::policy::Policy;
use crate::stock::{Units, put, take};

pub use crate::order::{ParcelLine, Shipment};

/// The most parcels of one order. The order stores each parcel, and a table item has a size limit.
pub const MAX_SHIPMENTS: usize = 100;

/// A parcel that the warehouse reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ShipmentRequest {
    /// The warehouse's id for the parcel: the idempotency key.
    pub shipment_id: CallerId,
    pub warehouse: Warehouse,
    pub carrier: String,
    pub tracking_number: String,
    /// The parcel's contents. Absent: all units of the order in that warehouse.
    pub lines: Option<Vec<ParcelLine>>,
}

/// Why a parcel must not leave. `UnknownLine` has the index in the request's lines.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the messages document the variants")]
pub enum ShipmentError {
    #[error("shipment_id was used for another shipment of this order")]
    IdReused,
    #[error("the order is canceled")]
    AlreadyCanceled,
    #[error("everything of this order has shipped")]
    AlreadyShipped,
    #[error("the order is not released for shipping")]
    NotReleased,
    #[error("the order has left in {MAX_SHIPMENTS} parcels; no further one can be remembered")]
    TooManyShipments,
    #[error("the order has no such line")]
    UnknownLine(usize),
    #[error("the order leaves the country: all of it ships in one parcel")]
    OneShipment,
    #[error("the order has not that many units assigned in this warehouse")]
    NotThatMany,
}

/// A parcel that leaves, and its units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The order afterwards, one version later.
    pub order: Order,
    /// The parcel.
    pub shipment: Shipment,
    /// The units that leave, by product and warehouse.
    pub units: BTreeMap<Sku, Units>,
}

/// Ships a parcel. `None`: this parcel has already left.
pub fn ship(
    order: &Order,
    request: &ShipmentRequest,
    fingerprint: &str,
    policy: &Policy,
    now: Timestamp,
) -> Result<Option<Departure>, ShipmentError> {
    if let Some(known) = order.shipments.get(request.shipment_id.as_str()) {
        return if known.request == fingerprint { Ok(None) } else { Err(ShipmentError::IdReused) };
    }
    check(order)?;
    if order.shipments.len() >= MAX_SHIPMENTS {
        return Err(ShipmentError::TooManyShipments);
    }
    let abroad = order.abroad(policy);
    let lines = if abroad { whole(order, request)? } else { contents(order, request) };
    let mut after = order.clone();
    let mut units: BTreeMap<Sku, Units> = BTreeMap::new();
    for (at, part) in lines.iter().enumerate() {
        let line = after.lines.get_mut(part.line).ok_or(ShipmentError::UnknownLine(at))?;
        let from = if abroad { line.assigned.clone() } else { from_one(line, &request.warehouse, part.quantity)? };
        for (warehouse, quantity) in &from {
            take(&mut line.assigned, warehouse, *quantity);
            put(&mut line.shipped, warehouse, *quantity);
            put(units.entry(line.sku.clone()).or_default(), warehouse, *quantity);
        }
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
    after.forget_ship_by();
    after.version += 1;
    after.shipments.insert(request.shipment_id.as_str().to_owned(), shipment.clone());
    Ok(Some(Departure { order: after, shipment, units }))
}

fn from_one(line: &Line, warehouse: &Warehouse, quantity: i64) -> Result<Units, ShipmentError> {
    if quantity > line.assigned.get(warehouse).copied().unwrap_or_default() {
        return Err(ShipmentError::NotThatMany);
    }
    Ok(Units::from([(warehouse.clone(), quantity)]))
}

/// All units still to ship, from every warehouse (R10). The named warehouse must hold some of them.
fn whole(order: &Order, request: &ShipmentRequest) -> Result<Vec<ParcelLine>, ShipmentError> {
    let open = order.lines.iter().enumerate().map(|(line, state)| ParcelLine { line, quantity: state.open() });
    let open: Vec<_> = open.filter(|part| part.quantity > 0).collect();
    for (at, part) in request.lines.iter().flatten().enumerate() {
        order.lines.get(part.line).ok_or(ShipmentError::UnknownLine(at))?;
    }
    let same = |lines: &Vec<ParcelLine>| lines.len() == open.len() && open.iter().all(|part| lines.contains(part));
    let all_there = order.lines.iter().all(|line| line.waiting() == 0);
    if !all_there || !request.lines.as_ref().is_none_or(same) {
        return Err(ShipmentError::OneShipment);
    }
    let there = order.lines.iter().any(|line| line.assigned.contains_key(&request.warehouse));
    if there { Ok(open) } else { Err(ShipmentError::NotThatMany) }
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

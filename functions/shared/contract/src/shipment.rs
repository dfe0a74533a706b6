//! `POST /orders/{id}/shipments`: request checks, and the reasons why a parcel must not leave.

use std::collections::BTreeSet;

use domain::field_error::FieldErrors;
use domain::names::{CallerId, Warehouse};
use domain::placement::{MAX_LINES, MAX_UNITS};
use domain::shipment::{ParcelLine, ShipmentError, ShipmentRequest};
use serde::Deserialize;

use crate::placement::{quantity, words};
use crate::problem::{Code, Problem};

/// The request body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipmentBody {
    shipment_id: String,
    warehouse: String,
    carrier: String,
    tracking_number: String,
    #[serde(default)]
    lines: Option<Vec<ParcelLineBody>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParcelLineBody {
    line: i64,
    quantity: i64,
}

impl ShipmentBody {
    /// The request, or all faults with their fields.
    pub fn checked(self) -> Result<ShipmentRequest, FieldErrors> {
        let mut errors = FieldErrors::default();
        let shipment_id = errors.take("shipment_id", CallerId::new(self.shipment_id));
        let warehouse = errors.take("warehouse", Warehouse::new(self.warehouse));
        errors.take("carrier", words(&self.carrier, 100));
        errors.take("tracking_number", words(&self.tracking_number, 100));
        let lines = self.lines.map(|lines| checked_lines(&lines, &mut errors));
        let request = shipment_id.zip(warehouse).map(|(shipment_id, warehouse)| ShipmentRequest {
            shipment_id,
            warehouse,
            carrier: self.carrier,
            tracking_number: self.tracking_number,
            lines,
        });
        errors.or_else(request)
    }
}

fn checked_lines(bodies: &[ParcelLineBody], errors: &mut FieldErrors) -> Vec<ParcelLine> {
    if bodies.is_empty() || bodies.len() > MAX_LINES {
        errors.add("lines", format!("must name 1 to {MAX_LINES} lines; leave it out to ship all"));
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        let units = errors.take(&format!("lines[{at}].quantity"), quantity(body.quantity, MAX_UNITS));
        match usize::try_from(body.line).ok().filter(|line| *line > 0).map(|line| line - 1) {
            Some(line) if seen.insert(line) => lines.extend(units.map(|quantity| ParcelLine { line, quantity })),
            Some(_) => errors.add(format!("lines[{at}].line"), "is named twice"),
            None => errors.add(format!("lines[{at}].line"), "must be the number of a line, from 1"),
        }
    }
    lines
}

impl From<ShipmentError> for Problem {
    fn from(error: ShipmentError) -> Self {
        let detail = error.to_string();
        match error {
            ShipmentError::IdReused => Self::field(Code::IdReused, "shipment_id", detail),
            ShipmentError::AlreadyCanceled => Self::new(Code::AlreadyCanceled, detail),
            ShipmentError::AlreadyShipped => Self::new(Code::AlreadyShipped, detail),
            ShipmentError::NotReleased => Self::new(Code::NotReleased, detail),
            ShipmentError::TooManyShipments => Self::new(Code::TooManyChanges, detail),
            ShipmentError::OneShipment => Self::field(Code::OneShipment, "lines", detail),
            ShipmentError::UnknownLine(at) => Self::field(Code::Invalid, format!("lines[{at}].line"), detail),
            ShipmentError::NotThatMany => Self::field(Code::NotThatMany, "warehouse", detail),
        }
    }
}

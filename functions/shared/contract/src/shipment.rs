//! `POST /orders/{id}/shipments`: checking the request, and why a parcel must not be handed over.

use std::collections::BTreeSet;

use domain::fault::Faults;
use domain::names::{CallerId, Warehouse};
use domain::placement::{MOST_LINES, MOST_UNITS};
use domain::shipment::{ParcelLine, ShipmentError, ShipmentRequest};
use serde::Deserialize;

use crate::placement::{quantity, words};
use crate::problem::{Code, Problem};

/// The body.
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
    /// The command, or every fault with its field.
    pub fn checked(self) -> Result<ShipmentRequest, Faults> {
        let mut faults = Faults::default();
        let shipment_id = faults.take("shipment_id", CallerId::new(self.shipment_id));
        let warehouse = faults.take("warehouse", Warehouse::new(self.warehouse));
        faults.take("carrier", words(&self.carrier, 100));
        faults.take("tracking_number", words(&self.tracking_number, 100));
        let lines = self.lines.map(|lines| checked_lines(&lines, &mut faults));
        let request = shipment_id.zip(warehouse).map(|(shipment_id, warehouse)| ShipmentRequest {
            shipment_id,
            warehouse,
            carrier: self.carrier,
            tracking_number: self.tracking_number,
            lines,
        });
        faults.or_else(request)
    }
}

fn checked_lines(bodies: &[ParcelLineBody], faults: &mut Faults) -> Vec<ParcelLine> {
    if bodies.is_empty() || bodies.len() > MOST_LINES {
        faults.add("lines", format!("must name 1 to {MOST_LINES} lines; leave it out to ship all"));
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        let units = faults.take(&format!("lines[{at}].quantity"), quantity(body.quantity, MOST_UNITS));
        match usize::try_from(body.line).ok().filter(|line| *line > 0).map(|line| line - 1) {
            Some(line) if seen.insert(line) => lines.extend(units.map(|quantity| ParcelLine { line, quantity })),
            Some(_) => faults.add(format!("lines[{at}].line"), "is named twice"),
            None => faults.add(format!("lines[{at}].line"), "must be the number of a line, from 1"),
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

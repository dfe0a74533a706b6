//! A parcel that left, as the order remembers it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::names::Warehouse;

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

//! A product's stock and counter, as they are stored.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::names::{Sku, Warehouse};

/// Units by warehouse. A warehouse without units may be absent.
pub type Units = BTreeMap<Warehouse, i64>;

/// The sum over all warehouses.
pub fn total(units: &Units) -> i64 {
    units.values().sum()
}

/// Adds units to a warehouse; zero or less adds nothing.
pub fn put(units: &mut Units, warehouse: &Warehouse, quantity: i64) {
    if quantity > 0 {
        *units.entry(warehouse.clone()).or_default() += quantity;
    }
}

/// Takes units from a warehouse, at most all that it has. A warehouse without units is removed.
pub fn take(units: &mut Units, warehouse: &Warehouse, quantity: i64) {
    if let Some(held) = units.get_mut(warehouse) {
        *held -= quantity;
        if *held <= 0 {
            units.remove(warehouse);
        }
    }
}

/// The counter of a product. A sale is one conditional write to the counter, even under the load of a launch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// The product.
    pub sku: Sku,
    /// The last number drawn.
    pub last_ticket: u64,
    /// Units ever drawn.
    pub units_issued: i64,
    /// Supply less all units drawn. Above zero, units are for sale; below zero, units wait.
    pub available: i64,
    /// The version of the stock whose supply is in `available`.
    pub stamp: u64,
    /// The backlog is closed. Only available units can be drawn.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// The counter's partition in the to-do index, set while drawn numbers may be unresolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub todo: Option<String>,
}

/// The last writer of the stock. This record keeps a fill from waking itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum WrittenBy {
    Product,
    Arrival,
    Cancel,
    Adjustment,
    Fill,
}

/// The units of a product, and how far its backlog was served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// The product.
    pub sku: Sku,
    /// The fill watermark: every ticket up to this number is full, canceled or closed.
    #[serde(rename = "filled_through")]
    pub fill_watermark: u64,
    /// The resolved watermark: every number up to this number is a ticket or a closed gap.
    #[serde(rename = "accounted_through")]
    pub resolved_watermark: u64,
    /// Units drawn up to the last resolved number whose units are known. The next ticket reveals a closed gap's units.
    #[serde(rename = "accounted_units")]
    pub resolved_units: i64,
    /// The highest ticket that ever got a unit.
    pub given_through: u64,
    /// The gaps up to this number already existed at `seen_at`.
    pub seen_through: u64,
    /// When `seen_through` was written. This instant tells the age of gaps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
    /// Units that arrived and belong to no order yet.
    pub unassigned: Units,
    /// Units ever received, less lost units, plus found units (I1).
    pub received: Units,
    /// Units that adjustments ever took away: lost or damaged.
    pub written_off: i64,
    /// Units ever released to the backlog: received, given back, voided, less written off.
    pub supply: i64,
    /// Grows by one with every change of units.
    pub version: u64,
    /// Entries in the fill log.
    pub log_length: u64,
    /// The hash of the log's last entry.
    pub log_hash: String,
    /// The last writer.
    pub written_by: WrittenBy,
    /// The product is discontinued. The units that orders wait for are canceled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub discontinued: bool,
    /// When units last came in: received, found, or given back by an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
}

impl Stock {
    /// The stock of a product that was never received.
    pub fn empty(sku: Sku) -> Self {
        Self {
            sku,
            fill_watermark: 0,
            resolved_watermark: 0,
            resolved_units: 0,
            given_through: 0,
            seen_through: 0,
            seen_at: None,
            unassigned: Units::new(),
            received: Units::new(),
            written_off: 0,
            supply: 0,
            version: 0,
            log_length: 0,
            log_hash: String::new(),
            written_by: WrittenBy::Product,
            discontinued: false,
            arrived_at: None,
        }
    }

    /// Units that belong to no order.
    pub fn unassigned_total(&self) -> i64 {
        total(&self.unassigned)
    }
}

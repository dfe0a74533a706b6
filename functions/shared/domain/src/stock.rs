//! The stock of a product and its counter, as they are stored.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::names::{Sku, Warehouse};

/// Units by warehouse; a warehouse without units need not be named.
pub type Units = BTreeMap<Warehouse, i64>;

/// The sum over all warehouses.
#[must_use]
pub fn total(units: &Units) -> i64 {
    units.values().sum()
}

/// Adds units of one warehouse to another's count.
pub fn put(units: &mut Units, warehouse: &Warehouse, quantity: i64) {
    if quantity > 0 {
        *units.entry(warehouse.clone()).or_default() += quantity;
    }
}

/// Takes units of a warehouse away, no more than there are; at zero the warehouse is removed.
pub fn take(units: &mut Units, warehouse: &Warehouse, quantity: i64) {
    if let Some(held) = units.get_mut(warehouse) {
        *held -= quantity;
        if *held <= 0 {
            units.remove(warehouse);
        }
    }
}

/// The counter of a product. A sale is one conditional write of it, also under the load of a launch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// The product.
    pub sku: Sku,
    /// The number drawn last.
    pub last_ticket: u64,
    /// Units ever drawn.
    pub units_issued: i64,
    /// Supply less all units drawn: above zero for sale, below zero units wait.
    pub available: i64,
    /// The stock version whose supply `available` shows.
    pub stamp: u64,
    /// The backlog is closed: only available units can be drawn.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Set while numbers may be drawn that are not accounted: its partition in the to-do index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub todo: Option<String>,
}

/// The last writer of the stock. A fill is not woken by its own writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenBy {
    /// The product was put.
    Product,
    /// Goods came in.
    Arrival,
    /// An order or part of it was canceled.
    Cancel,
    /// The shelf was counted.
    Adjustment,
    /// The fill.
    Fill,
}

/// The units of a product, and how far its backlog was served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// The product.
    pub sku: Sku,
    /// The cursor: every ticket up to it is full, canceled or closed.
    #[serde(rename = "filled_through")]
    pub fill_watermark: u64,
    /// Every ticket up to it is resolved and its units are resolved.
    #[serde(rename = "accounted_through")]
    pub resolved_watermark: u64,
    /// Units drawn up to the last accounted number whose units are known: a closed one's are known at the next ticket.
    #[serde(rename = "accounted_units")]
    pub resolved_units: i64,
    /// The highest ticket that was ever given a unit.
    pub given_through: u64,
    /// A missing number up to here was already missing at `seen_at`.
    pub seen_through: u64,
    /// When `seen_through` was noted: the age of gaps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
    /// Arrived units not yet given to an order.
    pub unassigned: Units,
    /// Units ever received, and adjusted since (I1).
    pub received: Units,
    /// Units ever lost or damaged: what adjustments took away.
    pub written_off: i64,
    /// Units ever released to the line: received, given back, voided, less written off.
    pub supply: i64,
    /// One more with every change of units.
    pub version: u64,
    /// Entries in the fill log.
    pub log_length: u64,
    /// The hash of the log's last entry.
    pub log_hash: String,
    /// Who wrote last.
    pub written_by: WrittenBy,
    /// The product is discontinued: orders that wait for it are ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub discontinued: bool,
    /// When units last came in: received, found, or given back by an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
}

impl Stock {
    /// The stock of a product that was never received.
    #[must_use]
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

    /// Units that no order has been given.
    #[must_use]
    pub fn unassigned_total(&self) -> i64 {
        total(&self.unassigned)
    }
}

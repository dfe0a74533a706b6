//! A line of an order: one sku and quantity, and the state of each of its units.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::purchase::Seen;
use crate::dates::DateWindow;
use crate::names::Sku;
use crate::stock::{Units, total};

/// One sku and quantity of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What was bought.
    pub sku: Sku,
    /// Units bought, 1 to 1,000.
    pub quantity: i64,
    /// Price of a unit, minor units.
    pub unit_price: i64,
    /// Tax on the line, minor units.
    #[serde(default, skip_serializing_if = "zero")]
    pub tax: i64,
    /// Discount on the line, minor units.
    #[serde(default, skip_serializing_if = "zero")]
    pub discount: i64,
    /// What the page showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// Its place in the product's line; 0 until it has one.
    #[serde(default, skip_serializing_if = "none_yet")]
    pub ticket: u64,
    /// Units drawn from the line's beginning up to and with its ticket.
    #[serde(default, skip_serializing_if = "zero")]
    pub units_through: i64,
    /// Units that were not there when it was bought.
    #[serde(default, skip_serializing_if = "zero")]
    pub backordered: i64,
    /// The ship date it was promised (R18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<DateWindow>,
    /// Units given to it and not yet shipped.
    #[serde(default, skip_serializing_if = "Units::is_empty")]
    pub assigned: Units,
    /// Units shipped.
    #[serde(default, skip_serializing_if = "Units::is_empty")]
    pub shipped: Units,
    /// Units given up.
    #[serde(default, skip_serializing_if = "zero")]
    pub canceled: i64,
    /// Money that goes back for them, minor units.
    #[serde(default, skip_serializing_if = "zero")]
    pub refunded: i64,
    /// Units that it had been given and lost again (damage), ever. Each time its place may have grown.
    #[serde(default, skip_serializing_if = "zero")]
    pub lost: i64,
    /// The line that its last units were swapped for (R14), counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swapped_to: Option<usize>,
    /// The line whose units were swapped for this one (R14), counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swapped_from: Option<usize>,
}

pub(crate) fn zero(value: &i64) -> bool {
    *value == 0
}

fn none_yet(value: &u64) -> bool {
    *value == 0
}

/// The state of a line, in the words of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    /// Units are still to come.
    Waiting,
    /// Every unit still wanted is there.
    Assigned,
    /// Every unit still wanted has left.
    Shipped,
    /// Nothing of it is wanted any more.
    Canceled,
}

impl Line {
    /// A new line without a place: its sku, units, money (price of a unit, tax, discount), and what was seen.
    pub(crate) fn wanted(
        sku: Sku,
        quantity: i64,
        unit_price: i64,
        tax: i64,
        discount: i64,
        seen: Option<Seen>,
    ) -> Self {
        Self {
            sku,
            quantity,
            unit_price,
            tax,
            discount,
            seen,
            ticket: 0,
            units_through: 0,
            backordered: 0,
            promised: None,
            assigned: Units::new(),
            shipped: Units::new(),
            canceled: 0,
            refunded: 0,
            lost: 0,
            swapped_to: None,
            swapped_from: None,
        }
    }

    /// Units that are still to ship.
    pub fn open(&self) -> i64 {
        self.quantity - self.canceled - total(&self.shipped)
    }

    /// Units that are still to come.
    pub fn waiting(&self) -> i64 {
        self.open() - total(&self.assigned)
    }

    /// The state of the line.
    pub fn status(&self) -> LineStatus {
        if self.canceled == self.quantity {
            LineStatus::Canceled
        } else if self.open() == 0 {
            LineStatus::Shipped
        } else if self.waiting() == 0 {
            LineStatus::Assigned
        } else {
            LineStatus::Waiting
        }
    }

    /// Whether a unit that leaves on this day keeps the promised date; `None`: none was promised.
    pub fn kept_by(&self, day: Date) -> Option<bool> {
        self.promised.map(|window| day <= window.latest)
    }

    /// Whether the shopper had seen it in stock and it is not (R7).
    pub fn changed(&self) -> bool {
        self.seen == Some(Seen::InStock) && self.backordered > 0
    }
}

//! A line of an order: one sku and quantity, and the state of each of its units.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::purchase::Seen;
use crate::dates::DateWindow;
use crate::is_default;
use crate::names::Sku;
use crate::stock::{Units, total};

/// One sku and quantity of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The product.
    pub sku: Sku,
    /// Units bought, 1 to 1,000.
    pub quantity: i64,
    /// Price of a unit, minor units.
    pub unit_price: i64,
    /// Tax on the line, minor units.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tax: i64,
    /// Discount on the line, minor units.
    #[serde(default, skip_serializing_if = "is_default")]
    pub discount: i64,
    /// What the product page showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// The line's ticket in the product's backlog. 0: no ticket yet.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ticket: u64,
    /// Units ever drawn from the backlog, up to and including the line's ticket.
    #[serde(default, skip_serializing_if = "is_default")]
    pub units_through: i64,
    /// Units that were not available when the line was bought.
    #[serde(default, skip_serializing_if = "is_default")]
    pub backordered: i64,
    /// The promised ship date (R18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<DateWindow>,
    /// Units given to the line that have not shipped.
    #[serde(default, skip_serializing_if = "Units::is_empty")]
    pub assigned: Units,
    /// Units shipped.
    #[serde(default, skip_serializing_if = "Units::is_empty")]
    pub shipped: Units,
    /// Units canceled or swapped for another product.
    #[serde(default, skip_serializing_if = "is_default")]
    pub canceled: i64,
    /// The refunds for the canceled units, minor units.
    #[serde(default, skip_serializing_if = "is_default")]
    pub refunded: i64,
    /// Assigned units that the line ever lost (damage). The place in line may have grown with each loss.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lost: i64,
    /// The new line of the swap that took this line's last units (R14), counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swapped_to: Option<usize>,
    /// The old line, if a swap brought this line (R14), counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swapped_from: Option<usize>,
}

/// The state of a line, in the words of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    /// Some wanted units are not assigned yet.
    Waiting,
    /// Every wanted unit is assigned or has shipped.
    Assigned,
    /// Every wanted unit has shipped.
    Shipped,
    /// No unit is wanted any more.
    Canceled,
}

impl Line {
    /// A new line without a place. Amounts are in minor units.
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

    /// Units that the line still waits for.
    pub fn waiting(&self) -> i64 {
        self.open() - total(&self.assigned)
    }

    /// The status of the line: the first check that succeeds decides.
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

    /// Whether a unit that leaves on this day keeps the promise. `None`: no date was promised.
    pub fn kept_by(&self, day: Date) -> Option<bool> {
        self.promised.map(|window| day <= window.latest)
    }

    /// Whether the page showed the product in stock, but the line is on backorder (R7).
    pub fn changed(&self) -> bool {
        self.seen == Some(Seen::InStock) && self.backordered > 0
    }
}

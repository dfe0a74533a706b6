//! A ticket: a place in a product's line.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::identity::OrderId;
use crate::is_default;
use crate::stock::{Units, total};

/// The state of a number that was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Row {
    /// An order stands at this place.
    Live(Ticket),
    /// The order gave up its place.
    Canceled(Ticket),
    /// The order never came: a gap, closed for good.
    #[serde(rename = "sealed")]
    Closed,
}

/// An order's place in the line of one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The order.
    pub order_id: OrderId,
    /// Which of its lines, counted from 0.
    pub line: usize,
    /// Units drawn; never changes.
    pub drawn: i64,
    /// Units still wanted or given: less than drawn where some were given up.
    pub quantity: i64,
    /// Units drawn from the line's beginning up to and with this ticket.
    pub units_through: i64,
    /// Units given to the order, shipped ones included.
    #[serde(default)]
    pub assigned: Units,
    /// Units that it had been given and lost again (damage), ever.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lost: i64,
    /// When the order was placed.
    pub placed_at: Timestamp,
    /// When its wait expires, if the shop lets backorders expire (R15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl Ticket {
    /// Units that the ticket still waits for.
    pub fn short(&self) -> i64 {
        (self.quantity - total(&self.assigned)).max(0)
    }
}

impl Row {
    /// The ticket, while an order stands at it.
    pub fn live(&self) -> Option<&Ticket> {
        match self {
            Self::Live(ticket) => Some(ticket),
            Self::Canceled(_) | Self::Closed => None,
        }
    }

    /// The ticket, live or canceled.
    pub fn ticket(&self) -> Option<&Ticket> {
        match self {
            Self::Live(ticket) | Self::Canceled(ticket) => Some(ticket),
            Self::Closed => None,
        }
    }
}

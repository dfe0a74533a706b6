//! A ticket: a number in a product's backlog.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::identity::OrderId;
use crate::is_default;
use crate::stock::{Units, total};

/// The stored state of a drawn number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Row {
    /// The number belongs to an order.
    Live(Ticket),
    /// The order canceled or swapped all units of the ticket.
    Canceled(Ticket),
    /// The order never came. The gap is closed for good.
    #[serde(rename = "sealed")]
    Closed,
}

/// An order's place in the backlog of one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The order.
    pub order_id: OrderId,
    /// The order line, counted from 0.
    pub line: usize,
    /// Units drawn. This quantity never changes.
    pub drawn: i64,
    /// Units drawn, less units canceled or swapped.
    pub quantity: i64,
    /// Units ever drawn from the backlog, up to and including this ticket.
    pub units_through: i64,
    /// Units given to the order, shipped ones included.
    #[serde(default)]
    pub assigned: Units,
    /// Assigned units that the ticket ever lost (damage).
    #[serde(default, skip_serializing_if = "is_default")]
    pub lost: i64,
    /// When the order was placed.
    pub placed_at: Timestamp,
    /// When the ticket's wait expires, if the shop lets backorders expire (R15).
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
    /// The ticket, if it is live.
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

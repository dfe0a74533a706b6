//! Blocks of a hundred tickets: they spread the line over partitions, and their counts make a place in line cheap to
//! tell.

use serde::{Deserialize, Serialize};

/// Tickets in a block.
pub const TICKETS: u64 = 100;

/// The block of a ticket.
#[must_use]
pub fn of(ticket: u64) -> u64 {
    ticket / TICKETS
}

/// What a block's tickets add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockCounts {
    /// Units drawn by accounted tickets that were not sealed.
    #[serde(default)]
    pub drawn: i64,
    /// Tickets wholly canceled, and accounted ones that are sealed.
    #[serde(default)]
    pub gone_orders: i64,
    /// Units given up by orders.
    #[serde(default)]
    pub gone_units: i64,
}

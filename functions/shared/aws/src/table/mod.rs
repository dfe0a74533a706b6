//! The table. A method is a read or an atomic write with its condition. Nothing scans the table. "At the version
//! before" and "as read" mean: only if the stored item has not changed since it was read.
//!
//! # Errors
//! A failed read, a [`ServiceError`](crate::ServiceError), may be repeated. A write fails with [`WriteError`]: after
//! `Condition` nothing was written; after `Contended` and `Service` it may have been written. Read again what the
//! condition is about, then repeat. The condition prevents a second effect, unless the method says otherwise.

mod adjustments;
mod cancelation;
mod customers;
mod fill;
mod item;
mod keys;
mod mail;
mod orders;
mod placement;
mod policies;
mod products;
mod rate_limit;
mod read;
mod stock;
mod swap;
mod tasks;
mod tickets;
mod write;

use aws_sdk_dynamodb::Client;

use crate::invocation::Invocation;
use crate::lazily::Lazily;

pub use customers::Bought;
pub use item::{Item, SCHEMA, SIGNATURE};
pub use keys::{Marked, READY_SHARDS, ReadyOrder};
pub use mail::Correction;
pub use orders::StoredOrder;
pub use placement::{CommitOutcome, DrawOutcome, PutOutcome, TicketDraw};
pub use policies::FoundPolicy;
pub use swap::SwapOutcome;
pub use write::WriteError;

/// The table, as one invocation uses it.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    /// A client without retries: a draw is never repeated. A draw with a lost answer may leave a gap.
    draws: Lazily<Client>,
    name: String,
    /// The table adds the invocation's correlation id to each order, stock and task that it writes.
    invocation: Invocation,
}

impl Table {
    /// Makes a table from SDK clients. The client `draws` must not retry.
    pub fn new(client: Client, draws: Lazily<Client>, name: String, invocation: Invocation) -> Self {
        Self { client, draws, name, invocation }
    }

    pub(crate) fn within(&self, invocation: Invocation) -> Self {
        Self { invocation, ..self.clone() }
    }
}

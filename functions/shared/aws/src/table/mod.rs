//! The table. Every method is one atomic read or write, with the condition under which it holds. Nothing is ever
//! scanned.
//!
//! # Errors
//! Every method may fail. A read fails with [`ServiceError`] and may be repeated. A write fails with [`WriteError`]: after
//! `Condition` nothing was written; after `Contended` and `ServiceError` it may have been written. Every write has a
//! condition by which a repeat changes nothing twice, unless its method says otherwise. Read again what the condition
//! is about, then repeat.

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

/// The table of the shop.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    /// Without retries. A draw is never repeated; one of unknown outcome may leave a gap.
    draws: Lazily<Client>,
    name: String,
    /// The present invocation. Its correlation id goes into every order, stock and task that it writes.
    invocation: Invocation,
}

impl Table {
    /// The table behind a client; `draws` must not retry.
    #[must_use]
    pub fn new(client: Client, draws: Lazily<Client>, name: String, invocation: Invocation) -> Self {
        Self { client, draws, name, invocation }
    }

    /// The same table for another invocation.
    pub(crate) fn within(&self, invocation: Invocation) -> Self {
        Self { invocation, ..self.clone() }
    }
}

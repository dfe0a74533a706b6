//! The table: every method is one atomic fact, with the condition under which it holds. Nothing is ever scanned.

mod adjustments;
mod bare;
mod blocks;
mod cancelation;
mod customers;
mod expecting;
mod fill;
mod item;
mod keys;
mod mail;
mod mails;
mod orders;
mod placement;
mod policies;
mod products;
mod rate_limit;
mod read;
mod refunding;
mod shipping;
mod stock;
mod swap;
mod tasks;
mod tickets;
mod write;

use aws_sdk_dynamodb::Client;

use crate::invocation::Invocation;
use crate::lazily::Lazily;

pub use customers::Bought;
pub use item::Item;
pub use keys::{Marked, READY_SHARDS, ReadyOrder};
pub use mail::Correction;
pub use orders::StoredOrder;
pub use placement::{CommitOutcome, DrawOutcome, PutOutcome, TicketDraw};
pub use policies::FoundPolicy;
pub use swap::SwapOutcome;
pub use write::Unwritten;

/// The version of the items' shape; every item carries it.
pub const SCHEMA: i64 = 1;

/// The attribute of an order and of a stock that says under which correlation id it was written last.
pub const SIGNATURE: &str = "cid";

/// The table of the shop.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    /// Without retries: a draw is never repeated, its unknown outcome is a hole.
    draws: Lazily<Client>,
    name: String,
    /// Who writes: its id stands in every order and stock that it writes.
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

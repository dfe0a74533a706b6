//! Swapping: the payment of a swap is claimed for good, and the new place and the old one change hands in one transaction.

use domain::cancel::Cancelation;
use domain::identity::OrderId;
use domain::names::CallerId;
use domain::order::Order;
use domain::ticket::Row;
use jiff::Timestamp;
use serde::Serialize;

use super::cancelation::{cancel_writes, given_back};
use super::customers::Bought;
use super::item::{Item, item};
use super::orders::rewrite;
use super::write::{Unwritten, Write};
use super::{Table, TicketDraw, keys};
use crate::failure::Failure;

/// The kind of the item that says what a payment was used for.
const CLAIM: &str = "claim";

/// A payment that paid for a swap: it stands where the order would that this payment could have become.
#[derive(Serialize)]
struct Claim<'a> {
    order_id: &'a OrderId,
    change_id: &'a CallerId,
}

/// What committing a swap came to.
#[derive(Clone, Debug)]
pub enum SwapOutcome {
    /// The order has its new place, and the old one is given up.
    Swapped,
    /// The order, or the old place, is not as it was read.
    Stale,
    /// The new place was sealed meanwhile; draw again.
    Sealed,
    /// The customer would have more of the new product than the shop allows.
    OverLimit,
    /// Contended or failed; whether it was written is unknown: read the order.
    Unknown(Unwritten),
}

/// Whether an item that lies where an order could is a claim.
pub(super) fn is_claim(item: &Item) -> bool {
    keys::part(item, "entity") == Some(CLAIM)
}

impl Table {
    /// Notes a swap in its order, at the version before, and claims its payment: `claim` is the order that this payment
    /// could have become. All or nothing. Position 0 of a failed condition is the order, 1 the claim: the payment was used.
    ///
    /// # Errors
    /// [`Unwritten`]; read the order again.
    pub async fn begin_swap(&self, order: &Order, email_hash: &str, claim: Option<&OrderId>) -> Result<(), Unwritten> {
        let mut writes = vec![rewrite(order, email_hash)?];
        if let (Some(key), Some(swap)) = (claim, &order.swap) {
            let claim = Claim { order_id: &order.order_id, change_id: &swap.change_id };
            writes.push(Write::put(item(keys::order(key), CLAIM, &claim)?).if_absent());
        }
        self.transact(writes).await
    }

    /// Writes what became of a swap that is under way, or that it was given up: the order, at the version before.
    ///
    /// # Errors
    /// [`Unwritten`]; read the order again.
    pub async fn note_swap(&self, order: &Order, email_hash: &str) -> Result<(), Unwritten> {
        self.transact(vec![rewrite(order, email_hash)?]).await
    }

    /// Commits a swap: the order at the version before; the old row, live and as read, its stock and its block's count; the
    /// new row, only if nothing is there; and what the customer has then, where that is counted: `bought` of the new product.
    /// All or nothing. The caller publishes the old product.
    pub async fn commit_swap(
        &self,
        swapped: &Cancelation,
        draw: &TicketDraw,
        bought: Option<&Bought>,
        email_hash: &str,
        at: Timestamp,
    ) -> SwapOutcome {
        let (writes, place) = match swap_writes(swapped, draw, bought, email_hash, at) {
            Ok(writes) => writes,
            Err(failure) => return SwapOutcome::Unknown(failure.into()),
        };
        match self.transact(writes).await {
            Ok(()) => SwapOutcome::Swapped,
            Err(Unwritten::Condition(failed)) if failed.iter().any(|at| *at < place) => SwapOutcome::Stale,
            Err(Unwritten::Condition(failed)) if failed.contains(&place) => SwapOutcome::Sealed,
            Err(Unwritten::Condition(_)) => SwapOutcome::OverLimit,
            Err(unwritten) => SwapOutcome::Unknown(unwritten),
        }
    }
}

/// The writes, and the position of the new row among them; what the customer has follows it.
fn swap_writes(
    swapped: &Cancelation,
    draw: &TicketDraw,
    bought: Option<&Bought>,
    email_hash: &str,
    at: Timestamp,
) -> Result<(Vec<Write>, usize), Failure> {
    let mut writes = cancel_writes(swapped, email_hash, at)?;
    let row = item(keys::row(&draw.sku, draw.ticket), "ticket", &Row::Live(draw.row.clone()))?;
    writes.push(Write::put(row).if_absent());
    let place = writes.len() - 1;
    if let Some(bought) = bought {
        let changes: Vec<_> = given_back(swapped).chain([bought.clone()]).collect();
        writes.push(Write::bought(email_hash, &changes));
    }
    Ok((writes, place))
}

//! Swaps: the claim of a payment, and the transaction that exchanges the old ticket for the new one.

use domain::cancel::Cancelation;
use domain::identity::OrderId;
use domain::names::CallerId;
use domain::order::Order;
use jiff::Timestamp;
use serde::Serialize;

use super::cancelation::{cancel_writes, given_back};
use super::customers::Bought;
use super::item::item;
use super::orders::{CLAIM, rewrite};
use super::placement::TicketDraw;
use super::write::{Write, WriteError};
use super::{Table, keys};
use crate::service_error::ServiceError;

/// The record that a payment was used for a swap. It has the key that an order of this payment would have.
#[derive(Serialize)]
struct Claim<'a> {
    order_id: &'a OrderId,
    change_id: &'a CallerId,
}

/// The outcome of committing a swap.
#[derive(Clone, Debug)]
pub enum SwapOutcome {
    /// The order has its new ticket and no longer has the old one.
    Swapped,
    /// The order or the old ticket changed since it was read.
    Stale,
    /// The new number was closed meanwhile. Draw again.
    Closed,
    /// The customer would exceed the shop's limit for the new product.
    OverLimit,
    /// The write was contended or failed. The swap may be committed, so read the order.
    Unknown(WriteError),
}

impl Table {
    /// Begins a swap in one transaction: puts the order at the version before and claims the payment. `claim` is the id
    /// that an order of this payment would have. Failed condition 0: the order changed; 1: the payment was used.
    pub async fn begin_swap(&self, order: &Order, email_hash: &str, claim: Option<&OrderId>) -> Result<(), WriteError> {
        let mut writes = vec![rewrite(order, email_hash)?];
        if let (Some(key), Some(swap)) = (claim, &order.swap) {
            let claim = Claim { order_id: &order.order_id, change_id: &swap.change_id };
            writes.push(Write::put(item(keys::order(key), CLAIM, &claim)?).if_absent());
        }
        self.transact(writes).await
    }

    /// Stores the state or the end of a swap in the order, at the version before.
    pub async fn note_swap(&self, order: &Order, email_hash: &str) -> Result<(), WriteError> {
        self.transact(vec![rewrite(order, email_hash)?]).await
    }

    /// Commits a swap in one transaction: the order at the version before; the old ticket as read, its stock and its
    /// block's counts; the new ticket, only if absent; and, with `bought`, the customer's units. Publish afterwards.
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
            Err(WriteError::Condition(failed)) if failed.iter().any(|at| *at < place) => SwapOutcome::Stale,
            Err(WriteError::Condition(failed)) if failed.contains(&place) => SwapOutcome::Closed,
            Err(WriteError::Condition(_)) => SwapOutcome::OverLimit,
            Err(error) => SwapOutcome::Unknown(error),
        }
    }
}

/// The writes, and the position of the new ticket's write. The write of the customer's units follows that write.
fn swap_writes(
    swapped: &Cancelation,
    draw: &TicketDraw,
    bought: Option<&Bought>,
    email_hash: &str,
    at: Timestamp,
) -> Result<(Vec<Write>, usize), ServiceError> {
    let mut writes = cancel_writes(swapped, email_hash, at)?;
    writes.push(draw.write()?);
    let place = writes.len() - 1;
    if let Some(bought) = bought {
        let changes: Vec<_> = given_back(swapped).chain([bought.clone()]).collect();
        writes.push(Write::bought(email_hash, &changes));
    }
    Ok((writes, place))
}

//! Canceling units of an order, and publishing that they are free.

use std::collections::BTreeSet;

use aws::table::{StoredOrder, Unwritten};
use aws::{Failure, Shop};
use domain::cancel::{CancelError, CancelRequest, Cancelation, cancel as plan};
use domain::cancel::{Ending, end_waiting};
use domain::identity::{OrderId, fingerprint};
use domain::order::{Order, Stage};
use domain::policy::Policy;
use jiff::Timestamp;
use thiserror::Error;

use crate::publish::publish;
use crate::retry::{Tries, Trouble};

/// Tries while others change the same order or stock.
const TRIES: u32 = 14;

/// Why nothing was canceled.
#[derive(Clone, Debug, Error)]
pub enum CancelFault {
    /// There is no such order.
    #[error("there is no such order")]
    UnknownOrder,
    /// The order's state does not allow it.
    #[error(transparent)]
    State(#[from] CancelError),
    /// It could not be finished now.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl From<CancelFault> for Trouble {
    /// For a caller that works on many orders.
    fn from(fault: CancelFault) -> Self {
        match fault {
            CancelFault::Trouble(trouble) => trouble,
            other => Failure::Broken { service: "the table", why: other.to_string() }.into(),
        }
    }
}

/// Cancels, and returns the order. If this very change was made before, the order is returned as it is.
pub async fn cancel(shop: &Shop, id: &OrderId, request: &CancelRequest) -> Result<Order, CancelFault> {
    let request_print = fingerprint(&(&request.change_id, &request.lines, &request.reason));
    let mut tries = Tries::of(TRIES);
    loop {
        let stored = read(shop, id).await?;
        let now = shop.clock.now();
        let policy = shop.policy_of(&stored.order).await.map_err(Trouble::from)?;
        let planned = plan(&stored.order, request, &request_print, &policy, now)?;
        let Some(cancelation) = planned else {
            publish_all(shop, &stored.order).await?;
            return Ok(stored.order);
        };
        match commit(shop, &stored, &cancelation, &policy, now).await {
            Ok(()) => return finish(shop, cancelation).await,
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

/// Ends what an order waits for. False: it waits for nothing that ends.
pub async fn end(shop: &Shop, id: &OrderId, ending: Ending<'_>) -> Result<bool, CancelFault> {
    let mut tries = Tries::of(TRIES);
    loop {
        let stored = read(shop, id).await?;
        let policy = shop.policy_of(&stored.order).await.map_err(Trouble::from)?;
        let now = shop.clock.now();
        let ended = end_waiting(&stored.order, ending, &policy, now).map_err(CancelError::from)?;
        let Some(ended) = ended else { return Ok(false) };
        match commit(shop, &stored, &ended, &policy, now).await {
            Ok(()) => return finish(shop, ended).await.map(|_| true),
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

async fn read(shop: &Shop, id: &OrderId) -> Result<StoredOrder, CancelFault> {
    shop.table.order(id).await.map_err(Trouble::from)?.ok_or(CancelFault::UnknownOrder)
}

/// Commits what was decided, if the order is still as it was read.
async fn commit(
    shop: &Shop,
    read: &StoredOrder,
    planned: &Cancelation,
    policy: &Policy,
    now: Timestamp,
) -> Result<(), Unwritten> {
    if read.order.stage != Stage::Placing {
        let counted = domain::placement::customer_limit(policy, &read.order).is_some();
        return shop.table.commit_cancel(planned, &read.email_hash, counted, now).await;
    }
    let ours = shop.table.refuse_placement(&planned.order, &read.email_hash).await?;
    if ours { Ok(()) } else { Err(Unwritten::Contended) }
}

async fn finish(shop: &Shop, cancelation: Cancelation) -> Result<Order, CancelFault> {
    tracing::info!(order_id = %cancelation.order.order_id, "an order gave units up");
    publish_all(shop, &cancelation.order).await?;
    Ok(cancelation.order)
}

/// Publishes every product of a placed order. An order that never had a place changed no supply.
async fn publish_all(shop: &Shop, order: &Order) -> Result<(), Trouble> {
    if order.stage == Stage::Placed {
        let skus: BTreeSet<_> = order.lines.iter().map(|line| &line.sku).collect();
        for sku in skus {
            publish(shop, sku).await?;
        }
    }
    Ok(())
}

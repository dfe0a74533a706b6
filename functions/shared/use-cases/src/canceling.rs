//! Giving up units of an order, and making known that they are free.

use std::collections::BTreeSet;

use aws::Shop;
use domain::cancel::{CancelError, CancelRequest, Cancelation, cancel as plan};
use domain::identity::{OrderId, fingerprint};
use domain::order::{Order, Stage};
use thiserror::Error;

use crate::publishing::publish;
use crate::retry::{Tries, Trouble};

/// Tries against others who change the same order or stock.
const TRIES: u32 = 14;

/// Why nothing was given up.
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

/// Cancels, or answers the order as it is where this very change was made before.
///
/// # Errors
/// [`CancelFault`].
pub async fn cancel(shop: &Shop, id: &OrderId, request: &CancelRequest) -> Result<Order, CancelFault> {
    let request_print = fingerprint(&(&request.change_id, &request.lines, &request.reason));
    let mut tries = Tries::of(TRIES);
    loop {
        let stored = shop.table.order(id).await.map_err(Trouble::from)?.ok_or(CancelFault::UnknownOrder)?;
        let was = stored.order.stage;
        let now = shop.clock.now();
        let policy = shop.policy_of(&stored.order).await.map_err(Trouble::from)?;
        let planned = plan(&stored.order, request, &request_print, &policy, now)?;
        let Some(cancelation) = planned else {
            publish_all(shop, &stored.order).await?;
            return Ok(stored.order);
        };
        let done = match was {
            Stage::Placing => shop.table.refuse_placement(&cancelation.order, &stored.email_hash).await,
            _ => shop.table.commit_cancel(&cancelation, &stored.email_hash, now).await.map(|()| true),
        };
        match done {
            Ok(true) => return finish(shop, cancelation).await,
            Ok(false) if tries.next().await => {}
            Ok(false) => return Err(Trouble::Busy.into()),
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

async fn finish(shop: &Shop, cancelation: Cancelation) -> Result<Order, CancelFault> {
    tracing::info!(order_id = %cancelation.order.order_id, "an order gave units up");
    publish_all(shop, &cancelation.order).await?;
    Ok(cancelation.order)
}

/// Publishes every product of a placed order; one that never had a place changed no supply.
async fn publish_all(shop: &Shop, order: &Order) -> Result<(), Trouble> {
    if order.stage == Stage::Placed {
        let skus: BTreeSet<_> = order.lines.iter().map(|line| &line.sku).collect();
        for sku in skus {
            publish(shop, sku).await?;
        }
    }
    Ok(())
}

//! Canceling units of an order, and publishing that they are for sale again.

use std::collections::BTreeSet;

use aws::table::{StoredOrder, WriteError};
use aws::{App, ServiceError};
use domain::cancel::{CancelError, CancelRequest, Cancelation, cancel as plan};
use domain::cancel::{Ending, end_waiting};
use domain::identity::{OrderId, fingerprint};
use domain::order::{Order, Stage};
use domain::policy::Policy;
use jiff::Timestamp;
use thiserror::Error;

use crate::publish::publish;
use crate::retry::{RetryableError, Tries};

/// The most tries while other writes change the same order or stock.
const TRIES: u32 = 14;

/// Why nothing was canceled.
#[derive(Clone, Debug, Error)]
pub enum CancelOrderError {
    /// There is no such order.
    #[error("there is no such order")]
    UnknownOrder,
    /// The order's state does not allow the cancel.
    #[error(transparent)]
    State(#[from] CancelError),
    /// Something failed. A repeat is safe.
    #[error(transparent)]
    Retryable(#[from] RetryableError),
}

impl From<CancelOrderError> for RetryableError {
    /// Converts the error for a caller that works on many orders.
    fn from(error: CancelOrderError) -> Self {
        match error {
            CancelOrderError::Retryable(error) => error,
            other => ServiceError::Broken { service: "the table", why: other.to_string() }.into(),
        }
    }
}

/// Cancels, and returns the order. A repeat of the same change returns the order as it is.
pub async fn cancel(app: &App, id: &OrderId, request: &CancelRequest) -> Result<Order, CancelOrderError> {
    let request_print = fingerprint(&(&request.change_id, &request.lines, &request.reason));
    let mut tries = Tries::new(TRIES);
    loop {
        let stored = read(app, id).await?;
        let now = app.clock.now();
        let policy = app.policy_of(&stored.order).await.map_err(RetryableError::from)?;
        let planned = plan(&stored.order, request, &request_print, &policy, now)?;
        let Some(cancelation) = planned else {
            publish_all(app, &stored.order).await?;
            return Ok(stored.order);
        };
        match commit(app, &stored, &cancelation, &policy, now).await {
            Ok(()) => return finish(app, cancelation).await,
            Err(error) => tries.after(error).await?,
        }
    }
}

/// Cancels the waiting units that `ending` covers. False: there are none.
pub async fn end(app: &App, id: &OrderId, ending: Ending<'_>) -> Result<bool, CancelOrderError> {
    let mut tries = Tries::new(TRIES);
    loop {
        let stored = read(app, id).await?;
        let policy = app.policy_of(&stored.order).await.map_err(RetryableError::from)?;
        let now = app.clock.now();
        let ended = end_waiting(&stored.order, ending, &policy, now).map_err(CancelError::from)?;
        let Some(ended) = ended else { return Ok(false) };
        match commit(app, &stored, &ended, &policy, now).await {
            Ok(()) => return finish(app, ended).await.map(|_| true),
            Err(error) => tries.after(error).await?,
        }
    }
}

async fn read(app: &App, id: &OrderId) -> Result<StoredOrder, CancelOrderError> {
    app.table.order(id).await.map_err(RetryableError::from)?.ok_or(CancelOrderError::UnknownOrder)
}

/// Commits the decision if the order has not changed since it was read.
async fn commit(
    app: &App,
    read: &StoredOrder,
    planned: &Cancelation,
    policy: &Policy,
    now: Timestamp,
) -> Result<(), WriteError> {
    if read.order.stage != Stage::Placing {
        let counted = domain::placement::customer_limit(policy, &read.order).is_some();
        return app.table.commit_cancel(planned, &read.email_hash, counted, now).await;
    }
    let ours = app.table.refuse_placement(&planned.order, &read.email_hash).await?;
    if ours { Ok(()) } else { Err(WriteError::Contended) }
}

async fn finish(app: &App, cancelation: Cancelation) -> Result<Order, CancelOrderError> {
    tracing::info!(order_id = %cancelation.order.order_id, "an order gave units up");
    publish_all(app, &cancelation.order).await?;
    Ok(cancelation.order)
}

/// Publishes every product of a placed order. An order without tickets has changed no supply.
async fn publish_all(app: &App, order: &Order) -> Result<(), RetryableError> {
    if order.stage == Stage::Placed {
        let skus: BTreeSet<_> = order.lines.iter().map(|line| &line.sku).collect();
        for sku in skus {
            publish(app, sku).await?;
        }
    }
    Ok(())
}

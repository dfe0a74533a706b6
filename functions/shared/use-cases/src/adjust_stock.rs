//! Adjusting stock after a count. Found units are added at once. Lost units are taken in steps: first unassigned ones,
//! then units of the newest tickets. After a crash between two steps, the to-do index still names the adjustment.

use aws::table::WriteError;
use aws::{App, ServiceError};
use domain::adjustment::{Adjustment, AdjustmentRequest, WriteOff, from_ticket, from_unassigned};
use domain::block;
use domain::stock::Stock;
use domain::ticket::Row;
use thiserror::Error;

use crate::publish::publish;
use crate::retry::{RetryableError, Tries};

/// The most tries of one step while other writes change the same stock.
const TRIES: u32 = 16;

/// Why the stock was not adjusted.
#[derive(Clone, Debug, Error)]
pub enum AdjustStockError {
    /// There is no such product.
    #[error("there is no such product")]
    UnknownSku,
    /// The id belongs to another adjustment.
    #[error("adjustment_id was used for another adjustment")]
    IdReused,
    /// The warehouse does not hold that many units.
    #[error("the warehouse does not hold that many units")]
    NotThatMany,
    /// The adjustment is not finished yet. The sweep finishes it; a repeat returns the outcome.
    #[error(transparent)]
    Retryable(#[from] RetryableError),
}

impl From<ServiceError> for AdjustStockError {
    fn from(failure: ServiceError) -> Self {
        Self::Retryable(failure.into())
    }
}

/// Adjusts stock, or continues an earlier call with the same id. True if the adjustment is new.
pub async fn adjust(app: &App, request: &AdjustmentRequest) -> Result<bool, AdjustStockError> {
    if let Some(known) = app.table.adjustment(request.adjustment_id.as_str()).await? {
        if known.request != *request {
            return Err(AdjustStockError::IdReused);
        }
        finish(app, known).await?;
        return Ok(false);
    }
    let new = if request.quantity > 0 { found(app, request).await? } else { lost(app, request).await? };
    if new { Ok(true) } else { Box::pin(adjust(app, request)).await }
}

async fn found(app: &App, request: &AdjustmentRequest) -> Result<bool, AdjustStockError> {
    let adjustment = Adjustment { request: request.clone(), remaining: 0, at: app.clock.now() };
    let mut tries = Tries::new(TRIES);
    loop {
        match app.table.adjust_up(&adjustment).await {
            Ok(()) => break,
            Err(WriteError::Condition(failed)) if failed.contains(&0) => return Ok(false),
            Err(WriteError::Condition(_)) => return Err(AdjustStockError::UnknownSku),
            Err(error) => tries.after(error).await?,
        }
    }
    publish(app, &request.sku).await?;
    Ok(true)
}

async fn lost(app: &App, request: &AdjustmentRequest) -> Result<bool, AdjustStockError> {
    let stock = app.table.stock(&request.sku).await?.ok_or(AdjustStockError::UnknownSku)?;
    let shipped = app.table.shipped(&request.sku).await?;
    let of = |units: &domain::stock::Units| units.get(&request.warehouse).copied().unwrap_or_default();
    if of(&stock.received) - of(&shipped) < -request.quantity {
        return Err(AdjustStockError::NotThatMany);
    }
    let adjustment = Adjustment { request: request.clone(), remaining: -request.quantity, at: app.clock.now() };
    if !app.table.open_adjustment(&adjustment).await.map_err(RetryableError::from)? {
        return Ok(false);
    }
    finish(app, adjustment).await?;
    Ok(true)
}

/// Takes the units that an adjustment still has to take.
pub async fn finish(app: &App, mut adjustment: Adjustment) -> Result<(), RetryableError> {
    let id = adjustment.request.adjustment_id.clone();
    let sku = adjustment.request.sku.clone();
    let mut tries = Tries::new(TRIES);
    while adjustment.remaining > 0 {
        let Some(step) = step(app, &adjustment).await? else {
            tracing::error!(adjustment_id = %id, left = adjustment.remaining, "an adjustment found too few units");
            app.table.close_adjustment(&adjustment).await?;
            break;
        };
        match app.table.adjust_stock(&adjustment, &step).await {
            Ok(()) => tries = Tries::new(TRIES),
            Err(error) => tries.after(error).await?,
        }
        let now = app.table.adjustment(id.as_str()).await?;
        adjustment = now.ok_or_else(|| ServiceError::Broken { service: "the table", why: format!("{id} is gone") })?;
    }
    publish(app, &sku).await
}

/// The next step of a loss: from the unassigned units, else from the newest ticket that holds units. `None`: the
/// warehouse holds no units, and the stock version did not change while the tickets were read.
async fn step(app: &App, adjustment: &Adjustment) -> Result<Option<WriteOff>, RetryableError> {
    let request = &adjustment.request;
    let mut tries = Tries::new(TRIES);
    let mut version_read = None;
    loop {
        let Some(stock) = app.table.stock(&request.sku).await? else { return Ok(None) };
        if version_read == Some(stock.version) {
            return Ok(None);
        }
        if let Some(step) = from_unassigned(&stock, &request.warehouse, adjustment.remaining) {
            return Ok(Some(step));
        }
        if let Some(step) = newest(app, adjustment, &stock).await? {
            return Ok(Some(step));
        }
        version_read = Some(stock.version);
        if !tries.next().await {
            return Err(RetryableError::Busy);
        }
    }
}

async fn newest(app: &App, adjustment: &Adjustment, stock: &Stock) -> Result<Option<WriteOff>, RetryableError> {
    let (request, now) = (&adjustment.request, app.clock.now());
    for number in (0..=block::block_of(stock.given_through)).rev() {
        let first = number * block::TICKETS;
        let rows = app.table.rows(&request.sku, first, first + block::TICKETS - 1).await?;
        let holders: Vec<_> = rows
            .iter()
            .rev()
            .filter_map(|(ticket, row)| match row {
                Row::Live(live) if live.assigned.contains_key(&request.warehouse) => Some((*ticket, live)),
                _ => None,
            })
            .collect();
        let ids: Vec<_> = holders.iter().map(|(_, row)| row.order_id.clone()).collect();
        let orders = app.table.orders(&ids).await?;
        for (ticket, row) in holders {
            let Some(stored) = orders.iter().find(|stored| stored.order.order_id == row.order_id) else { continue };
            let policy = &app.policy_of(&stored.order).await?;
            if let Some(step) = from_ticket(stock, adjustment, ticket, row, &stored.order, policy, now) {
                return Ok(Some(step));
            }
        }
    }
    Ok(None)
}

//! Adjusting stock after a count. Units found are an arrival. Units lost are taken in steps: unassigned ones first, then
//! those of the newest tickets. A crash between two steps leaves the rest in the to-do index.

use aws::table::Unwritten;
use aws::{Failure, Shop};
use domain::adjustment::{Adjustment, AdjustmentRequest, WriteOff, from_ticket, from_unassigned};
use domain::block;
use domain::stock::Stock;
use domain::ticket::Row;
use thiserror::Error;

use crate::publish::publish;
use crate::retry::{Tries, Trouble};

/// Tries of one step while others change the same stock.
const TRIES: u32 = 16;

/// Why the stock was not adjusted.
#[derive(Clone, Debug, Error)]
pub enum AdjustFault {
    /// There is no such product.
    #[error("there is no such product")]
    UnknownSku,
    /// The id stands for another adjustment.
    #[error("adjustment_id was used for another adjustment")]
    IdReused,
    /// The warehouse does not hold that many.
    #[error("the warehouse does not hold that many units")]
    NotThatMany,
    /// It could not be finished now. The sweep finishes what is left; a repeat tells the outcome.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl From<Failure> for AdjustFault {
    fn from(failure: Failure) -> Self {
        Self::Trouble(failure.into())
    }
}

/// Adjusts stock, or goes on with the same adjustment of before. True if it is new.
pub async fn adjust(shop: &Shop, request: &AdjustmentRequest) -> Result<bool, AdjustFault> {
    if let Some(known) = shop.table.adjustment(request.adjustment_id.as_str()).await? {
        if known.request != *request {
            return Err(AdjustFault::IdReused);
        }
        finish(shop, known).await?;
        return Ok(false);
    }
    let new = if request.quantity > 0 { found(shop, request).await? } else { lost(shop, request).await? };
    if new { Ok(true) } else { Box::pin(adjust(shop, request)).await }
}

async fn found(shop: &Shop, request: &AdjustmentRequest) -> Result<bool, AdjustFault> {
    let adjustment = Adjustment { request: request.clone(), remaining: 0, at: shop.clock.now() };
    let mut tries = Tries::of(TRIES);
    loop {
        match shop.table.adjust_up(&adjustment).await {
            Ok(()) => break,
            Err(Unwritten::Condition(failed)) if failed.contains(&0) => return Ok(false),
            Err(Unwritten::Condition(_)) => return Err(AdjustFault::UnknownSku),
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
    publish(shop, &request.sku).await?;
    Ok(true)
}

async fn lost(shop: &Shop, request: &AdjustmentRequest) -> Result<bool, AdjustFault> {
    let stock = shop.table.stock(&request.sku).await?.ok_or(AdjustFault::UnknownSku)?;
    let shipped = shop.table.shipped(&request.sku).await?;
    let of = |units: &domain::stock::Units| units.get(&request.warehouse).copied().unwrap_or_default();
    if of(&stock.received) - of(&shipped) < -request.quantity {
        return Err(AdjustFault::NotThatMany);
    }
    let adjustment = Adjustment { request: request.clone(), remaining: -request.quantity, at: shop.clock.now() };
    if !shop.table.open_adjustment(&adjustment).await.map_err(Trouble::from)? {
        return Ok(false);
    }
    finish(shop, adjustment).await?;
    Ok(true)
}

/// Takes what is left of an adjustment's loss.
pub async fn finish(shop: &Shop, mut adjustment: Adjustment) -> Result<(), Trouble> {
    let id = adjustment.request.adjustment_id.clone();
    let sku = adjustment.request.sku.clone();
    let mut tries = Tries::of(TRIES);
    while adjustment.remaining > 0 {
        let Some(step) = step(shop, &adjustment).await? else {
            tracing::error!(adjustment_id = %id, left = adjustment.remaining, "lost units had left the house");
            shop.table.close_adjustment(&adjustment).await?;
            break;
        };
        match shop.table.adjust_stock(&adjustment, &step).await {
            Ok(()) => tries = Tries::of(TRIES),
            Err(unwritten) => tries.after(unwritten).await?,
        }
        let now = shop.table.adjustment(id.as_str()).await?;
        adjustment = now.ok_or_else(|| Failure::Broken { service: "the table", why: format!("{id} is gone") })?;
    }
    publish(shop, &sku).await
}

/// The next step of a loss: from the unassigned units, else from the newest ticket that holds some. `None`: the warehouse
/// holds nothing, and the stock did not change while the tickets were read.
async fn step(shop: &Shop, adjustment: &Adjustment) -> Result<Option<WriteOff>, Trouble> {
    let request = &adjustment.request;
    let mut tries = Tries::of(TRIES);
    let mut looked_at = None;
    loop {
        let Some(stock) = shop.table.stock(&request.sku).await? else { return Ok(None) };
        if looked_at == Some(stock.version) {
            return Ok(None);
        }
        if let Some(step) = from_unassigned(&stock, &request.warehouse, adjustment.remaining) {
            return Ok(Some(step));
        }
        if let Some(step) = newest(shop, adjustment, &stock).await? {
            return Ok(Some(step));
        }
        looked_at = Some(stock.version);
        if !tries.next().await {
            return Err(Trouble::Busy);
        }
    }
}

async fn newest(shop: &Shop, adjustment: &Adjustment, stock: &Stock) -> Result<Option<WriteOff>, Trouble> {
    let (request, now) = (&adjustment.request, shop.clock.now());
    for number in (0..=block::of(stock.given_through)).rev() {
        let first = number * block::TICKETS;
        let rows = shop.table.rows(&request.sku, first, first + block::TICKETS - 1).await?;
        let holders: Vec<_> = rows
            .iter()
            .rev()
            .filter_map(|(ticket, row)| match row {
                Row::Live(live) if live.assigned.contains_key(&request.warehouse) => Some((*ticket, live)),
                _ => None,
            })
            .collect();
        let ids: Vec<_> = holders.iter().map(|(_, row)| row.order_id.clone()).collect();
        let orders = shop.table.orders(&ids).await?;
        for (ticket, row) in holders {
            let Some(stored) = orders.iter().find(|stored| stored.order.order_id == row.order_id) else { continue };
            let holder = (ticket, row, &stored.order);
            let policy = &shop.policy_of(&stored.order).await?;
            if let Some(step) = from_ticket(stock, adjustment, holder, policy, now) {
                return Ok(Some(step));
            }
        }
    }
    Ok(None)
}

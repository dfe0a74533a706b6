//! Cancels what has waited longer than the shop allows (R15): every night, each product's line from its cursor on.

use std::collections::BTreeSet;

use aws::table::Marked;
use aws::{CorrelationId, Metric, Shop};
use domain::block::TICKETS;
use domain::cancel::{CancelError, CancelRequest};
use domain::identity::OrderId;
use domain::names::{CallerId, Sku};
use domain::refund::ChangeKind;
use jiff::Timestamp;
use lambda_runtime::Error;
use serde::Deserialize;
use use_cases::Trouble;
use use_cases::canceling::{CancelFault, cancel};

/// Tickets that are read at once.
const PAGE: u64 = 10 * TICKETS;

/// When the schedule fired.
#[derive(Clone, Debug, Deserialize)]
pub struct Fired {
    /// The instant for which it was meant.
    pub time: Timestamp,
}

/// Cancels all that is due. One order that can't be canceled stops nobody.
///
/// # Errors
/// Where something was left: the schedule tries again.
pub async fn handle(shop: &Shop, fired: Fired) -> Result<(), Error> {
    let shop = shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    shop.told(expire_all(&shop, fired.time)).await
}

async fn expire_all(shop: &Shop, now: Timestamp) -> Result<(), Error> {
    let mut expired = 0;
    let mut left = 0;
    for shard in 0..Marked::Product.shards() {
        for sku in shop.table.products(shard).await? {
            for order in due(shop, &sku, now).await? {
                match expire(shop, &order).await {
                    Ok(canceled) => expired += i64::from(canceled),
                    Err(fault) => {
                        tracing::error!(order_id = %order, %fault, "an order could not be expired");
                        left += 1;
                    }
                }
            }
        }
    }
    shop.measure(Metric::OrdersExpired, expired);
    tracing::info!(expired, left, "expired what has waited too long");
    if left == 0 { Ok(()) } else { Err(format!("{left} orders could not be expired").into()) }
}

/// Orders that wait in a line for too long.
async fn due(shop: &Shop, sku: &Sku, now: Timestamp) -> Result<BTreeSet<OrderId>, Trouble> {
    let mut due = BTreeSet::new();
    let Some(stock) = shop.table.stock(sku).await? else { return Ok(due) };
    let mut from = stock.filled_through + 1;
    while from <= stock.accounted_through {
        let through = (from + PAGE - 1).min(stock.accounted_through);
        let rows = shop.table.rows(sku, from, through).await?;
        let waiting = rows.values().filter_map(|row| row.live()).filter(|ticket| ticket.short() > 0);
        due.extend(waiting.filter(|it| it.expires_at.is_some_and(|at| at <= now)).map(|it| it.order_id.clone()));
        from = through + 1;
    }
    Ok(due)
}

/// Cancels what has not shipped of an order that still waits; false where its goods came, or nothing was left to cancel.
async fn expire(shop: &Shop, order: &OrderId) -> Result<bool, CancelFault> {
    let change_id = CallerId::new("expired").map_err(|_| CancelFault::UnknownOrder)?;
    let request = CancelRequest { change_id, lines: None, reason: None, kind: ChangeKind::Expired };
    match cancel(shop, order, &request).await {
        Ok(_) => Ok(true),
        Err(CancelFault::State(
            CancelError::AlreadyCanceled | CancelError::AlreadyShipped | CancelError::NotWaiting,
        )) => Ok(false),
        Err(fault) => Err(fault),
    }
}

//! The sweep of each minute: finishes what a crash left half done (I8), and wakes the fill where tickets were drawn without
//! an event that says so.

use aws::queues::Outgoing;
use aws::table::Marked;
use aws::{CorrelationId, Failure, Metric, Shop};
use jiff::Timestamp;
use lambda_runtime::Error;
use serde::Deserialize;
use use_cases::Trouble;
use use_cases::adjust_stock;
use use_cases::recover::finish_placement;

/// Placings that one run takes up from each shard.
const PLACINGS: i32 = 25;

/// When the schedule fired.
#[derive(Clone, Debug, Deserialize)]
pub struct Fired {
    /// The instant for which it was meant.
    pub time: Timestamp,
}

/// Does all that is due. What fails is logged and left to the next minute.
pub async fn handle(shop: &Shop, fired: Fired) -> Result<(), Error> {
    let shop = shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    shop.told(sweep(&shop, fired.time)).await
}

async fn sweep(shop: &Shop, now: Timestamp) -> Result<(), Error> {
    wake(shop, now).await?;
    for id in shop.table.adjusting().await? {
        if let Err(trouble) = adjust(shop, &id).await {
            tracing::warn!(adjustment_id = id, %trouble, "an adjustment is left to the next minute");
        }
    }
    // Last: placings ask the payment provider, and while it does not answer they take all the time there is.
    for shard in 0..Marked::Placing.shards() {
        for order in shop.table.placing_due(shard, now, PLACINGS).await? {
            if let Err(trouble) = finish_placement(shop, &order, now).await {
                shop.measure(Metric::PlacingsLeft, 1);
                tracing::warn!(order_id = %order, %trouble, "a placing is left to the next minute");
            }
        }
    }
    Ok(())
}

/// Wakes the fill of every product with tickets that it has not accounted for.
async fn wake(shop: &Shop, time: Timestamp) -> Result<(), Failure> {
    let mut messages = Vec::new();
    for shard in 0..Marked::Drawn.shards() {
        for sku in shop.table.drawn(shard).await? {
            messages.push(Outgoing::wake(&sku, &format!("sweep {time}"), shop.invocation.correlation())?);
        }
    }
    shop.queues.send(&shop.settings.fill_queue, messages).await
}

async fn adjust(shop: &Shop, id: &str) -> Result<(), Trouble> {
    match shop.table.adjustment(id).await? {
        Some(adjustment) => adjust_stock::finish(shop, adjustment).await,
        None => Ok(()),
    }
}

//! The sweep of each minute: finishes work that a crash left half done (I8), and wakes the fill for tickets whose
//! message may be missing.

use aws::queues::Outgoing;
use aws::table::Marked;
use aws::{App, CorrelationId, Metric, ServiceError};
use jiff::Timestamp;
use lambda_runtime::Error;
use serde::Deserialize;
use use_cases::RetryableError;
use use_cases::adjust_stock;
use use_cases::recover::finish_placement;

/// The maximum number of placements that one run resumes from each shard.
const PLACINGS: i32 = 25;

/// The event that the schedule sends.
#[derive(Clone, Debug, Deserialize)]
pub struct Fired {
    /// The scheduled time.
    pub time: Timestamp,
}

/// Finishes all work that is due. A failure is logged, and the run of the next minute tries again.
pub async fn handle(app: &App, fired: Fired) -> Result<(), Error> {
    let app = app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    app.in_span(sweep(&app, fired.time)).await
}

async fn sweep(app: &App, now: Timestamp) -> Result<(), Error> {
    wake(app, now).await?;
    for id in app.table.adjusting().await? {
        if let Err(error) = adjust(app, &id).await {
            tracing::warn!(adjustment_id = id, %error, "an adjustment is left to the next minute");
        }
    }
    // Placements come last: they call the payment provider, and its outage can use up the rest of the run.
    for shard in 0..Marked::Placing.shards() {
        for order in app.table.placing_due(shard, now, PLACINGS).await? {
            if let Err(error) = finish_placement(app, &order, now).await {
                app.measure(Metric::PlacingsLeft, 1);
                tracing::warn!(order_id = %order, %error, "a placing is left to the next minute");
            }
        }
    }
    Ok(())
}

/// Wakes the fill for every product with unresolved ticket numbers.
async fn wake(app: &App, time: Timestamp) -> Result<(), ServiceError> {
    let mut messages = Vec::new();
    for shard in 0..Marked::Drawn.shards() {
        for sku in app.table.drawn(shard).await? {
            messages.push(Outgoing::wake(&sku, &format!("sweep {time}"), app.invocation.correlation())?);
        }
    }
    app.queues.send(&app.settings.fill_queue, messages).await
}

async fn adjust(app: &App, id: &str) -> Result<(), RetryableError> {
    match app.table.adjustment(id).await? {
        Some(adjustment) => adjust_stock::finish(app, adjustment).await,
        None => Ok(()),
    }
}

//! The sweep of each minute: finishes work that a crash left half done (I8), and wakes the fill for tickets whose
//! message may be missing.

use std::collections::BTreeSet;
use std::time::Duration;

use aws::queues::Outgoing;
use aws::table::Marked;
use aws::{App, CorrelationId, Metric, ServiceError};
use domain::identity::OrderId;
use futures::StreamExt as _;
use jiff::Timestamp;
use lambda_runtime::Error;
use serde::Deserialize;
use tokio::time::Instant;
use use_cases::RetryableError;
use use_cases::adjust_stock;
use use_cases::recover::finish_placement;

/// The maximum number of placements that one read of a shard returns.
const PAGE: i32 = 25;
/// Placements that are finished at a time. The payment provider answers in some tenths of a second and takes a hundred
/// calls a second.
const AT_ONCE: usize = 8;
/// After this time a run reads no more placements. It ends well before the timeout in template.yaml (50 seconds).
const BUDGET: Duration = Duration::from_secs(30);

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
    Ok(finish_placements(app, now).await?)
}

/// Finishes the placements that are due, page by page, as fast as the payment provider answers. A failure leaves the
/// rest of its shard to the next minute, so an outage costs one page for each shard.
async fn finish_placements(app: &App, now: Timestamp) -> Result<(), ServiceError> {
    let start = Instant::now();
    let mut seen = BTreeSet::new();
    let mut shards: Vec<u8> = (0..Marked::Placing.shards()).collect();
    while !shards.is_empty() {
        let mut unfinished = Vec::new();
        for shard in shards {
            if start.elapsed() > BUDGET {
                return Ok(());
            }
            let mut due = app.table.placing_due(shard, now, PAGE).await?;
            // The index may still list a placement that this run has finished.
            due.retain(|order| seen.insert(order.clone()));
            let found = due.len();
            let finished = futures::stream::iter(due).map(|order| finished(app, order, now)).buffer_unordered(AT_ONCE);
            let failed = finished.filter(|finished| std::future::ready(!finished)).count().await;
            if found > 0 && failed == 0 {
                unfinished.push(shard);
            }
        }
        shards = unfinished;
    }
    Ok(())
}

async fn finished(app: &App, order: OrderId, now: Timestamp) -> bool {
    let outcome = finish_placement(app, &order, now).await;
    if let Err(error) = &outcome {
        app.measure(Metric::PlacingsLeft, 1);
        tracing::warn!(order_id = %order, %error, "a placing is left to the next minute");
    }
    outcome.is_ok()
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

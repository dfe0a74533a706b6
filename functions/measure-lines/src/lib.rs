//! Every five minutes: measures how many orders wait in each backlog, and how long. This function changes no data. It
//! is separate from the sweep of `reconcile`, so that measuring never delays a recovery.

use aws::table::Marked;
use aws::{App, CorrelationId, Metric, ServiceError};
use domain::stock::Counter;
use domain::ticket::Ticket;
use futures::future::try_join_all;
use lambda_runtime::Error;
use serde_json::Value;
use use_cases::queries::of_ticket;

/// The maximum number of backlogs that one run measures, starting with the most waiting units. One measurement reads
/// at most five blocks of tickets, so 500 backlogs cost about 15,000 read units.
const MAX_LINES: usize = 500;
/// The number of backlogs that are measured concurrently.
const AT_ONCE: usize = 8;
/// The search for the first waiting ticket reads this many numbers. The fill keeps its watermark close to that ticket.
const HEAD: u64 = 20;

/// The measurements of one backlog.
struct Line {
    orders: i64,
    units: i64,
    /// The time for which the first waiting ticket has waited, in seconds.
    oldest: Option<i64>,
}

/// Measures every backlog with waiting tickets.
pub async fn handle(app: &App, _fired: Value) -> Result<(), Error> {
    let app = app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    Ok(app.in_span(measure(&app)).await?)
}

async fn measure(app: &App) -> Result<(), ServiceError> {
    let mut waiting = Vec::new();
    for shard in 0..Marked::Product.shards() {
        let skus = app.table.products(shard).await?;
        waiting.extend(app.table.counters(&skus).await?.into_iter().filter(|counter| counter.available < 0));
    }
    waiting.sort_by_key(|counter| counter.available);
    if waiting.len() > MAX_LINES {
        tracing::warn!(lines = waiting.len(), measured = MAX_LINES, "more lines wait than one run measures");
    }
    let measured = waiting.get(..MAX_LINES).unwrap_or(&waiting);
    let mut lines = Vec::with_capacity(measured.len());
    for some in measured.chunks(AT_ONCE) {
        lines.extend(try_join_all(some.iter().map(|counter| look(app, counter))).await?);
    }
    let nobody = Line { orders: 0, units: 0, oldest: Some(0) };
    for line in lines.iter().flatten().chain(waiting.is_empty().then_some(&nobody)) {
        app.measure(Metric::OrdersWaiting, line.orders);
        app.measure(Metric::UnitsWaiting, line.units);
        if let Some(seconds) = line.oldest {
            app.measure(Metric::OldestWait, seconds);
        }
    }
    Ok(())
}

/// Measures one backlog. The measurements per product go to the log, because a metric per product costs more.
async fn look(app: &App, counter: &Counter) -> Result<Option<Line>, ServiceError> {
    let Some(stock) = app.table.stock(&counter.sku).await? else { return Ok(None) };
    let place = of_ticket(app, &stock, counter.last_ticket + 1, counter.units_issued).await?;
    let (from, through) = (stock.fill_watermark + 1, counter.last_ticket.min(stock.fill_watermark + HEAD));
    let head = app.table.rows(&counter.sku, from, through).await?;
    let first: Option<&Ticket> = head.values().filter_map(|row| row.live()).find(|ticket| ticket.short() > 0);
    let oldest = first.map(|ticket| app.clock.now().duration_since(ticket.placed_at).as_secs());
    let (orders, units) = (place.orders_ahead, place.units_ahead);
    tracing::info!(sku = %counter.sku, orders, units, oldest_wait = oldest, "a line");
    Ok(Some(Line { orders, units, oldest }))
}

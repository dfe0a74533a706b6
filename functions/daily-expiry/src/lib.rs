//! Each night: cancels units that have waited longer than the shop allows (R15). It walks each backlog from the fill
//! watermark on. Each cancelation is committed by itself, so the next run can continue after a run that ended early.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws::table::Marked;
use aws::{App, CorrelationId, Metric};
use domain::cancel::Ending;
use domain::names::Sku;
use domain::ticket::Ticket;
use futures::future::join_all;
use jiff::Timestamp;
use lambda_runtime::Error;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use use_cases::RetryableError;
use use_cases::cancel::end;
use use_cases::line_walk::Walk;

/// Backlogs that are walked concurrently. The orders of one backlog expire one by one, because they share its stock.
const LINES_AT_ONCE: usize = 4;
/// How long a run works, less than the function's timeout. The next run takes the rest.
const WORKS_FOR: Duration = Duration::from_secs(13 * 60);

/// The event of the schedule.
#[derive(Clone, Debug, Deserialize)]
pub struct Fired {
    /// The scheduled time.
    pub time: Timestamp,
}

/// The result of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Backlogs that were walked to their end.
    pub lines: i64,
    /// Orders that were expired.
    pub expired: i64,
    /// Due orders that could not be expired.
    pub orders_left: i64,
    /// Backlogs that were not walked to their end.
    pub lines_left: i64,
}

impl Summary {
    fn plus(self, other: Self) -> Self {
        Self {
            lines: self.lines + other.lines,
            expired: self.expired + other.expired,
            orders_left: self.orders_left + other.orders_left,
            lines_left: self.lines_left + other.lines_left,
        }
    }

    fn done(self) -> bool {
        self.orders_left == 0 && self.lines_left == 0
    }
}

/// Cancels everything that is due. A failure of one order or backlog does not stop the others. If something is left,
/// the result is an error, so that the run is repeated and continues.
pub async fn handle(app: &App, fired: Fired) -> Result<Summary, Error> {
    let app = app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    app.in_span(expire_all(&app, fired.time, Instant::now() + WORKS_FOR)).await
}

async fn expire_all(app: &App, now: Timestamp, until: Instant) -> Result<Summary, Error> {
    let mut skus = Vec::new();
    for shard in 0..Marked::Product.shards() {
        skus.append(&mut app.table.products(shard).await?);
    }
    let next = AtomicUsize::new(0);
    let walks = (0..LINES_AT_ONCE).map(|_| expire_lines(app, &skus, &next, now, until));
    let sum = join_all(walks).await.into_iter().fold(Summary::default(), Summary::plus);
    app.measure(Metric::OrdersExpired, sum.expired);
    let Summary { lines, expired, orders_left, lines_left } = sum;
    tracing::info!(lines, expired, orders_left, lines_left, "expired all due orders");
    if sum.done() {
        return Ok(sum);
    }
    Err(format!("expired {expired} orders; {orders_left} orders and {lines_left} lines are left").into())
}

/// Takes backlogs by the shared position `next` and walks them, until every backlog has been started.
async fn expire_lines(app: &App, skus: &[Sku], next: &AtomicUsize, now: Timestamp, until: Instant) -> Summary {
    let mut sum = Summary::default();
    while let Some(sku) = skus.get(next.fetch_add(1, Ordering::Relaxed)) {
        sum = sum.plus(expire_line(app, sku, now, until).await);
    }
    sum
}

async fn expire_line(app: &App, sku: &Sku, now: Timestamp, until: Instant) -> Summary {
    let mut sum = Summary::default();
    match walk(app, sku, now, until, &mut sum).await {
        Ok(true) => sum.lines = 1,
        Ok(false) => sum.lines_left = 1,
        Err(error) => {
            tracing::error!(%sku, %error, "a backlog could not be walked to its end");
            sum.lines_left = 1;
        }
    }
    sum
}

/// Expires the due tickets of one backlog. Returns false if the time ran out.
async fn walk(app: &App, sku: &Sku, now: Timestamp, until: Instant, sum: &mut Summary) -> Result<bool, RetryableError> {
    let Some(mut walk) = Walk::start(app, sku).await? else { return Ok(true) };
    while let Some(waiting) = walk.next(app).await? {
        // The fill is about to give the unassigned units to the first tickets. These tickets are not expired.
        let mut there = app.table.stock(sku).await?.map_or(0, |stock| stock.unassigned_total());
        let served = move |ticket: &Ticket| {
            let gets = there > 0;
            there -= ticket.short();
            gets
        };
        let waiting = waiting.into_iter().skip_while(served);
        let due = waiting.filter(|ticket| ticket.expires_at.is_some_and(|at| at <= now));
        let before = sum.expired;
        for ticket in due {
            if Instant::now() >= until {
                return Ok(false);
            }
            match end(app, &ticket.order_id, Ending::Expired(ticket.line)).await {
                Ok(expired) => sum.expired += i64::from(expired),
                Err(error) => {
                    tracing::error!(order_id = %ticket.order_id, %error, "an order could not be expired");
                    sum.orders_left += 1;
                }
            }
        }
        if sum.expired > before {
            tracing::info!(%sku, expired = sum.expired, through = walk.through(), "expiring due orders of a backlog");
        }
    }
    Ok(true)
}

//! The fill of one product: read, plan and commit, until nothing is left to do.

use std::collections::BTreeMap;

use aws::table::{StoredOrder, WriteError};
use aws::{App, Metric, ServiceError};
use domain::block;
use domain::fill::{FillCommit, FillLimits, FillPlan, FillView, plan_fill};
use domain::names::Sku;
use domain::stock::{Stock, Units, put, total};
use domain::ticket::{Row, Ticket};
use jiff::{SignedDuration, Timestamp};
use use_cases::RetryableError;
use use_cases::retry::Tries;

use crate::choosing;

/// The most tickets of one commit. With stock, log and counts they stay below the 100 actions of a transaction.
const BATCH: usize = 45;
/// The most numbers that one step resolves. These numbers lie in at most five blocks.
const FRESH: u64 = 400;
/// The most places that one step passes if there is nothing to give. While many orders are canceled, the stock would
/// change during a longer read, and the commit would never succeed.
const PASSED: u64 = 300;
/// The most tries of one step while other writes change the same stock or orders.
const TRIES: u32 = 20;

/// Fills one product's backlog as far as units and resolved numbers reach, and publishes. After a failure the committed
/// steps remain, and a repeat continues.
pub async fn fill(app: &App, sku: &Sku) -> Result<(), RetryableError> {
    let mut batch = BATCH;
    let mut tries = Tries::new(TRIES);
    let grace = SignedDuration::try_from(app.settings.gap_grace).unwrap_or(SignedDuration::MAX);
    loop {
        let Some(view) = read(app, sku, batch).await? else { return Ok(()) };
        let outcome = match plan_fill(&view, FillLimits { gives: batch, grace }, app.clock.now()) {
            FillPlan::Rest => return finish(app, &view).await,
            FillPlan::NoteSeen(through) => {
                let now = app.clock.now();
                match app.table.note_seen(sku, view.stock.version, through, now).await {
                    Ok(()) => return finish(app, &view).await,
                    Err(error) => Err(error),
                }
            }
            FillPlan::Close(numbers) => close(app, sku, &numbers).await,
            FillPlan::Commit(commit) => give(app, *commit, &view.stock.unassigned).await,
        };
        match outcome {
            Ok(()) => {
                batch = (batch * 2).min(BATCH);
                tries = Tries::new(TRIES);
            }
            // A permanent failure may mean that the transaction is too large.
            Err(WriteError::Service(failure)) if batch > 1 && !failure.passing() => batch /= 2,
            Err(error) => {
                batch = (batch / 2).max(1);
                tries.after(error).await?;
            }
        }
    }
}

/// Ends a fill with nothing left to give. Publishes, and removes the counter's to-do mark if all numbers are resolved.
async fn finish(app: &App, view: &FillView) -> Result<(), RetryableError> {
    let mut tries = Tries::new(TRIES);
    if view.counter.stamp < view.stock.version {
        while let Err(error) = app.table.publish_filled(&view.stock).await {
            tries.after(error).await?;
        }
    }
    let all = view.stock.resolved_watermark == view.counter.last_ticket;
    if all && view.counter.todo.is_some() {
        while let Err(error) = app.table.unmark(&view.stock).await {
            tries.after(error).await?;
        }
    }
    Ok(())
}

/// Reads the stock first, then the counter, then the rows. So rows are never older than the stock, whose version guards
/// the commit.
async fn read(app: &App, sku: &Sku, batch: usize) -> Result<Option<FillView>, ServiceError> {
    let Some(stock) = app.table.stock(sku).await? else { return Ok(None) };
    let Some(counter) = app.table.counter(sku).await? else { return Ok(None) };
    let (mut rows, head_through) = head(app, &stock, batch).await?;
    let fresh_through = counter.last_ticket.min(stock.resolved_watermark + FRESH);
    rows.append(&mut app.table.rows(sku, stock.resolved_watermark + 1, fresh_through).await?);
    Ok(Some(FillView { stock, counter, rows, head_through, fresh_through }))
}

/// The rows after the fill watermark by block, until short tickets fill a batch or need all unassigned units.
async fn head(app: &App, stock: &Stock, batch: usize) -> Result<(BTreeMap<u64, Row>, u64), ServiceError> {
    let mut rows = BTreeMap::new();
    let mut through = stock.fill_watermark;
    while through < stock.resolved_watermark {
        let last = (block::block_of(through + 1) * block::TICKETS + block::TICKETS - 1).min(stock.resolved_watermark);
        rows.append(&mut app.table.rows(&stock.sku, through + 1, last).await?);
        through = last;
        let short: Vec<i64> = rows.values().filter_map(Row::live).map(Ticket::short).filter(|it| *it > 0).collect();
        let nothing_to_give = stock.unassigned.is_empty() && through >= stock.fill_watermark + PASSED;
        if nothing_to_give
            || !short.is_empty() && (short.len() >= batch || short.iter().sum::<i64>() >= stock.unassigned_total())
        {
            break;
        }
    }
    Ok((rows, through))
}

async fn close(app: &App, sku: &Sku, numbers: &[u64]) -> Result<(), WriteError> {
    for number in numbers {
        let closed = app.table.close_gap(sku, *number).await?;
        app.measure(Metric::HolesSealed, i64::from(closed));
        tracing::info!(%sku, number, closed, "checked a gap");
    }
    Ok(())
}

/// Commits the units that a plan gives, with their orders. Each order gets them from as few warehouses as possible.
async fn give(app: &App, mut commit: FillCommit, unassigned: &Units) -> Result<(), WriteError> {
    let ids: Vec<_> = commit.gives.iter().map(|give| give.before.order_id.clone()).collect();
    let orders = if ids.is_empty() { Vec::new() } else { app.table.orders(&ids).await? };
    if unassigned.len() > 1 {
        choosing::from_warehouses(app, &mut commit, unassigned, &orders).await?;
    }
    let now = app.clock.now();
    let mut orders: BTreeMap<_, _> = orders.into_iter().map(|it| (it.order.order_id.clone(), it)).collect();
    for give in &commit.gives {
        let broken = || ServiceError::Broken {
            service: "the table",
            why: format!("ticket {} and order {} disagree", give.ticket, give.before.order_id),
        };
        let stored: &mut StoredOrder = orders.get_mut(&give.before.order_id).ok_or_else(broken)?;
        let order = &mut stored.order;
        let line =
            order.lines.get_mut(give.before.line).filter(|line| line.ticket == give.ticket).ok_or_else(broken)?;
        give.units.iter().for_each(|(warehouse, units)| put(&mut line.assigned, warehouse, *units));
        order.version += 1;
        order.goods_came(&*app.policy_of(order).await?, commit.stock.arrived_at, now);
    }
    let orders: Vec<StoredOrder> = orders.into_values().collect();
    app.table.commit_fill(&commit, &orders).await?;
    log_given(app, &commit, &orders, now);
    Ok(())
}

/// Logs and measures the given units. For each released backorder it measures the time since the arrival of its units.
fn log_given(app: &App, commit: &FillCommit, orders: &[StoredOrder], now: Timestamp) {
    let stock = &commit.stock;
    app.measure(Metric::UnitsGiven, commit.gives.iter().map(|give| total(&give.units)).sum());
    let released = orders.iter().filter(|it| it.order.released_at == Some(now) && it.order.backordered()).count();
    if let Some(arrived) = stock.arrived_at {
        let waited = now.duration_since(arrived).as_secs();
        for _ in 0..released {
            app.measure(Metric::ArrivalToRelease, waited);
        }
    }
    let (sku, resolved_watermark) = (&stock.sku, stock.resolved_watermark);
    tracing::info!(%sku, orders = orders.len(), released, resolved_watermark, "gave units");
}

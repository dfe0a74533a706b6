//! One product's fill: read, plan, commit, again until there is nothing left to do.

use std::collections::BTreeMap;

use aws::table::{StoredOrder, Unwritten};
use aws::{Failure, Metric, Shop};
use domain::block;
use domain::fill::{FillCommit, FillLimits, FillPlan, FillView, plan_fill};
use domain::names::Sku;
use domain::stock::{Stock, Units, put, total};
use domain::ticket::{Row, Ticket};
use jiff::{SignedDuration, Timestamp};
use use_cases::Trouble;
use use_cases::retry::Tries;

use crate::choosing;

/// The most tickets of one commit: with stock, log and counts they stay below the hundred actions of a transaction.
const BATCH: usize = 45;
/// Numbers that are taken into the books at once: they lie in at most five blocks.
const FRESH: u64 = 400;
/// Places that are passed at once where nothing is there to give: a longer look would never meet the stock as it read it
/// while many give up their places.
const PASSED: u64 = 300;
/// Tries of one step against others who change the same stock or orders.
const TRIES: u32 = 20;

/// Fills one product's line as far as units and resolved numbers reach, and publishes. After a failure, what was committed
/// stays, and a repeat goes on from there.
pub async fn fill(shop: &Shop, sku: &Sku) -> Result<(), Trouble> {
    let mut batch = BATCH;
    let mut tries = Tries::of(TRIES);
    let grace = SignedDuration::try_from(shop.settings.hole_grace).unwrap_or(SignedDuration::MAX);
    loop {
        let Some(view) = read(shop, sku, batch).await? else { return Ok(()) };
        let outcome = match plan_fill(&view, FillLimits { gives: batch, grace }, shop.clock.now()) {
            FillPlan::Rest => return rest(shop, &view).await,
            FillPlan::NoteSeen(through) => {
                let now = shop.clock.now();
                match shop.table.note_seen(sku, view.stock.version, through, now).await {
                    Ok(()) => return rest(shop, &view).await,
                    Err(unwritten) => Err(unwritten),
                }
            }
            FillPlan::Seal(numbers) => seal(shop, sku, &numbers).await,
            FillPlan::Commit(commit) => give(shop, *commit, &view.stock.unassigned).await,
        };
        match outcome {
            Ok(()) => {
                batch = (batch * 2).min(BATCH);
                tries = Tries::of(TRIES);
            }
            // What is refused as it stands may be too large for one transaction.
            Err(Unwritten::Failure(failure)) if batch > 1 && !failure.passing() => batch /= 2,
            Err(unwritten) => {
                batch = (batch / 2).max(1);
                tries.after(unwritten).await?;
            }
        }
    }
}

/// Nothing left to give: what there is is published, and the mark goes if all numbers are in the books.
async fn rest(shop: &Shop, view: &FillView) -> Result<(), Trouble> {
    let mut tries = Tries::of(TRIES);
    if view.counter.stamp < view.stock.version {
        while let Err(unwritten) = shop.table.publish_filled(&view.stock).await {
            tries.after(unwritten).await?;
        }
    }
    let all = view.stock.accounted_through == view.counter.last_ticket;
    if all && view.counter.todo.is_some() {
        while let Err(unwritten) = shop.table.unmark(&view.stock).await {
            tries.after(unwritten).await?;
        }
    }
    Ok(())
}

/// Reads the stock first, then the counter, then the rows: so nothing that a row says is newer than the books allow.
async fn read(shop: &Shop, sku: &Sku, batch: usize) -> Result<Option<FillView>, Failure> {
    let Some(stock) = shop.table.stock(sku).await? else { return Ok(None) };
    let Some(counter) = shop.table.counter(sku).await? else { return Ok(None) };
    let (mut rows, head_through) = head(shop, &stock, batch).await?;
    let fresh_through = counter.last_ticket.min(stock.accounted_through + FRESH);
    rows.append(&mut shop.table.rows(sku, stock.accounted_through + 1, fresh_through).await?);
    Ok(Some(FillView { stock, counter, rows, head_through, fresh_through }))
}

/// The rows after the cursor, block by block, until enough of them are short for the units that are there.
async fn head(shop: &Shop, stock: &Stock, batch: usize) -> Result<(BTreeMap<u64, Row>, u64), Failure> {
    let mut rows = BTreeMap::new();
    let mut through = stock.filled_through;
    while through < stock.accounted_through {
        let last = (block::of(through + 1) * block::TICKETS + block::TICKETS - 1).min(stock.accounted_through);
        rows.append(&mut shop.table.rows(&stock.sku, through + 1, last).await?);
        through = last;
        let short: Vec<i64> = rows.values().filter_map(Row::live).map(Ticket::short).filter(|it| *it > 0).collect();
        let nothing_to_give = stock.unassigned.is_empty() && through >= stock.filled_through + PASSED;
        if nothing_to_give
            || !short.is_empty() && (short.len() >= batch || short.iter().sum::<i64>() >= stock.unassigned_total())
        {
            break;
        }
    }
    Ok((rows, through))
}

async fn seal(shop: &Shop, sku: &Sku, numbers: &[u64]) -> Result<(), Unwritten> {
    for number in numbers {
        let sealed = shop.table.seal_ticket(sku, *number).await?;
        shop.measure(Metric::HolesSealed, i64::from(sealed));
        tracing::info!(%sku, number, sealed, "a hole was looked at");
    }
    Ok(())
}

/// Commits what a plan gives, with the orders that get it; each from as few warehouses as can be.
async fn give(shop: &Shop, mut commit: FillCommit, unassigned: &Units) -> Result<(), Unwritten> {
    let ids: Vec<_> = commit.gives.iter().map(|give| give.before.order_id.clone()).collect();
    let orders = if ids.is_empty() { Vec::new() } else { shop.table.orders(&ids).await? };
    if unassigned.len() > 1 {
        choosing::from_warehouses(shop, &mut commit, unassigned, &orders).await?;
    }
    let now = shop.clock.now();
    let mut orders: BTreeMap<_, _> = orders.into_iter().map(|it| (it.order.order_id.clone(), it)).collect();
    for give in &commit.gives {
        let broken = || Failure::Broken {
            service: "the table",
            why: format!("ticket {} and order {} disagree", give.ticket, give.before.order_id),
        };
        let stored: &mut StoredOrder = orders.get_mut(&give.before.order_id).ok_or_else(broken)?;
        let order = &mut stored.order;
        let line =
            order.lines.get_mut(give.before.line).filter(|line| line.ticket == give.ticket).ok_or_else(broken)?;
        give.units.iter().for_each(|(warehouse, units)| put(&mut line.assigned, warehouse, *units));
        order.version += 1;
        order.goods_came(&*shop.policy_of(order).await?, commit.stock.arrived_at, now);
    }
    let orders: Vec<StoredOrder> = orders.into_values().collect();
    shop.table.commit_fill(&commit, &orders).await?;
    given(shop, &commit, &orders, now);
    Ok(())
}

/// Tells what was given, and of each order that is released by it and had to wait: since when its units are here.
fn given(shop: &Shop, commit: &FillCommit, orders: &[StoredOrder], now: Timestamp) {
    let stock = &commit.stock;
    shop.measure(Metric::UnitsGiven, commit.gives.iter().map(|give| total(&give.units)).sum());
    let released = orders.iter().filter(|it| it.order.released_at == Some(now) && it.order.backordered()).count();
    if let Some(arrived) = stock.arrived_at {
        let waited = now.duration_since(arrived).as_secs();
        (0..released).for_each(|_| shop.measure(Metric::ArrivalToRelease, waited));
    }
    let (sku, accounted_through) = (&stock.sku, stock.accounted_through);
    tracing::info!(%sku, orders = orders.len(), released, accounted_through, "gave units");
}

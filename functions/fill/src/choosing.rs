//! Chooses the warehouses from which the orders of one commit get their units, and reads what the choice needs. The
//! choice is made only if more than one warehouse holds unassigned units of the product.

use std::collections::{BTreeMap, BTreeSet};

use aws::table::StoredOrder;
use aws::{App, ServiceError};
use domain::fill::{FillCommit, Give};
use domain::identity::OrderId;
use domain::names::{Sku, Warehouse};
use domain::order::Order;
use domain::parcels::{OtherLine, choose};
use domain::stock::{Units, total};

/// Chooses warehouses for every ticket of the commit. `unassigned` holds the unassigned units before the commit.
pub async fn from_warehouses(
    app: &App,
    commit: &mut FillCommit,
    unassigned: &Units,
    orders: &[StoredOrder],
) -> Result<(), ServiceError> {
    let orders: BTreeMap<&OrderId, &Order> = orders.iter().map(|it| (&it.order.order_id, &it.order)).collect();
    let skus: BTreeSet<&Sku> = commit.gives.iter().flat_map(|give| others(&orders, give)).map(|(sku, _)| sku).collect();
    let skus: Vec<Sku> = skus.into_iter().cloned().collect();
    let stocks = if skus.is_empty() { Vec::new() } else { app.table.stocks(&skus).await? };
    let there: BTreeMap<Sku, Units> = stocks.into_iter().map(|stock| (stock.sku, stock.unassigned)).collect();
    let mut held: BTreeMap<OrderId, BTreeSet<Warehouse>> = BTreeMap::new();
    commit.from_warehouses(unassigned, |give, left| {
        let held = held.entry(give.before.order_id.clone()).or_insert_with(|| holders(&orders, give));
        let other = |(sku, short): (&Sku, i64)| OtherLine { short, there: there.get(sku).cloned().unwrap_or_default() };
        let others: Vec<OtherLine> = others(&orders, give).map(other).collect();
        let chosen = choose(left, total(&give.units), held, &others);
        held.extend(chosen.keys().cloned());
        chosen
    });
    Ok(())
}

/// The other waiting lines of the ticket's order, each with its missing units.
fn others<'a>(orders: &BTreeMap<&OrderId, &'a Order>, give: &Give) -> impl Iterator<Item = (&'a Sku, i64)> {
    let lines = orders.get(&give.before.order_id).map(|order| order.lines.iter().enumerate());
    let this = give.before.line;
    let waiting = move |(at, line): (usize, &'a domain::order::Line)| {
        (at != this && line.waiting() > 0).then(|| (&line.sku, line.waiting()))
    };
    lines.into_iter().flatten().filter_map(waiting)
}

/// The warehouses that hold assigned units of the ticket's order.
fn holders(orders: &BTreeMap<&OrderId, &Order>, give: &Give) -> BTreeSet<Warehouse> {
    let lines = orders.get(&give.before.order_id).map(|order| &order.lines);
    lines.into_iter().flatten().flat_map(|line| line.assigned.keys().cloned()).collect()
}

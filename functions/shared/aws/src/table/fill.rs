//! Fills: a transaction for each planned commit, the age of gaps, and the mark of the counter.

use domain::fill::{FillCommit, Give};
use domain::names::Sku;
use domain::stock::{Stock, put};
use domain::ticket::{Row, Ticket};
use jiff::Timestamp;

use super::Table;
use super::item::{attribute, item};
use super::keys;
use super::orders::{StoredOrder, rewrite};
use super::tickets::change_row;
use super::write::{Write, WriteError, Written};
use crate::service_error::ServiceError;

impl Table {
    /// Commits a planned fill in one transaction: the stock at the version before, the log entry, the counts of blocks,
    /// the tickets as read, and the orders at the version before. After a failure read again and make a new plan.
    pub async fn commit_fill(&self, commit: &FillCommit, orders: &[StoredOrder]) -> Result<(), WriteError> {
        let stock = &commit.stock;
        let sku = &stock.sku;
        let mut writes = vec![
            Write::put(item(keys::stock(sku), "stock", stock)?)
                .when("version = :read")
                .number(":read", stock.version - 1),
            Write::put(item(keys::log(sku, commit.entry.number), "log", &commit.entry)?).if_absent(),
        ];
        writes.extend(Write::counts(sku, &commit.blocks));
        for give in &commit.gives {
            writes.push(give_row(sku, give)?);
        }
        for stored in orders {
            writes.push(rewrite(&stored.order, &stored.email_hash)?);
        }
        self.transact(writes).await
    }

    /// Notes that numbers up to `through` are missing since `at`, only if the stock still has this version.
    pub async fn note_seen(&self, sku: &Sku, version: u64, through: u64, at: Timestamp) -> Result<(), WriteError> {
        let update = Write::update(keys::stock(sku), "SET seen_through = :through, seen_at = :at")
            .when("version = :read")
            .number(":through", through)
            .number(":read", version)
            .value(":at", attribute(&at)?);
        self.write(update).await.map(|_: Written| ())
    }

    /// Removes the mark of the counter, only if no further number was drawn and no newer stock was published.
    pub async fn unmark(&self, stock: &Stock) -> Result<(), WriteError> {
        let update = Write::update(keys::counter(&stock.sku), "REMOVE todo, todo_at")
            .when("last_ticket = :accounted AND stamp <= :version")
            .number(":accounted", stock.resolved_watermark)
            .number(":version", stock.version);
        self.write(update).await.map(|_: Written| ())
    }
}

fn give_row(sku: &Sku, give: &Give) -> Result<Write, ServiceError> {
    let mut assigned = give.before.assigned.clone();
    give.units.iter().for_each(|(warehouse, units)| put(&mut assigned, warehouse, *units));
    change_row(sku, give.ticket, &give.before, &Row::Live(Ticket { assigned, ..give.before.clone() }))
}

//! Goods come in, and what there is is published to the counter.

use domain::adjustment::Receipt;
use domain::names::{Sku, Warehouse};
use domain::stock::{Stock, WrittenBy};
use jiff::Timestamp;

use super::Table;
use super::item::{attribute, item, value};
use super::keys::{self, Marked};
use super::write::{Unwritten, Write, Written};
use crate::failure::Failure;

/// Units are added to one warehouse, and the version goes up.
pub(super) fn add_units(
    (sku, warehouse): (&Sku, &Warehouse),
    quantity: i64,
    by: WrittenBy,
    at: Timestamp,
) -> Result<Write, Failure> {
    let expression = "SET unassigned.#w = if_not_exists(unassigned.#w, :zero) + :q, \
                      received.#w = if_not_exists(received.#w, :zero) + :q, \
                      supply = supply + :q, version = version + :one, written_by = :by, arrived_at = :at";
    Ok(Write::update(keys::stock(sku), expression)
        .when("attribute_exists(pk)")
        .name("#w", warehouse.as_str())
        .number(":q", quantity)
        .number(":zero", 0)
        .number(":one", 1)
        .value(":at", attribute(&at)?)
        .value(":by", attribute(&by)?))
}

impl Table {
    /// Takes goods in: the receipt, only if absent, and the stock, in one transaction; they take the place of what was
    /// expected under their id. Position 0 of a condition that did not hold: the receipt was there. Position 1: there is
    /// no such product.
    ///
    /// # Errors
    /// [`Unwritten`]; after a failure, whether it was written is unknown, and a repeat tells.
    pub async fn receive_stock(&self, receipt: &Receipt, at: Timestamp) -> Result<(), Unwritten> {
        let new = item(keys::receipt(receipt.receipt_id.as_str()), "receipt", receipt)?;
        let stock = add_units((&receipt.sku, &receipt.warehouse), receipt.quantity, WrittenBy::Arrival, at)?;
        let arrived = Self::no_longer_expected(&receipt.sku, &receipt.receipt_id);
        self.transact(vec![Write::put(new).if_absent(), stock, arrived]).await
    }

    /// A receipt that came before.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn receipt(&self, id: &str) -> Result<Option<Receipt>, Failure> {
        self.get(keys::receipt(id)).await?.map(value).transpose()
    }

    /// Publishes the supply of one read of the stock: what is for sale follows from it and from what was drawn by now.
    /// Only if nobody has published this version or a later one; repeating it is harmless. The counter is marked with it:
    /// until a fill has been there, the sweep wakes one, whatever became of its message (I8).
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn publish(&self, stock: &Stock) -> Result<(), Unwritten> {
        let update = Write::update(
            keys::counter(&stock.sku),
            "SET available = :supply - units_issued, stamp = :version, todo = :todo, todo_at = :sku",
        )
        .text(":todo", Marked::Drawn.partition_of(stock.sku.as_str()))
        .text(":sku", stock.sku.as_str());
        self.write(published(update, stock)).await.map(|_: Written| ())
    }

    /// Publishes what a fill leaves; it needs no other to be woken.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn publish_filled(&self, stock: &Stock) -> Result<(), Unwritten> {
        self.write(Self::publish_within(stock)).await.map(|_: Written| ())
    }

    /// The counter's new values in the transaction that lowers the supply, so that nobody buys what is lost.
    pub(super) fn publish_within(stock: &Stock) -> Write {
        let update =
            Write::update(keys::counter(&stock.sku), "SET available = :supply - units_issued, stamp = :version");
        published(update, stock)
    }
}

/// The condition and the values of every publication: never an older version over a newer one.
fn published(update: Write, stock: &Stock) -> Write {
    update.when("stamp < :version").number(":supply", stock.supply).number(":version", stock.version)
}

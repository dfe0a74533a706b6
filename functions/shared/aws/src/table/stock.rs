//! The stock and the counter of a product: announced and received goods, and the publication of the supply.

use domain::adjustment::Receipt;
use domain::expected::{ExpectedReceipt, sort};
use domain::names::{Sku, Warehouse};
use domain::stock::{Counter, Stock, Units, WrittenBy};
use jiff::Timestamp;
use serde::Deserialize;

use super::Table;
use super::item::{attribute, item, value};
use super::keys::{self, Marked};
use super::read::Question;
use super::write::{Write, WriteError, Written};
use crate::service_error::ServiceError;

#[derive(Deserialize)]
struct Shipped {
    units: Units,
}

pub(super) fn add_units(
    sku: &Sku,
    warehouse: &Warehouse,
    quantity: i64,
    by: WrittenBy,
    at: Timestamp,
) -> Result<Write, ServiceError> {
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
    /// The stock of a product.
    pub async fn stock(&self, sku: &Sku) -> Result<Option<Stock>, ServiceError> {
        self.get(keys::stock(sku)).await?.map(value).transpose()
    }

    /// The existing stocks of these products, unordered.
    pub async fn stocks(&self, skus: &[Sku]) -> Result<Vec<Stock>, ServiceError> {
        let items = self.get_all(skus.iter().map(keys::stock).collect()).await?;
        items.into_iter().map(value).collect()
    }

    /// The counter of a product. All its numbers are from the same instant.
    pub async fn counter(&self, sku: &Sku) -> Result<Option<Counter>, ServiceError> {
        self.get(keys::counter(sku)).await?.map(value).transpose()
    }

    /// The shipped units of a product, by warehouse.
    pub async fn shipped(&self, sku: &Sku) -> Result<Units, ServiceError> {
        let shipped: Option<Shipped> = self.get(keys::shipped(sku)).await?.map(value).transpose()?;
        Ok(shipped.map(|shipped| shipped.units).unwrap_or_default())
    }

    /// Receives goods in one transaction: puts the receipt, only if absent, adds to the stock, and deletes the expected
    /// receipt of that id. Failed condition 0: the receipt exists. Failed condition 1: the product is unknown.
    pub async fn receive_stock(&self, receipt: &Receipt, at: Timestamp) -> Result<(), WriteError> {
        let new = item(keys::receipt(receipt.receipt_id.as_str()), "receipt", receipt)?;
        let stock = add_units(&receipt.sku, &receipt.warehouse, receipt.quantity, WrittenBy::Arrival, at)?;
        let no_longer_expected = Write::delete(keys::expected(&receipt.sku, &receipt.receipt_id));
        self.transact(vec![Write::put(new).if_absent(), stock, no_longer_expected]).await
    }

    /// The receipt with this id.
    pub async fn receipt(&self, id: &str) -> Result<Option<Receipt>, ServiceError> {
        self.get(keys::receipt(id)).await?.map(value).transpose()
    }

    /// Puts an expected receipt, or deletes it if its quantity is zero, only if no goods were received under its id.
    /// Failed condition 1: goods were received.
    pub async fn expect(&self, receipt: &ExpectedReceipt) -> Result<(), WriteError> {
        let key = keys::expected(&receipt.sku, &receipt.receipt_id);
        let write = match receipt.quantity {
            0 => Write::delete(key),
            _ => Write::put(item(key, "expected-receipt", receipt)?),
        };
        let not_received = Write::check(keys::receipt(receipt.receipt_id.as_str())).when("attribute_not_exists(pk)");
        self.transact(vec![write, not_received]).await
    }

    /// The expected receipts of a product, by day.
    pub async fn expected(&self, sku: &Sku) -> Result<Vec<ExpectedReceipt>, ServiceError> {
        let items = self.ask(Question::new("pk = :pk", [(":pk", keys::expected_partition(sku))])).await?;
        let mut expected = items.into_iter().map(value).collect::<Result<Vec<_>, _>>()?;
        sort(&mut expected);
        Ok(expected)
    }

    /// Publishes the supply of a version of the stock, only if this version and later ones are unpublished. The write
    /// also marks the counter: until a fill has run, `reconcile` wakes a fill even if the fill's message is lost (I8).
    pub async fn publish(&self, stock: &Stock) -> Result<(), WriteError> {
        let update = Write::update(
            keys::counter(&stock.sku),
            "SET available = :supply - units_issued, stamp = :version, todo = :todo, todo_at = :sku",
        )
        .text(":todo", Marked::Drawn.partition_of(stock.sku.as_str()))
        .text(":sku", stock.sku.as_str());
        self.write(published(update, stock)).await.map(|_: Written| ())
    }

    /// Publishes the stock after a fill. It does not mark the counter: no further fill is needed.
    pub async fn publish_filled(&self, stock: &Stock) -> Result<(), WriteError> {
        self.write(Self::publish_within(stock)).await.map(|_: Written| ())
    }

    /// Publishes in the transaction that lowers the supply, so that nobody can buy lost units.
    pub(super) fn publish_within(stock: &Stock) -> Write {
        let update =
            Write::update(keys::counter(&stock.sku), "SET available = :supply - units_issued, stamp = :version");
        published(update, stock)
    }
}

/// Adds the condition of every publication: an older version never replaces a newer one.
fn published(update: Write, stock: &Stock) -> Write {
    update.when("stamp < :version").number(":supply", stock.supply).number(":version", stock.version)
}

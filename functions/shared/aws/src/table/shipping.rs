//! A parcel leaves: the order and the product's total of shipped units, in one transaction. Stock is untouched.

use std::collections::BTreeMap;

use domain::names::Sku;
use domain::order::Order;
use domain::shipment::Shipment;

use super::Table;
use super::item::text;
use super::keys;
use super::orders::rewrite;
use super::write::{Unwritten, Write};

impl Table {
    /// Ships: the order at the version before, and the totals by product. A total that does not exist yet is made by
    /// [`Table::open_shipped`]; position n > 0 of a condition that did not hold says which product lacks it.
    ///
    /// # Errors
    /// [`Unwritten`]: read the order again.
    pub async fn ship(&self, order: &Order, email_hash: &str, shipment: &Shipment) -> Result<(), Unwritten> {
        let mut writes = vec![rewrite(order, email_hash)?];
        for (sku, units) in totals(order, shipment) {
            writes.push(
                Write::update(keys::shipped(&sku), "SET units.#w = if_not_exists(units.#w, :zero) + :units")
                    .when("attribute_exists(pk)")
                    .name("#w", shipment.warehouse.as_str())
                    .number(":zero", 0)
                    .number(":units", units),
            );
        }
        self.transact(writes).await
    }

    /// Makes the totals of shipped units where they are missing.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn open_shipped(&self, order: &Order, shipment: &Shipment) -> Result<(), Unwritten> {
        for sku in totals(order, shipment).into_keys() {
            let mut empty = keys::shipped(&sku);
            empty.insert("entity".to_owned(), text("shipped"));
            empty.insert("schema".to_owned(), super::item::number(super::SCHEMA));
            empty.insert("units".to_owned(), aws_sdk_dynamodb::types::AttributeValue::M(super::Item::new()));
            self.write(Write::put(empty).if_absent()).await?;
        }
        Ok(())
    }
}

fn totals(order: &Order, shipment: &Shipment) -> BTreeMap<Sku, i64> {
    let mut totals = BTreeMap::new();
    for part in &shipment.lines {
        if let Some(line) = order.lines.get(part.line) {
            *totals.entry(line.sku.clone()).or_default() += part.quantity;
        }
    }
    totals
}

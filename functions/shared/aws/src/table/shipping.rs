//! A parcel leaves: the order and the products' totals of shipped units, in one transaction. Stock is untouched.

use domain::shipment::Departure;

use super::Table;
use super::item::text;
use super::keys;
use super::orders::rewrite;
use super::write::{Unwritten, Write};

impl Table {
    /// Ships: the order at the version before, and the totals by product and warehouse. A total that does not exist yet is
    /// made by [`Table::open_shipped`]; position n > 0 of a condition that did not hold says which product lacks it.
    ///
    /// # Errors
    /// [`Unwritten`]: read the order again.
    pub async fn ship(&self, departure: &Departure, email_hash: &str) -> Result<(), Unwritten> {
        let mut writes = vec![rewrite(&departure.order, email_hash)?];
        for (sku, units) in &departure.units {
            let add = |at: usize| format!("units.#w{at} = if_not_exists(units.#w{at}, :zero) + :w{at}");
            let adds: Vec<_> = (0..units.len()).map(add).collect();
            let mut total = Write::update(keys::shipped(sku), format!("SET {}", adds.join(", ")))
                .when("attribute_exists(pk)")
                .number(":zero", 0);
            for (at, (warehouse, quantity)) in units.iter().enumerate() {
                total = total.name(&format!("#w{at}"), warehouse.as_str()).number(&format!(":w{at}"), quantity);
            }
            writes.push(total);
        }
        self.transact(writes).await
    }

    /// Makes the totals of shipped units where they are missing.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn open_shipped(&self, departure: &Departure) -> Result<(), Unwritten> {
        for sku in departure.units.keys() {
            let mut empty = keys::shipped(sku);
            empty.insert("entity".to_owned(), text("shipped"));
            empty.insert("schema".to_owned(), super::item::number(super::SCHEMA));
            empty.insert("units".to_owned(), aws_sdk_dynamodb::types::AttributeValue::M(super::Item::new()));
            self.write(Write::put(empty).if_absent()).await?;
        }
        Ok(())
    }
}

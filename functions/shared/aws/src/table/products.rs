//! Products: put with their counter and stock, so that a line exists from the first moment.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::names::Sku;
use domain::product::Product;
use domain::stock::{Counter, Stock, WrittenBy};
use jiff::Timestamp;

use super::Table;
use super::item::{Item, SERVICE, attribute, item, text, value};
use super::keys::{self, Marked};
use super::write::{Unwritten, Write, Written};
use crate::failure::Failure;

impl Table {
    /// Puts a product. A new one gets its counter and its stock in the same transaction; one that is there is returned as
    /// it is put now: what was discontinued stays so.
    ///
    /// # Errors
    /// Where the table fails; repeat it.
    pub async fn put_product(&self, product: &Product) -> Result<Option<Product>, Unwritten> {
        let sku = &product.sku;
        let counter = Counter {
            sku: sku.clone(),
            last_ticket: 0,
            units_issued: 0,
            available: 0,
            stamp: 0,
            closed: false,
            todo: None,
        };
        let writes = vec![
            Write::put(product_item(product)?).if_absent(),
            Write::put(item(keys::counter(sku), "counter", &counter)?).if_absent(),
            Write::put(item(keys::stock(sku), "stock", &Stock::empty(sku.clone()))?).if_absent(),
        ];
        match self.transact(writes).await {
            Ok(()) => Ok(None),
            Err(Unwritten::Condition(_)) => {
                let known =
                    self.product(sku).await?.ok_or_else(|| Failure::broken(SERVICE, format!("{sku} is gone")))?;
                let put = Product { discontinued_at: known.discontinued_at, ..product.clone() };
                let mut write = Write::put(product_item(&put)?);
                write = match known.discontinued_at {
                    // Discontinued meanwhile: what is read then says so.
                    None => write.when("attribute_not_exists(discontinued_at)"),
                    Some(_) => write,
                };
                match self.write(write).await? {
                    Written::Done(_) => Ok(Some(put)),
                    Written::Refused(_) => Err(Unwritten::Contended),
                }
            }
            Err(other) => Err(other),
        }
    }

    /// Closes a product's line: from now on only what is in stock can be drawn. Repeating it is safe.
    ///
    /// # Errors
    /// Where the table fails; `Condition`: there is no such product.
    pub async fn close_line(&self, sku: &Sku) -> Result<(), Unwritten> {
        let update = Write::update(keys::counter(sku), "SET closed = :closed")
            .when("attribute_exists(pk)")
            .value(":closed", AttributeValue::Bool(true));
        match self.write(update).await? {
            Written::Done(_) => Ok(()),
            Written::Refused(_) => Err(Unwritten::Condition(vec![0])),
        }
    }

    /// Notes that a product will not come any more, in the product and, for those who follow, in its stock. False: it
    /// was noted before.
    ///
    /// # Errors
    /// Where the table fails; repeat it.
    pub async fn discontinue(&self, sku: &Sku, at: Timestamp) -> Result<bool, Unwritten> {
        let product = Write::update(keys::product(sku), "SET discontinued_at = :at")
            .when("attribute_exists(pk) AND attribute_not_exists(discontinued_at)")
            .value(":at", attribute(&at)?);
        let stock = Write::update(
            keys::stock(sku),
            "SET discontinued = :discontinued, version = version + :one, written_by = :by",
        )
        .when("attribute_exists(pk)")
        .value(":discontinued", AttributeValue::Bool(true))
        .number(":one", 1)
        .value(":by", attribute(&WrittenBy::Product)?);
        match self.transact(vec![product, stock]).await {
            Ok(()) => Ok(true),
            Err(Unwritten::Condition(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// The product as it is now.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn product(&self, sku: &Sku) -> Result<Option<Product>, Failure> {
        self.get(keys::product(sku)).await?.map(value).transpose()
    }

    /// The products that exist among these; in no order.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn products_of(&self, skus: &[Sku]) -> Result<Vec<Product>, Failure> {
        let items = self.get_all(skus.iter().map(keys::product).collect()).await?;
        items.into_iter().map(value).collect()
    }

    /// The counters that exist of these products; in no order.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn counters(&self, skus: &[Sku]) -> Result<Vec<Counter>, Failure> {
        let items = self.get_all(skus.iter().map(keys::counter).collect()).await?;
        items.into_iter().map(value).collect()
    }
}

fn product_item(product: &Product) -> Result<Item, Failure> {
    let mut new = item(keys::product(&product.sku), "product", product)?;
    new.insert("todo".to_owned(), text(Marked::Product.partition_of(product.sku.as_str())));
    new.insert("todo_at".to_owned(), text(product.sku.as_str()));
    Ok(new)
}

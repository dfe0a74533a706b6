//! Products. The transaction that puts a new product also puts its counter and its stock, so its backlog exists.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::names::Sku;
use domain::product::Product;
use domain::stock::{Counter, Stock, WrittenBy};
use jiff::Timestamp;

use super::Table;
use super::item::{Item, SERVICE, attribute, item, text, value};
use super::keys::{self, Marked};
use super::read::Question;
use super::write::{Write, WriteError, Written};
use crate::service_error::ServiceError;

impl Table {
    /// Puts a new product with its counter and its stock in one transaction, and returns `None`. Replaces an existing
    /// product and returns its new values. A discontinued product stays discontinued.
    pub async fn put_product(&self, product: &Product) -> Result<Option<Product>, WriteError> {
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
            Ok(()) => return Ok(None),
            Err(WriteError::Condition(_)) => {}
            Err(other) => return Err(other),
        }
        let known = self.product(sku).await?.ok_or_else(|| ServiceError::broken(SERVICE, format!("{sku} is gone")))?;
        let put = Product { discontinued_at: known.discontinued_at, ..product.clone() };
        let mut write = Write::put(product_item(&put)?);
        if known.discontinued_at.is_none() {
            write = write.when("attribute_not_exists(discontinued_at)");
        }
        match self.write(write).await? {
            Written::Done(_) => Ok(Some(put)),
            // The product was discontinued after the read. The caller repeats the call.
            Written::Refused(_) => Err(WriteError::Contended),
        }
    }

    /// Closes a product's backlog: from now on only available units can be drawn. `Condition`: the product is unknown.
    pub async fn close_line(&self, sku: &Sku) -> Result<(), WriteError> {
        let update = Write::update(keys::counter(sku), "SET closed = :closed")
            .when("attribute_exists(pk)")
            .value(":closed", AttributeValue::Bool(true));
        match self.write(update).await? {
            Written::Done(_) => Ok(()),
            Written::Refused(_) => Err(WriteError::Condition(vec![0])),
        }
    }

    /// Marks a product as discontinued, and its stock for `dispatch`. False: it was discontinued before, or is unknown.
    pub async fn discontinue(&self, sku: &Sku, at: Timestamp) -> Result<bool, WriteError> {
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
            Err(WriteError::Condition(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// The product with this sku.
    pub async fn product(&self, sku: &Sku) -> Result<Option<Product>, ServiceError> {
        self.get(keys::product(sku)).await?.map(value).transpose()
    }

    /// The existing products among these skus, in no particular sequence.
    pub async fn products_of(&self, skus: &[Sku]) -> Result<Vec<Product>, ServiceError> {
        let items = self.get_all(skus.iter().map(keys::product).collect()).await?;
        items.into_iter().map(value).collect()
    }

    /// The products of one shard whose counter is marked, because it may have unresolved numbers.
    pub async fn drawn(&self, shard: u8) -> Result<Vec<Sku>, ServiceError> {
        self.skus(Marked::Drawn, shard).await
    }

    /// The products of one shard.
    pub async fn products(&self, shard: u8) -> Result<Vec<Sku>, ServiceError> {
        self.skus(Marked::Product, shard).await
    }

    async fn skus(&self, marked: Marked, shard: u8) -> Result<Vec<Sku>, ServiceError> {
        let question = Question::new("todo = :todo", [(":todo", marked.partition(shard))]).of_index("todo", None);
        let items = self.ask(question).await?;
        let skus = items.iter().map(|item| Sku::new(keys::part(item, "todo_at").unwrap_or_default()));
        skus.collect::<Result<_, _>>().map_err(|error| ServiceError::broken(SERVICE, error))
    }

    /// The existing counters of these products, unordered.
    pub async fn counters(&self, skus: &[Sku]) -> Result<Vec<Counter>, ServiceError> {
        let items = self.get_all(skus.iter().map(keys::counter).collect()).await?;
        items.into_iter().map(value).collect()
    }
}

fn product_item(product: &Product) -> Result<Item, ServiceError> {
    let mut new = item(keys::product(&product.sku), "product", product)?;
    new.insert("todo".to_owned(), text(Marked::Product.partition_of(product.sku.as_str())));
    new.insert("todo_at".to_owned(), text(product.sku.as_str()));
    Ok(new)
}

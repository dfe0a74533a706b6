//! Products: put with their counter and stock, so that a line exists from the first moment.

use domain::names::Sku;
use domain::product::Product;
use domain::stock::{Counter, Stock};

use super::Table;
use super::item::{Item, item, text, value};
use super::keys::{self, Marked};
use super::write::{Unwritten, Write};
use crate::failure::Failure;

impl Table {
    /// Puts a product. A new one gets its counter and its stock in the same transaction; true if it was new.
    ///
    /// # Errors
    /// Where the table fails; repeat it.
    pub async fn put_product(&self, product: &Product) -> Result<bool, Unwritten> {
        let sku = &product.sku;
        let counter = Counter { sku: sku.clone(), last_ticket: 0, units_issued: 0, available: 0, stamp: 0, todo: None };
        let writes = vec![
            Write::put(product_item(product)?).if_absent(),
            Write::put(item(keys::counter(sku), "counter", &counter)?).if_absent(),
            Write::put(item(keys::stock(sku), "stock", &Stock::empty(sku.clone()))?).if_absent(),
        ];
        match self.transact(writes).await {
            Ok(()) => Ok(true),
            Err(Unwritten::Condition(_)) => {
                self.write(Write::put(product_item(product)?)).await?;
                Ok(false)
            }
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

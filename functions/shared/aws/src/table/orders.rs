//! Reading orders, and the one way in which a placed order is rewritten: whole, at its version.

use std::time::Duration;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use domain::identity::OrderId;
use domain::order::Order;

use super::item::{Item, SERVICE, text, value};
use super::keys;
use super::placement::order_item;
use super::swap::is_claim;
use super::write::Write;
use super::{SIGNATURE, Table};
use crate::correlation::CorrelationId;
use crate::failure::Failure;

/// The most keys of one batch read.
const BATCH: usize = 100;

/// An order and what the index needs to know of it.
#[derive(Clone, Debug)]
pub struct StoredOrder {
    /// The order.
    pub order: Order,
    /// The index key of its customer's address.
    pub email_hash: String,
    /// Under which id it was written last; a new one where it has none.
    pub correlation: CorrelationId,
}

/// The order as given, only if it still has the version before.
pub(super) fn rewrite(stored: &Order, email_hash: &str) -> Result<Write, Failure> {
    let mut item = order_item(stored)?;
    item.insert("email_hash".to_owned(), text(email_hash));
    Ok(Write::put(item).when("version = :read").number(":read", stored.version - 1))
}

fn stored(item: Item) -> Result<StoredOrder, Failure> {
    let email_hash = keys::part(&item, "email_hash").unwrap_or_default().to_owned();
    let correlation = CorrelationId::first_of([keys::part(&item, SIGNATURE)]);
    Ok(StoredOrder { order: value(item)?, email_hash, correlation })
}

impl Table {
    /// The order as it is now.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn order(&self, id: &OrderId) -> Result<Option<StoredOrder>, Failure> {
        self.get(keys::order(id)).await?.filter(|item| !is_claim(item)).map(stored).transpose()
    }

    /// The orders as they are now; those that do not exist are missing. In no order.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn orders(&self, ids: &[OrderId]) -> Result<Vec<StoredOrder>, Failure> {
        let items = self.get_all(ids.iter().map(keys::order).collect()).await?;
        items.into_iter().filter(|item| !is_claim(item)).map(stored).collect()
    }

    /// One item, strongly read.
    pub(super) async fn get(&self, key: Item) -> Result<Option<Item>, Failure> {
        let got = self.client.get_item().table_name(&self.name).set_key(Some(key)).consistent_read(true).send().await;
        got.map(|got| got.item).map_err(|error| Failure::of(SERVICE, &error))
    }

    /// Many items, strongly read; what the service leaves out is asked for again, a bounded number of times.
    pub(super) async fn get_all(&self, mut keys: Vec<Item>) -> Result<Vec<Item>, Failure> {
        let mut found = Vec::with_capacity(keys.len());
        for _ in 0..16 + keys.len() / BATCH {
            if keys.is_empty() {
                return Ok(found);
            }
            let rest = keys.split_off(keys.len().min(BATCH));
            let wanted = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
            let wanted = wanted.map_err(|error| Failure::broken(SERVICE, error))?;
            let got = self.client.batch_get_item().request_items(&self.name, wanted).send().await;
            let got = got.map_err(|error| Failure::of(SERVICE, &error))?;
            found.extend(got.responses.unwrap_or_default().into_values().flatten());
            let left = got.unprocessed_keys.unwrap_or_default().into_values().flat_map(|left| left.keys);
            let left: Vec<Item> = left.collect();
            if !left.is_empty() {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(10..=50))).await;
            }
            keys = rest;
            keys.extend(left);
        }
        Err(Failure::unavailable(SERVICE, "a batch read was never finished"))
    }
}

//! Reads of one or many items, and queries. Reads of the table are strongly consistent; reads of an index are not.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use super::Table;
use super::item::{Item, SERVICE, text};
use crate::service_error::ServiceError;

/// The most keys of one batch read.
const BATCH: usize = 100;

/// A query of the table or of an index.
#[derive(Default)]
pub(super) struct Question {
    index: Option<&'static str>,
    condition: &'static str,
    /// Only items that match are returned, though all are read and paid for.
    pub(super) filter: Option<&'static str>,
    pub(super) names: Option<HashMap<String, String>>,
    /// Only these attributes are returned, though all are read and paid for.
    pub(super) only: Option<&'static str>,
    pub(super) values: HashMap<String, AttributeValue>,
    strong: bool,
    pub(super) newest_first: bool,
    /// The query starts after this item.
    pub(super) from: Option<Item>,
    limit: Option<i32>,
}

impl Question {
    pub(super) fn new(condition: &'static str, values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), text(value))).collect();
        Self { condition, values, strong: true, ..Self::default() }
    }

    pub(super) fn of_index(mut self, index: &'static str, limit: impl Into<Option<i32>>) -> Self {
        self.index = Some(index);
        self.strong = false;
        self.limit = limit.into();
        self
    }
}

impl Table {
    /// Reads page by page until the end or until there are `limit` items.
    pub(super) async fn ask(&self, question: Question) -> Result<Vec<Item>, ServiceError> {
        let mut found = Vec::new();
        let mut from = question.from;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.name)
                .set_index_name(question.index.map(str::to_owned))
                .key_condition_expression(question.condition)
                .set_projection_expression(question.only.map(str::to_owned))
                .set_filter_expression(question.filter.map(str::to_owned))
                .set_expression_attribute_names(question.names.clone())
                .set_expression_attribute_values(Some(question.values.clone()))
                .consistent_read(question.strong)
                .scan_index_forward(!question.newest_first)
                .set_limit(question.limit)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| ServiceError::from_sdk(SERVICE, &error))?;
            found.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            let enough = question.limit.is_some_and(|limit| usize::try_from(limit).is_ok_and(|it| found.len() >= it));
            if from.is_none() || enough {
                return Ok(found);
            }
        }
    }

    pub(super) async fn get(&self, key: Item) -> Result<Option<Item>, ServiceError> {
        let got = self.client.get_item().table_name(&self.name).set_key(Some(key)).consistent_read(true).send().await;
        got.map(|got| got.item).map_err(|error| ServiceError::from_sdk(SERVICE, &error))
    }

    /// Many items, unordered. Keys that the service leaves out are read again, a bounded number of times.
    pub(super) async fn get_all(&self, mut keys: Vec<Item>) -> Result<Vec<Item>, ServiceError> {
        let mut found = Vec::with_capacity(keys.len());
        for _ in 0..16 + keys.len() / BATCH {
            if keys.is_empty() {
                return Ok(found);
            }
            let rest = keys.split_off(keys.len().min(BATCH));
            let wanted = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
            let wanted = wanted.map_err(|error| ServiceError::broken(SERVICE, error))?;
            let got = self.client.batch_get_item().request_items(&self.name, wanted).send().await;
            let got = got.map_err(|error| ServiceError::from_sdk(SERVICE, &error))?;
            found.extend(got.responses.unwrap_or_default().into_values().flatten());
            let left = got.unprocessed_keys.unwrap_or_default().into_values().flat_map(|left| left.keys);
            let left: Vec<Item> = left.collect();
            if !left.is_empty() {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(10..=50))).await;
            }
            keys = rest;
            keys.extend(left);
        }
        Err(ServiceError::unavailable(SERVICE, "a batch read was never finished"))
    }
}

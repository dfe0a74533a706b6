//! Reading the table and its indexes: a named method for each question, and no scan. The rows of a line stand in `line`.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::identity::OrderId;
use domain::names::Sku;
use domain::stock::{Counter, Stock, Units};
use jiff::Timestamp;
use serde::Deserialize;

use super::Table;
use super::item::{Item, SERVICE, text, value};
use super::keys::{self, Marked, ReadyOrder, sortable};
use crate::failure::Failure;

#[derive(Deserialize)]
struct Shipped {
    units: Units,
}

/// A question to the table or one of its indexes.
pub(super) struct Question {
    index: Option<&'static str>,
    condition: &'static str,
    /// Only items of this kind are returned, though all are read.
    pub(super) filter: Option<&'static str>,
    pub(super) names: Option<HashMap<String, String>>,
    /// Only these attributes are returned, though all are read.
    pub(super) only: Option<&'static str>,
    pub(super) values: HashMap<String, AttributeValue>,
    strong: bool,
    newest_first: bool,
    /// Begins after this item.
    from: Option<Item>,
    limit: Option<i32>,
}

impl Question {
    pub(super) fn new(condition: &'static str, values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), text(value))).collect();
        Self {
            index: None,
            condition,
            filter: None,
            names: None,
            only: None,
            values,
            strong: true,
            newest_first: false,
            from: None,
            limit: None,
        }
    }

    pub(super) fn of_index(mut self, index: &'static str, limit: i32) -> Self {
        self.index = Some(index);
        self.strong = false;
        self.limit = Some(limit);
        self
    }
}

impl Table {
    /// Asks, page by page, until all or `limit` items are there.
    pub(super) async fn ask(&self, question: Question) -> Result<Vec<Item>, Failure> {
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
                .map_err(|error| Failure::of(SERVICE, &error))?;
            found.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            let enough = question.limit.is_some_and(|limit| usize::try_from(limit).is_ok_and(|it| found.len() >= it));
            if from.is_none() || enough {
                return Ok(found);
            }
        }
    }

    /// The stock, strongly read.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn stock(&self, sku: &Sku) -> Result<Option<Stock>, Failure> {
        self.get(keys::stock(sku)).await?.map(value).transpose()
    }

    /// The stocks that exist of these products, strongly read; in no order.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn stocks(&self, skus: &[Sku]) -> Result<Vec<Stock>, Failure> {
        let items = self.get_all(skus.iter().map(keys::stock).collect()).await?;
        items.into_iter().map(value).collect()
    }

    /// The counter, strongly read: number and units of one instant.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn counter(&self, sku: &Sku) -> Result<Option<Counter>, Failure> {
        self.get(keys::counter(sku)).await?.map(value).transpose()
    }

    /// Units shipped of a product, by warehouse.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn shipped(&self, sku: &Sku) -> Result<Units, Failure> {
        let shipped: Option<Shipped> = self.get(keys::shipped(sku)).await?.map(value).transpose()?;
        Ok(shipped.map(|shipped| shipped.units).unwrap_or_default())
    }

    /// Orders of one shard that are still being placed and must be looked at by now, at most `limit`.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn placing_due(&self, shard: u8, now: Timestamp, limit: i32) -> Result<Vec<OrderId>, Failure> {
        let question = Question::new(
            "todo = :todo AND todo_at <= :now",
            [(":todo", Marked::Placing.partition(shard)), (":now", sortable(now))],
        );
        let items = self.ask(question.of_index("todo", limit)).await?;
        items.iter().map(|item| order_of(keys::part(item, "pk").unwrap_or_default())).collect()
    }

    /// Products of one shard whose counter is marked: numbers were drawn that are not in the books.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn drawn(&self, shard: u8) -> Result<Vec<Sku>, Failure> {
        self.skus(Marked::Drawn, shard).await
    }

    /// All products of one shard.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn products(&self, shard: u8) -> Result<Vec<Sku>, Failure> {
        self.skus(Marked::Product, shard).await
    }

    /// Losses that nobody has given up yet, by the warehouse's id.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn adjusting(&self) -> Result<Vec<String>, Failure> {
        let question = Question::new("todo = :todo", [(":todo", Marked::Adjusting.partition(0))]).of_index("todo", 100);
        let items = self.ask(question).await?;
        Ok(items.iter().filter_map(|item| keys::part(item, "todo_at")).map(str::to_owned).collect())
    }

    async fn skus(&self, marked: Marked, shard: u8) -> Result<Vec<Sku>, Failure> {
        let mut question = Question::new("todo = :todo", [(":todo", marked.partition(shard))]).of_index("todo", 0);
        question.limit = None;
        let items = self.ask(question).await?;
        let skus = items.iter().map(|item| Sku::new(keys::part(item, "todo_at").unwrap_or_default()));
        skus.collect::<Result<_, _>>().map_err(|error| Failure::broken(SERVICE, error))
    }

    /// Released orders of one shard in the order received, after a position, at most `limit`.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn ready(&self, shard: u8, after: &str, limit: i32) -> Result<Vec<ReadyOrder>, Failure> {
        let question = Question::new(
            "ready = :ready AND ready_at > :after",
            [
                (":ready", keys::ready_partition(shard)),
                (":after", if after.is_empty() { "0".to_owned() } else { after.to_owned() }),
            ],
        );
        let items = self.ask(question.of_index("ready", limit)).await?;
        let ready = items.iter().map(|item| {
            let position = keys::part(item, "ready_at").unwrap_or_default().to_owned();
            Ok(ReadyOrder { position, order_id: order_of(keys::part(item, "pk").unwrap_or_default())? })
        });
        ready.collect()
    }

    /// Orders of one address, the newest first, those after `after` (when an order was started, and which), at most `limit`;
    /// each with when it was started. Orders of one instant are told apart by their numbers.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn by_email(
        &self,
        email_hash: &str,
        after: Option<&(Timestamp, OrderId)>,
        limit: i32,
    ) -> Result<Vec<(Timestamp, OrderId)>, Failure> {
        let question = Question::new("email_hash = :hash", [(":hash", email_hash.to_owned())]);
        let mut question = question.of_index("email", limit);
        question.newest_first = true;
        question.from = after.map(|(started, id)| {
            let mut from = keys::order(id);
            from.insert("email_hash".to_owned(), text(email_hash));
            from.insert("started_at".to_owned(), text(started.to_string()));
            from
        });
        let items = self.ask(question).await?;
        let orders = items.iter().map(|item| {
            let started = keys::part(item, "started_at").and_then(|at| at.parse().ok());
            let started = started.ok_or_else(|| Failure::broken(SERVICE, "an order without an instant"))?;
            Ok((started, order_of(keys::part(item, "pk").unwrap_or_default())?))
        });
        orders.collect()
    }
}

fn order_of(partition: &str) -> Result<OrderId, Failure> {
    let id = partition.strip_prefix("ORDER#").unwrap_or_default();
    OrderId::parse(id).map_err(|error| Failure::broken(SERVICE, error))
}

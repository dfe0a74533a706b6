//! Orders: how they are stored and found, and the writes of shipments and refunds. A placed order is replaced as a
//! whole, at the version before; only the settlement of a refund updates a part.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::identity::OrderId;
use domain::order::{Change, Order, RefundStatus};
use domain::shipment::Departure;
use domain::task::Task;
use jiff::Timestamp;

use super::Table;
use super::item::{Item, SCHEMA, SERVICE, SIGNATURE, attribute, item, number, text, value};
use super::keys::{self, Marked, ReadyOrder, sortable};
use super::read::Question;
use super::tasks::put_task;
use super::write::{Write, WriteError, Written};
use crate::correlation::CorrelationId;
use crate::service_error::ServiceError;

/// The entity of a claim: the record that a payment was used for a swap.
pub(super) const CLAIM: &str = "claim";

/// An order and the attributes stored beside it.
#[derive(Clone, Debug)]
pub struct StoredOrder {
    /// The order.
    pub order: Order,
    /// The keyed hash of the customer's address.
    pub email_hash: String,
    /// The correlation id of the last write, or a new one.
    pub correlation: CorrelationId,
}

/// Replaces an order, only if it still has the version before.
pub(super) fn rewrite(stored: &Order, email_hash: &str) -> Result<Write, ServiceError> {
    Ok(Write::put(order_item(stored, email_hash)?).when("version = :read").number(":read", stored.version - 1))
}

fn stored(item: Item) -> Result<StoredOrder, ServiceError> {
    let email_hash = keys::part(&item, "email_hash").unwrap_or_default().to_owned();
    let correlation = CorrelationId::first_of([keys::part(&item, SIGNATURE)]);
    Ok(StoredOrder { order: value(item)?, email_hash, correlation })
}

/// An order as an item with its index keys. For an order that is being placed, the caller adds `todo`.
pub(super) fn order_item(order: &Order, email_hash: &str) -> Result<Item, ServiceError> {
    let mut new = item(keys::order(&order.order_id), "order", order)?;
    new.insert("email_hash".to_owned(), text(email_hash));
    if let Some((partition, position)) = keys::ready(order) {
        new.insert("ready".to_owned(), text(partition));
        new.insert("ready_at".to_owned(), text(position));
    }
    if let Some(swap) = &order.swap {
        mark_placing(&mut new, &order.order_id, swap.lease_until);
    }
    Ok(new)
}

pub(super) fn mark_placing(item: &mut Item, id: &OrderId, lease_until: Timestamp) {
    item.insert("todo".to_owned(), text(Marked::Placing.partition_of(id.as_str())));
    item.insert("todo_at".to_owned(), text(sortable(lease_until)));
}

pub(super) fn is_claim(item: &Item) -> bool {
    keys::part(item, "entity") == Some(CLAIM)
}

impl Table {
    /// The order with this id.
    pub async fn order(&self, id: &OrderId) -> Result<Option<StoredOrder>, ServiceError> {
        self.get(keys::order(id)).await?.filter(|item| !is_claim(item)).map(stored).transpose()
    }

    /// The existing orders among these ids, in no particular sequence.
    pub async fn orders(&self, ids: &[OrderId]) -> Result<Vec<StoredOrder>, ServiceError> {
        let items = self.get_all(ids.iter().map(keys::order).collect()).await?;
        items.into_iter().filter(|item| !is_claim(item)).map(stored).collect()
    }

    /// At most `limit` orders of one shard whose placement or swap is unfinished and whose lease has ended by `now`.
    pub async fn placing_due(&self, shard: u8, now: Timestamp, limit: i32) -> Result<Vec<OrderId>, ServiceError> {
        let question = Question::new(
            "todo = :todo AND todo_at <= :now",
            [(":todo", Marked::Placing.partition(shard)), (":now", sortable(now))],
        );
        let items = self.ask(question.of_index("todo", limit)).await?;
        items.iter().map(|item| order_of(keys::part(item, "pk").unwrap_or_default())).collect()
    }

    /// At most `limit` released orders of one shard after a position, in the order received.
    pub async fn ready(&self, shard: u8, after: &str, limit: i32) -> Result<Vec<ReadyOrder>, ServiceError> {
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

    /// At most `limit` orders of one address after `after`, newest first, each with its start. The id breaks ties.
    pub async fn by_email(
        &self,
        email_hash: &str,
        after: Option<&(Timestamp, OrderId)>,
        limit: i32,
    ) -> Result<Vec<(Timestamp, OrderId)>, ServiceError> {
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
            let started = started.ok_or_else(|| ServiceError::broken(SERVICE, "an order has no start"))?;
            Ok((started, order_of(keys::part(item, "pk").unwrap_or_default())?))
        });
        orders.collect()
    }

    /// Commits a shipment in one transaction: the order at the version before, and the totals by product and warehouse.
    /// Failed condition n > 0: the n-th product has no total yet. [`Table::open_shipped`] creates it.
    pub async fn ship(&self, departure: &Departure, email_hash: &str) -> Result<(), WriteError> {
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

    /// Creates the missing totals of shipped units.
    pub async fn open_shipped(&self, departure: &Departure) -> Result<(), WriteError> {
        for sku in departure.units.keys() {
            let mut empty = keys::shipped(sku);
            empty.insert("entity".to_owned(), text("shipped"));
            empty.insert("schema".to_owned(), number(SCHEMA));
            empty.insert("units".to_owned(), AttributeValue::M(Item::new()));
            self.write(Write::put(empty).if_absent()).await?;
        }
        Ok(())
    }

    /// Settles the refund of a change as paid or failed, only if it is still due. The same transaction opens `task`, if
    /// any. False: the refund is no longer due.
    pub async fn settle_refund(
        &self,
        order: &OrderId,
        change_id: &str,
        settled: &Change,
        task: Option<&Task>,
    ) -> Result<bool, WriteError> {
        let mut expression =
            "SET changes.#id.#status = :status, changes.#id.refund = :amount, version = version + :one".to_owned();
        if !settled.parts.is_empty() {
            expression.push_str(", changes.#id.parts = :parts, changes.#id.swap = :swap");
        }
        let mut update = Write::update(keys::order(order), expression)
            .when("changes.#id.#status = :due")
            .name("#id", change_id)
            .name("#status", "status")
            .number(":amount", settled.refund)
            .number(":one", 1)
            .value(":status", attribute(&settled.status)?)
            .value(":due", attribute(&RefundStatus::Due)?);
        if !settled.parts.is_empty() {
            update = update.value(":parts", attribute(&settled.parts)?).value(":swap", attribute(&settled.swap)?);
        }
        let Some(task) = task else { return Ok(matches!(self.write(update).await?, Written::Done(_))) };
        match self.transact(vec![update, put_task(task)?]).await {
            Ok(()) => Ok(true),
            Err(WriteError::Condition(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn order_of(partition: &str) -> Result<OrderId, ServiceError> {
    let id = partition.strip_prefix("ORDER#").unwrap_or_default();
    OrderId::parse(id).map_err(|error| ServiceError::broken(SERVICE, error))
}

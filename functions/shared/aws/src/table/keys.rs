//! The keys of the table and of its indexes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::block;
use domain::identity::{OrderId, shard};
use domain::names::{CallerId, Sku};
use domain::order::Order;
use domain::task::TaskId;
use jiff::Timestamp;

use super::item::{Item, text};

/// The number of shards of released orders.
pub const READY_SHARDS: u8 = 4;

/// The kinds of entries in the index `todo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// Orders that are being placed, by the instant from which `reconcile` finishes them.
    Placing,
    /// Counters with unresolved numbers.
    Drawn,
    /// Adjustments with lost units that are still to be taken.
    Adjusting,
    /// All products.
    Product,
    /// Open staff tasks, by the instant of opening.
    Task,
}

impl Marked {
    /// The number of shards.
    pub fn shards(self) -> u8 {
        match self {
            Self::Placing | Self::Drawn => 8,
            Self::Product => 4,
            // Bounced mails are the fastest source of tasks: some tens a second.
            Self::Adjusting | Self::Task => 1,
        }
    }

    /// The partition key of one shard.
    pub fn partition(self, shard: u8) -> String {
        let word = match self {
            Self::Placing => "PLACING",
            Self::Drawn => "DRAWN",
            Self::Adjusting => "ADJUSTING",
            Self::Product => "PRODUCT",
            Self::Task => "TASK",
        };
        format!("{word}#{shard}")
    }

    pub(super) fn partition_of(self, text: &str) -> String {
        self.partition(shard(text, self.shards()))
    }
}

/// A released order in the index `ready`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadyOrder {
    /// The position in the order received: `<placed_at>#<order_id>`.
    pub position: String,
    /// The order's id.
    pub order_id: OrderId,
}

impl ReadyOrder {
    /// Reads a position; `None` if it is not valid.
    pub fn of_position(position: &str) -> Option<Self> {
        let (placed_at, order) = position.split_once('#')?;
        placed_at.parse::<Timestamp>().ok()?;
        Some(Self { position: position.to_owned(), order_id: OrderId::parse(order).ok()? })
    }
}

pub(super) fn ready_partition(shard: u8) -> String {
    format!("READY#{shard}")
}

/// The index keys of an order, if it is released.
pub(super) fn ready(order: &Order) -> Option<(String, String)> {
    let placed = order.placed_at.filter(|_| order.ready())?;
    Some((ready_partition(order.order_id.shard(READY_SHARDS)), format!("{}#{}", sortable(placed), order.order_id)))
}

/// An instant as text that sorts by time, always with milliseconds.
pub(super) fn sortable(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// A number as text that sorts by size.
pub(super) fn padded(number: u64) -> String {
    format!("{number:012}")
}

fn key(partition: String, sort: String) -> Item {
    HashMap::from([("pk".to_owned(), text(partition)), ("sk".to_owned(), text(sort))])
}

pub(super) fn order(id: &OrderId) -> Item {
    key(format!("ORDER#{id}"), "ORDER".to_owned())
}

/// The key of a sent mail's mark; `address` is the number of the order's address.
pub(super) fn mail(id: &OrderId, kind: &str, subject: &str, address: u32) -> Item {
    let corrected = if address == 0 { String::new() } else { format!("@{address}") };
    key(format!("ORDER#{id}"), format!("MAIL{corrected}#{kind}#{subject}"))
}

pub(super) fn suppressed(email_hash: &str) -> Item {
    key(format!("ADDRESS#{email_hash}"), "SUPPRESSED".to_owned())
}

pub(super) fn task(id: &TaskId) -> Item {
    key(format!("TASK#{id}"), "TASK".to_owned())
}

pub(super) fn pace(what: &str, window: i64) -> Item {
    key(format!("PACE#{what}"), window.to_string())
}

pub(super) fn product(sku: &Sku) -> Item {
    key(format!("SKU#{sku}"), "PRODUCT".to_owned())
}

pub(super) fn counter(sku: &Sku) -> Item {
    key(format!("SKU#{sku}"), "TICKETS".to_owned())
}

pub(super) fn stock(sku: &Sku) -> Item {
    key(format!("SKU#{sku}"), "STOCK".to_owned())
}

pub(super) fn shipped(sku: &Sku) -> Item {
    key(format!("SKU#{sku}"), "SHIPPED".to_owned())
}

pub(super) fn row_partition(sku: &Sku, block: u64) -> String {
    format!("SKU#{sku}#LINE#{block}")
}

pub(super) fn row(sku: &Sku, ticket: u64) -> Item {
    key(row_partition(sku, block::block_of(ticket)), padded(ticket))
}

pub(super) fn blocks_partition(sku: &Sku) -> String {
    format!("SKU#{sku}#BLOCKS")
}

/// The key of the item that counts ten blocks, beginning with block `first`.
pub(super) fn blocks(sku: &Sku, first: u64) -> Item {
    key(blocks_partition(sku), format!("{}#", padded(first)))
}

pub(super) fn log(sku: &Sku, number: u64) -> Item {
    key(format!("SKU#{sku}#LOG"), padded(number))
}

pub(super) fn receipt(id: &str) -> Item {
    key(format!("RECEIPT#{id}"), "RECEIPT".to_owned())
}

pub(super) fn adjustment(id: &str) -> Item {
    key(format!("ADJUSTMENT#{id}"), "ADJUSTMENT".to_owned())
}

pub(super) fn expected_partition(sku: &Sku) -> String {
    format!("SKU#{sku}#EXPECTED")
}

pub(super) fn expected(sku: &Sku, id: &CallerId) -> Item {
    key(expected_partition(sku), id.to_string())
}

pub(super) fn bought(email_hash: &str) -> Item {
    key(format!("CUSTOMER#{email_hash}"), "BOUGHT".to_owned())
}

pub(super) fn policy(hash: &str) -> Item {
    key(format!("POLICY#{hash}"), "POLICY".to_owned())
}

pub(super) fn present_policy() -> Item {
    key("POLICY".to_owned(), "NOW".to_owned())
}

pub(super) fn last_policy() -> Item {
    key("POLICY".to_owned(), "LAST".to_owned())
}

/// The text attribute `name`, if the item has it.
pub(super) fn part<'a>(item: &'a HashMap<String, AttributeValue>, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

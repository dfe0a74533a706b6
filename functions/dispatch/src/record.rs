//! Reads a record of the stream: the old and the new image of an order, of stock or of a task.

use aws::CorrelationId;
use aws::table::SIGNATURE;
use aws_lambda_events::dynamodb::EventRecord;
use domain::order::Order;
use domain::stock::Stock;
use domain::task::Task;
use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use serde_dynamo::Item;
use serde_json::Value;

use crate::follow::{Following, after_order, after_stock, after_task};

/// The record's sequence number. After a failure, the stream delivers the batch again from this number.
pub(crate) fn sequence_number(record: &Value) -> Option<&str> {
    record.get("dynamodb")?.get("SequenceNumber")?.as_str()
}

pub(crate) struct Change {
    /// The id of the record. A repeat of the record has the same id.
    pub event_id: String,
    /// The partition key of the item.
    pub key: String,
    pub following: Vec<Following>,
}

/// The correlation id that the change was written under.
pub(crate) fn correlation(record: &Value) -> CorrelationId {
    let signature = record.pointer("/dynamodb/NewImage").and_then(|image| image.get(SIGNATURE)?.get("S")?.as_str());
    CorrelationId::first_of([signature])
}

pub(crate) fn read(record: &Value) -> Result<Change, String> {
    let record: EventRecord = EventRecord::deserialize(record).map_err(|error| error.to_string())?;
    let (old, new) = (record.change.old_image, record.change.new_image);
    let key = text(&new, "pk").unwrap_or_default();
    let following = match text(&new, "entity").as_deref() {
        Some("order") => after_order(image::<Order>(old)?.as_ref(), &needed(image::<Order>(new)?)?),
        Some("stock") => after_stock(image::<Stock>(old)?.as_ref(), &needed(image::<Stock>(new)?)?),
        Some("task") => after_task(image::<Task>(old)?.as_ref(), &needed(image::<Task>(new)?)?),
        _ => Vec::new(),
    };
    Ok(Change { event_id: record.event_id, key, following })
}

fn text(item: &Item, name: &str) -> Option<String> {
    match item.inner().get(name) {
        Some(serde_dynamo::AttributeValue::S(text)) => Some(text.clone()),
        _ => None,
    }
}

fn image<T: DeserializeOwned>(item: Item) -> Result<Option<T>, String> {
    if item.inner().is_empty() {
        return Ok(None);
    }
    serde_dynamo::from_item(item).map(Some).map_err(|error| error.to_string())
}

fn needed<T>(image: Option<T>) -> Result<T, String> {
    image.ok_or_else(|| "the record has no new image".to_owned())
}

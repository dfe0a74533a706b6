//! A record of the stream, read: the old and the new image of an order or a stock.

use aws_lambda_events::dynamodb::EventRecord;
use domain::order::Order;
use domain::stock::Stock;
use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use serde_dynamo::Item;
use serde_json::Value;

use crate::follow::{Following, after_order, after_stock};

/// The number by which the stream goes on.
pub(crate) fn sequence_number(record: &Value) -> Option<&str> {
    record.get("dynamodb")?.get("SequenceNumber")?.as_str()
}

/// The record's event id and what must follow from it.
pub(crate) fn read(record: &Value) -> Result<(String, Vec<Following>), String> {
    let record: EventRecord = EventRecord::deserialize(record).map_err(|error| error.to_string())?;
    let (old, new) = (record.change.old_image, record.change.new_image);
    let following = match entity(&new).as_deref() {
        Some("order") => after_order(image::<Order>(old)?.as_ref(), &needed(image::<Order>(new)?)?),
        Some("stock") => after_stock(image::<Stock>(old)?.as_ref(), &needed(image::<Stock>(new)?)?),
        _ => Vec::new(),
    };
    Ok((record.event_id, following))
}

fn entity(item: &Item) -> Option<String> {
    match item.inner().get("entity") {
        Some(serde_dynamo::AttributeValue::S(entity)) => Some(entity.clone()),
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

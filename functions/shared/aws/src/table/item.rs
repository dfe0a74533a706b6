//! Conversion between items and the domain's values.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::service_error::ServiceError;

/// A DynamoDB item.
pub type Item = HashMap<String, AttributeValue>;

/// The version of the items' structure. Each item has it as an attribute.
pub const SCHEMA: i64 = 1;
/// The attribute of an order, a stock or a task with the correlation id of its last write.
pub const SIGNATURE: &str = "cid";
pub(super) const SERVICE: &str = "the table";

pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(super) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(super) fn attribute(value: &impl Serialize) -> Result<AttributeValue, ServiceError> {
    serde_dynamo::to_attribute_value(value).map_err(|error| ServiceError::broken(SERVICE, error))
}

pub(super) fn item(key: Item, entity: &str, value: &impl Serialize) -> Result<Item, ServiceError> {
    let mut item: Item = serde_dynamo::to_item(value).map_err(|error| ServiceError::broken(SERVICE, error))?;
    item.extend(key);
    item.insert("entity".to_owned(), text(entity));
    item.insert("schema".to_owned(), number(SCHEMA));
    Ok(item)
}

/// The value of an item. An item of a later schema is an error: this version of the functions could misread it.
pub(super) fn value<T: DeserializeOwned>(item: Item) -> Result<T, ServiceError> {
    let key = |name| item.get(name).and_then(|key: &AttributeValue| key.as_s().ok()).map_or("?", String::as_str);
    let key = format!("{} {}", key("pk"), key("sk"));
    let schema = item.get("schema").and_then(|schema| schema.as_n().ok()?.parse::<i64>().ok());
    if schema.is_none_or(|schema| schema > SCHEMA) {
        let problem = format!("{key} has the schema {schema:?}; this version of the functions reads up to {SCHEMA}");
        return Err(ServiceError::broken(SERVICE, problem));
    }
    let said = |error: serde_dynamo::Error| error.to_string().split('"').next().unwrap_or_default().to_owned();
    // The message quotes what a customer entered, so it is cut at the first quotation mark.
    serde_dynamo::from_item(item).map_err(|error| ServiceError::broken(SERVICE, format!("{key}: {}", said(error))))
}

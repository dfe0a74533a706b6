//! Reads the whole table for the audit. Only this module and `cargo ops restore` scan a table; functions never do.
//! An error is a text that names the unreadable item.

use std::collections::BTreeMap;

use domain::audit::{AuditSnapshot, LineSnapshot, Paid, audit as check};
use domain::block::{BlockCounts, Grouped};
use domain::fill::LogEntry;
use domain::names::Sku;
use domain::order::Order;
use domain::stock::{Counter, Stock, Units};
use domain::ticket::Row;
use dynoxide::Database;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::stack::StackEndpoints;
use crate::state::State;

/// The most reads in one audit. A change during a read may look like a violation, so a violation causes another read.
const READS: usize = 3;

/// Every violation in the stored data. The audit passes when one of a few reads finds none.
pub fn audit(endpoints: &StackEndpoints) -> Result<Vec<Value>, String> {
    let mut found = Vec::new();
    for _ in 0..READS {
        let items = items(endpoints.table.database(), endpoints.table.name())?;
        found = check(&read(items, &endpoints.state)?);
        if found.is_empty() {
            break;
        }
    }
    Ok(found.into_iter().map(|violation| json!(violation)).collect())
}

/// A snapshot of a table's items, in DynamoDB's JSON, and of the provider's payments.
pub fn read(items: Vec<Value>, state: &State) -> Result<AuditSnapshot, String> {
    let mut reading = Reading::default();
    for item in items {
        let item: serde_dynamo::Item = serde_json::from_value(item).map_err(|error| error.to_string())?;
        let item: Value = serde_dynamo::from_item(item).map_err(|error| error.to_string())?;
        reading.add(item)?;
    }
    let mut snapshot = reading.snapshot();
    for payment in state.payments().map_err(|error| error.to_string())? {
        snapshot.payments.insert(payment.id, Paid { captured: payment.captured, refunded: payment.refunded });
    }
    Ok(snapshot)
}

/// Every item of a table, in DynamoDB's JSON.
pub fn items(database: &Database, table: &str) -> Result<Vec<Value>, String> {
    let mut found = Vec::new();
    let mut from = Value::Null;
    loop {
        let mut request = json!({ "TableName": table, "ConsistentRead": true });
        if let (Some(request), false) = (request.as_object_mut(), from.is_null()) {
            request.insert("ExclusiveStartKey".to_owned(), from);
        }
        let request = serde_json::from_value(request).map_err(|error| error.to_string())?;
        let page = database.scan(request).map_err(|error| error.to_string())?;
        let mut page = serde_json::to_value(page).map_err(|error| error.to_string())?;
        if let Some(items) = page.get_mut("Items").and_then(Value::as_array_mut) {
            found.append(items);
        }
        from = page.get("LastEvaluatedKey").cloned().unwrap_or_default();
        if from.is_null() {
            return Ok(found);
        }
    }
}

#[derive(Deserialize)]
struct Shipped {
    units: Units,
}

/// The parts of a product's snapshot found so far.
#[derive(Default)]
struct Parts {
    stock: Option<Stock>,
    counter: Option<Counter>,
    rows: BTreeMap<u64, Row>,
    blocks: BTreeMap<u64, BlockCounts>,
    shipped: Units,
    log: BTreeMap<u64, LogEntry>,
}

#[derive(Default)]
struct Reading {
    lines: BTreeMap<String, Parts>,
    orders: Vec<Order>,
}

impl Reading {
    fn add(&mut self, item: Value) -> Result<(), String> {
        let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (pk, sk) = (text("pk"), text("sk"));
        let sku = pk.split('#').nth(1).unwrap_or_default().to_owned();
        let number = || sk.parse::<u64>().map_err(|_| format!("{pk} {sk} has no number"));
        if text("entity") == "order" {
            self.orders.push(value(item)?);
        } else if pk.starts_with("SKU#") {
            let parts = self.lines.entry(sku).or_default();
            match pk.split('#').nth(2) {
                None if sk == "STOCK" => parts.stock = Some(value(item)?),
                None if sk == "TICKETS" => parts.counter = Some(value(item)?),
                None if sk == "SHIPPED" => parts.shipped = value::<Shipped>(item)?.units,
                Some("LINE") => drop(parts.rows.insert(number()?, value(item)?)),
                Some("BLOCKS") => value::<Grouped>(item)?.add_to(&sk, &mut parts.blocks),
                Some("LOG") => drop(parts.log.insert(number()?, value(item)?)),
                _ => {}
            }
        }
        Ok(())
    }

    fn snapshot(self) -> AuditSnapshot {
        let line = |(sku, parts): (String, Parts)| {
            let (stock, counter) = (parts.stock?, parts.counter?);
            let log = parts.log.into_values().collect();
            let snapshot =
                LineSnapshot { stock, counter, rows: parts.rows, blocks: parts.blocks, shipped: parts.shipped, log };
            Some((Sku::new(sku).ok()?, snapshot))
        };
        AuditSnapshot {
            lines: self.lines.into_iter().filter_map(line).collect(),
            orders: self.orders.into_iter().map(|order| (order.order_id.clone(), order)).collect(),
            payments: BTreeMap::new(),
        }
    }
}

fn value<T: DeserializeOwned>(item: Value) -> Result<T, String> {
    let key = format!("{:?} {:?}", item.get("pk"), item.get("sk"));
    serde_json::from_value(item).map_err(|error| format!("{key}: {error}"))
}

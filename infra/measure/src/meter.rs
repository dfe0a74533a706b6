//! A connector under every SDK client that asks DynamoDB for the consumed capacity of each call and sums it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use local::dynoxide::types::{Item, item_size};
use local::{Bindings, StackEndpoints, functions};
use serde_json::{Value, json};

/// One account of consumed units: a function's calls of one kind for one kind of item, or one index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    pub function: String,
    /// `PutItem`, `TransactWriteItems`, …
    pub call: String,
    /// The kind of item, or the index.
    pub what: String,
    pub write: bool,
}

pub type Units = BTreeMap<Account, f64>;

/// Sums consumed units. Clones share one sum.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Units>>);

impl Meter {
    /// Returns the units consumed since the last call and resets the sum.
    pub fn take(&self) -> Units {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The units that a function consumed since the last `take`.
    pub fn units_of(&self, function: &str) -> Units {
        let units = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        units
            .iter()
            .filter(|(account, _)| account.function == function)
            .map(|(it, units)| (it.clone(), *units))
            .collect()
    }

    fn add(&self, account: Account, units: f64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(account).or_default() += units;
    }

    /// Connects the functions of a stack, with this meter under each.
    pub fn connect(self, endpoints: &StackEndpoints) -> Result<Bindings, String> {
        functions::connect_with(endpoints, &self.connectors())
    }

    /// Makes the metered connector of each function.
    pub fn connectors(self) -> impl Fn(&str) -> SharedHttpConnector + Send + Sync {
        let plain = aws::http_connector::plain_connector();
        move |function| {
            let (meter, inner) = (self.clone(), plain.clone());
            SharedHttpConnector::new(Metered { meter, inner, function: function.to_owned() })
        }
    }

    /// Records the units that an answer reports.
    fn enter(&self, function: &str, call: &str, request: &Value, answer: &Value) {
        let write = matches!(call, "PutItem" | "UpdateItem" | "DeleteItem" | "TransactWriteItems");
        let account = |what: String| Account { function: function.to_owned(), call: call.to_owned(), what, write };
        let consumed = match answer.get("ConsumedCapacity") {
            Some(Value::Array(tables)) => tables.clone(),
            Some(table) => vec![table.clone()],
            None => Vec::new(),
        };
        for table in consumed {
            let units = |value: &Value| value.get("CapacityUnits").and_then(Value::as_f64).unwrap_or(0.0);
            for (index, detail) in table.get("GlobalSecondaryIndexes").and_then(Value::as_object).into_iter().flatten()
            {
                self.add(account(format!("index {index}")), units(detail));
            }
            let all = table.get("Table").map_or(0.0, units);
            for (kind, share) in shares(request, all) {
                self.add(account(kind), share);
            }
        }
    }
}

#[derive(Debug)]
struct Metered {
    meter: Meter,
    inner: SharedHttpConnector,
    function: String,
}

impl HttpConnector for Metered {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").and_then(|target| target.strip_prefix("DynamoDB_20120810."));
        let Some(call) = target.map(str::to_owned) else { return self.inner.call(request) };
        let asked = asking(&mut request);
        let (meter, inner, function) = (self.meter.clone(), self.inner.clone(), self.function.clone());
        HttpConnectorFuture::new(async move {
            let mut answer = inner.call(request).await?;
            if let (Some(asked), Some(said)) = (asked, read(&mut answer).await) {
                meter.enter(&function, &call, &asked, &said);
            }
            Ok(answer)
        })
    }
}

/// Adds the request for consumed capacity to a call; returns its body.
fn asking(request: &mut HttpRequest) -> Option<Value> {
    let mut body: Value = serde_json::from_slice(request.body().bytes()?).ok()?;
    body.as_object_mut()?.insert("ReturnConsumedCapacity".to_owned(), json!("INDEXES"));
    let text = body.to_string();
    request.headers_mut().try_insert("content-length", text.len().to_string()).ok()?;
    *request.body_mut() = SdkBody::from(text);
    Some(body)
}

async fn read(answer: &mut HttpResponse) -> Option<Value> {
    let body = ByteStream::new(answer.take_body()).collect().await.ok()?.into_bytes();
    let said = serde_json::from_slice(&body).ok();
    *answer.body_mut() = SdkBody::from(body);
    said
}

/// The kinds of items in a call, each with its share of the table's units. DynamoDB reports one sum for a transaction: a put
/// counts twice its size in KB, and the updates share the rest.
fn shares(request: &Value, all: f64) -> Vec<(String, f64)> {
    let Some(actions) = request.get("TransactItems").and_then(Value::as_array) else {
        return vec![(kind_in(request), all)];
    };
    let mut shares = Vec::new();
    let mut updates = Vec::new();
    for action in actions.iter().filter_map(Value::as_object).flat_map(|action| action.values()) {
        match action.get("Item").and_then(|item| serde_json::from_value::<Item>(item.clone()).ok()) {
            Some(item) => {
                let units = u32::try_from(item_size(&item).div_ceil(1024) * 2).unwrap_or(u32::MAX);
                shares.push((kind_in(action), f64::from(units)));
            }
            None => updates.push(kind_in(action)),
        }
    }
    let rest = all - shares.iter().map(|(_, units)| units).sum::<f64>();
    let each = rest / f64::from(u32::try_from(updates.len().max(1)).unwrap_or(1));
    if updates.is_empty() && rest != 0.0 {
        updates.push("the image before".to_owned());
    }
    shares.extend(updates.into_iter().map(|kind| (kind, each)));
    shares
}

fn kind_in(request: &Value) -> String {
    if let Some(index) = request.get("IndexName").and_then(Value::as_str) {
        return format!("index {index}");
    }
    let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str);
    let keys = |at: &str| text(&format!("{at}/pk/S")).zip(text(&format!("{at}/sk/S")));
    if let Some((partition, sort)) = keys("/Key").or_else(|| keys("/Item")) {
        return kind(partition, sort);
    }
    if let Some(partition) = text("/ExpressionAttributeValues/:pk/S") {
        return kind(partition, "");
    }
    let batch = request.get("RequestItems").and_then(Value::as_object).and_then(|tables| tables.values().next());
    let key = batch.and_then(|table| table.pointer("/Keys/0"));
    let part = |name: &str| key.and_then(|key| key.pointer(name)).and_then(Value::as_str).unwrap_or_default();
    kind(part("/pk/S"), part("/sk/S"))
}

fn kind(partition: &str, sort: &str) -> String {
    let parts: Vec<&str> = partition.split('#').collect();
    let kind = match (parts.first().copied().unwrap_or_default(), parts.get(2).copied(), sort) {
        ("SKU", Some("LINE"), _) => "ticket",
        ("SKU", Some("BLOCKS"), _) => "block counts",
        ("SKU", Some("LOG"), _) => "fill log",
        ("SKU", Some("EXPECTED"), _) => "expected",
        ("SKU", None, "TICKETS") => "counter",
        (_, _, sort) if sort.starts_with("MAIL#") => "mail mark",
        (_, _, sort) => return sort.to_lowercase(),
    };
    kind.to_owned()
}

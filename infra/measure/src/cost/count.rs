//! Counts the usage of an order's lifecycle on a local stack: invocations, calls by function and service, DynamoDB units.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use jiff::{SignedDuration, Timestamp};
use local::{Bindings, Expression, Functions, StackEndpoints, functions};
use serde_json::json;

use crate::meter::Meter;
use crate::shop::{BenchShop, expect};

const SKU: &str = "led-panel-30";

/// The counts per order.
#[derive(Clone, Debug, Default)]
pub struct Life {
    pub invocations: BTreeMap<String, f64>,
    /// Calls by function and service: `dynamodb`, `sqs`, `ses`, `stripe`.
    pub calls: BTreeMap<(String, String), f64>,
    /// Memory of each function in MB, from the template.
    pub memory: BTreeMap<String, f64>,
    /// Scheduled runs in thirty days, from the template: for the whole shop, not per order.
    pub runs: f64,
    /// Write and read units.
    pub units: (f64, f64),
}

impl Life {
    /// Calls of all functions to a service.
    pub fn calls_of(&self, service: &str) -> f64 {
        self.calls.iter().filter(|((_, to), _)| to == service).map(|(_, count)| count).sum()
    }

    pub fn invocations_of(&self, functions: &[&str]) -> f64 {
        functions.iter().filter_map(|function| self.invocations.get(*function)).sum()
    }
}

/// Runs `orders` orders through the lifecycle: placed, mailed, filled by one arrival, read once, shipped. With
/// `together` they run at once, so batches are full. Otherwise they run one by one, so every batch has one entry.
pub async fn lives(orders: usize, together: bool) -> Result<Life, String> {
    let tally = Tally::default();
    let meter = Meter::default();
    let wired = (tally.clone(), meter.clone());
    let shop = BenchShop::open(false, move |endpoints| ready(wired.0.connect(&wired.1, &endpoints))).await?;
    shop.product(SKU).await?;
    shop.settle().await?;
    tally.take();
    meter.take();
    let placed = place(&shop, orders, together).await?;
    shop.arrive(SKU, orders).await?;
    shop.settle().await?;
    for order in &placed {
        expect(200, shop.client.get(&format!("/orders/{order}")).await?)?;
        let body = json!({
            "shipment_id": format!("PCL-{order}"), "warehouse": "east", "carrier": "UPS", "tracking_number": "1Z999AA10123456784",
        });
        expect(200, shop.client.post(&format!("/orders/{order}/shipments"), &body).await?)?;
        if !together {
            shop.settle().await?;
        }
    }
    shop.settle().await?;
    let mut life = tally.life(&meter, orders);
    let functions = &shop.stack.template().functions;
    life.memory = functions.iter().map(|function| (function.name.clone(), f64::from(function.memory))).collect();
    life.runs = shop.stack.template().schedules.iter().map(|schedule| 30.0 * runs_a_day(&schedule.expression)).sum();
    shop.stack.shutdown().await;
    Ok(life)
}

fn runs_a_day(expression: &Expression) -> f64 {
    let day = SignedDuration::from_hours(24);
    let runs = std::iter::successors(expression.next(Timestamp::UNIX_EPOCH), |last| expression.next(*last));
    runs.take_while(|at| at.duration_since(Timestamp::UNIX_EPOCH) <= day).map(|_| 1.0).sum()
}

async fn place(shop: &BenchShop, orders: usize, together: bool) -> Result<Vec<String>, String> {
    let payments = shop.payments(orders)?;
    let mut placed = Vec::new();
    for payments in payments.chunks(if together { orders } else { 1 }) {
        placed.extend(shop.place(SKU, payments).await?.orders);
        shop.settle().await?;
    }
    if placed.len() == orders { Ok(placed) } else { Err("not every order was placed".to_owned()) }
}

/// Counts invocations and calls. Clones share one count.
#[derive(Clone, Debug, Default)]
struct Tally(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    invocations: BTreeMap<String, f64>,
    calls: BTreeMap<(String, String), f64>,
}

impl Tally {
    fn with<T>(&self, note: impl FnOnce(&mut Counts) -> T) -> T {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn take(&self) -> Counts {
        self.with(std::mem::take)
    }

    fn life(&self, meter: &Meter, orders: usize) -> Life {
        let orders = f64::from(u32::try_from(orders).unwrap_or(u32::MAX));
        let counts = self.take();
        let units = meter.take().into_iter().fold((0.0, 0.0), |(writes, reads), (account, units)| {
            if account.write { (writes + units / orders, reads) } else { (writes, reads + units / orders) }
        });
        Life {
            invocations: counts.invocations.into_iter().map(|(name, count)| (name, count / orders)).collect(),
            calls: counts.calls.into_iter().map(|(name, count)| (name, count / orders)).collect(),
            units,
            ..Life::default()
        }
    }

    /// Connects functions whose invocations and calls are counted. The meter gets the units that DynamoDB reports.
    fn connect(self, meter: &Meter, endpoints: &StackEndpoints) -> Result<Bindings, String> {
        let of_calls = self.clone();
        let metered = meter.clone().connectors();
        let bindings = functions::connect_with(endpoints, &move |function| {
            let (tally, inner) = (of_calls.clone(), metered(function));
            SharedHttpConnector::new(Counted { tally, inner, function: function.to_owned() })
        })?;
        let inner = bindings.functions;
        let functions = Functions::new(move |name, event| {
            self.with(|counts| *counts.invocations.entry(name.to_owned()).or_default() += 1.0);
            inner.call(name, event)
        });
        Ok(Bindings { functions, ..bindings })
    }
}

#[derive(Debug)]
struct Counted {
    tally: Tally,
    inner: SharedHttpConnector,
    function: String,
}

impl HttpConnector for Counted {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let service = service(&request).to_owned();
        self.tally.with(|counts| *counts.calls.entry((self.function.clone(), service)).or_default() += 1.0);
        self.inner.call(request)
    }
}

fn service(request: &HttpRequest) -> &'static str {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    if target.starts_with("DynamoDB") {
        "dynamodb"
    } else if target.starts_with("AmazonSQS") {
        "sqs"
    } else if target.starts_with("secretsmanager") {
        "secrets"
    } else if request.uri().contains("/v2/email/") {
        "ses"
    } else {
        "stripe"
    }
}

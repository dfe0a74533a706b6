//! A fresh local shop to measure, with products, payments, orders and arrivals at full load.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use local::client::{ApiResponse, Client};
use local::dynoxide::types::item_size;
use local::state::NewPayment;
use local::{Bindings, Options, Stack, StackEndpoints};
use serde_json::{Value, json};

/// Concurrent clients.
pub const CLIENTS: usize = 16;

/// The total of an order in cents: 189.00 and 12.50 for shipping.
const TOTAL: i64 = 20_150;
/// The seed of payment ids: two shops with the same seed know the same payments.
const PAYMENT_SEED: u64 = 20_150;

pub struct BenchShop {
    pub stack: Stack,
    /// A client with the scopes `orders`, `stock` and `products`.
    pub client: Client,
    /// 16 such clients, each with its own connections.
    clients: Vec<Client>,
}

impl BenchShop {
    /// Starts a shop; `connect` makes its functions. With `schedules`, schedules run automatically.
    pub async fn open<F>(schedules: bool, connect: impl FnOnce(StackEndpoints) -> F) -> Result<Self, String>
    where
        F: Future<Output = Result<Bindings, String>>,
    {
        Self::open_with(Options { silent_schedules: !schedules, ..Options::default() }, connect).await
    }

    pub async fn open_with<F>(options: Options, connect: impl FnOnce(StackEndpoints) -> F) -> Result<Self, String>
    where
        F: Future<Output = Result<Bindings, String>>,
    {
        let stack = Stack::start(options, connect).await.map_err(|error| error.to_string())?;
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            clients.push(Client::new(stack.url()).with_scopes("orders stock products").await?);
        }
        let client = clients.first().cloned().ok_or("there are no clients")?;
        Ok(Self { stack, client, clients })
    }

    /// Puts a sold-out product that may be backordered without a limit.
    pub async fn product(&self, sku: &str) -> Result<(), String> {
        let price = json!({ "amount": 18_900, "currency": "USD" });
        let body = json!({ "name": "LED panel 60 x 60, 4000 K", "price": price, "backorderable": true });
        expect(200, self.client.put(&format!("/products/{sku}"), &body).await?).map(drop)
    }

    /// Makes payments directly in the provider's state. Every shop gets the same references for the same count.
    pub fn payments(&self, count: usize) -> Result<Vec<String>, String> {
        let payment = NewPayment { amount: TOTAL, currency: "usd".to_owned(), status: "succeeded".to_owned() };
        let now = self.stack.clock().now().as_second();
        let chance = fastrand::u64(..);
        fastrand::seed(PAYMENT_SEED);
        let made = (0..count).map(|_| self.stack.state().add_payment(&payment, now)).collect::<Result<_, _>>();
        fastrand::seed(chance);
        made.map_err(|error| error.to_string())
    }

    /// Places an order of one line and one unit for each payment, with 16 concurrent clients.
    pub async fn place(&self, sku: &str, payments: &[String]) -> Result<Placing, String> {
        let next = Arc::new(AtomicUsize::new(0));
        let start = Instant::now();
        let clients = self.clients.iter().map(|client| {
            let (client, next) = (client.clone(), Arc::clone(&next));
            let (sku, payments) = (sku.to_owned(), payments.to_vec());
            tokio::spawn(async move {
                let mut answers = Vec::new();
                while let Some(payment) = payments.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let began = Instant::now();
                    let answer = client.post("/orders", &order(&sku, payment)).await;
                    answers.push((began.elapsed(), order_id(answer)));
                }
                answers
            })
        });
        let answers = try_join_all(clients).await.map_err(|error| error.to_string())?;
        let took = start.elapsed();
        let (mut placing, mut errors) = (Placing { took, ..Placing::default() }, Vec::new());
        for (latency, placed) in answers.into_iter().flatten() {
            placing.latencies.push(latency);
            match placed {
                Ok(id) => placing.orders.push(id),
                Err(error) => errors.push(error),
            }
        }
        placing.latencies.sort_unstable();
        placing.errors = errors.len();
        if let Some(error) = errors.first() {
            eprintln!("  {} orders were not placed; the first error: {error}", errors.len());
        }
        Ok(placing)
    }

    /// Places one order of one line and one unit, and expects 201.
    pub async fn place_one(&self, sku: &str, payment: &str) -> Result<(), String> {
        order_id(self.client.post("/orders", &order(sku, payment)).await).map(drop)
    }

    /// Receives units in one warehouse.
    pub async fn arrive(&self, sku: &str, quantity: usize) -> Result<(), String> {
        let body =
            json!({ "receipt_id": format!("receipt-{sku}"), "sku": sku, "warehouse": "east", "quantity": quantity });
        expect(202, self.client.post("/stock-arrivals", &body).await?).map(drop)
    }

    /// Waits until nothing is pending; fails once the number of pending events no longer falls.
    pub async fn settle(&self) -> Result<(), String> {
        let mut before = usize::MAX;
        loop {
            match self.stack.delivery().settle().await {
                0 => return Ok(()),
                pending if pending >= before => return Err(format!("{pending} events stay pending")),
                pending => before = pending,
            }
        }
    }

    /// A stored item in DynamoDB's JSON, and its size in bytes by DynamoDB's rules.
    pub fn item(&self, partition: &str, sort: &str) -> Result<(Value, usize), String> {
        let key = json!({ "pk": { "S": partition }, "sk": { "S": sort } });
        let table = &self.stack.template().table.name;
        let request = json!({ "TableName": table, "Key": key, "ConsistentRead": true });
        let request = serde_json::from_value(request).map_err(|error| error.to_string())?;
        let got = self.stack.database().get_item(request).map_err(|error| error.to_string())?;
        let item = got.item.ok_or_else(|| format!("{partition} {sort} does not exist"))?;
        let size = item_size(&item);
        Ok((serde_json::to_value(item).map_err(|error| error.to_string())?, size))
    }
}

/// The results of placing orders.
#[derive(Debug, Default)]
pub struct Placing {
    /// The ids of the placed orders.
    pub orders: Vec<String>,
    /// The duration of each call, sorted.
    pub latencies: Vec<Duration>,
    /// The time from the first call to the last answer.
    pub took: Duration,
    /// Calls without the answer 201.
    pub errors: usize,
}

impl Placing {
    /// A quantile of the latency in milliseconds; `share` is from 0 to 1.
    pub fn quantile(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index of a list"
        )]
        let at = ((self.latencies.len() as f64 * share).ceil() as usize).max(1) - 1;
        self.latencies.get(at).map_or(0.0, |latency| latency.as_secs_f64() * 1_000.0)
    }
}

fn order(sku: &str, payment: &str) -> Value {
    let usd = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    json!({
        "payment_reference": payment,
        "channel": "web",
        "customer": { "email": "margaret.thornton@mail.example.com", "name": "Margaret Thornton" },
        "ship_to": {
            "country": "US", "name": "Margaret Thornton", "company": "Thornton Interiors", "address": "2310 Chestnut Street",
            "address2": "Apartment 14B", "city": "Philadelphia", "state": "PA", "postal_code": "19103", "phone": "+1 215 555 0142",
        },
        "lines": [{ "sku": sku, "quantity": 1, "unit_price": usd(18_900), "seen": "on_backorder" }],
        "shipping": usd(1_250),
    })
}

fn order_id(answer: Result<ApiResponse, String>) -> Result<String, String> {
    expect(201, answer?).map(|answer| answer.text("/order_id").to_owned())
}

/// Returns the answer if it has this status.
pub fn expect(status: u16, answer: ApiResponse) -> Result<ApiResponse, String> {
    if answer.status == status { Ok(answer) } else { Err(format!("{}: {}", answer.status, answer.body)) }
}

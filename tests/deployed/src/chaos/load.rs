//! The load of the chaos run: customers who buy and cancel, and a warehouse that receives and ships. Each client
//! repeats a request until the answer is final, as a storefront must, and records the answer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fastrand::Rng;
use futures::future::{BoxFuture, FutureExt as _, join_all};
use local::client::{ApiResponse, Client};
use serde_json::{Value, json};

const SKUS: [&str; 2] = ["led", "tape"];
/// Number of concurrent customers.
const CUSTOMERS: u64 = 6;
/// Price of a unit in US cents.
const PRICE: i64 = 1_000;
/// Time before a request is repeated, in milliseconds.
const PATIENCE: std::ops::Range<u64> = 150..500;

#[derive(Clone, Debug)]
pub struct Sale {
    pub payment: String,
    pub began: Instant,
    /// When the final answer came.
    pub answered_at: Instant,
    pub answer: Value,
    pub status: u16,
    /// Whether the customer canceled the order and got a 200.
    pub canceled: bool,
}

/// All clients and the answers that they got.
#[derive(Debug)]
pub struct Load {
    shop: Client,
    sales: Mutex<Vec<Sale>>,
    /// The count of each kind of answer, and one example.
    answers: Mutex<BTreeMap<String, (usize, String)>>,
}

impl Load {
    /// Puts the products on sale and calls every function once, so that the run starts warm.
    pub async fn open(url: &str) -> Result<Self, String> {
        let shop = Client::new(url).with_scopes("orders stock products").await?;
        for sku in SKUS {
            let price = json!({ "amount": PRICE, "currency": "USD" });
            let product = json!({ "name": sku, "price": price, "backorderable": true });
            let answer = shop.put(&format!("/products/{sku}"), &product).await?;
            if answer.status != 200 {
                return Err(format!("the shop does not accept a product: {:?}", answer.body));
            }
        }
        let load = Self { shop, sales: Mutex::default(), answers: Mutex::default() };
        let mut chance = Rng::with_seed(0);
        load.receive(&mut chance).await;
        load.buy(&mut chance, true).await;
        load.buy(&mut chance, false).await;
        load.shop.settle().await?;
        load.ship(&mut chance).await;
        load.shop.settle().await?;
        Ok(load)
    }

    /// Starts all clients. Each stops after its last answer once `stop` is set.
    pub fn walk_in(self: &Arc<Self>, seed: u64, stop: &Arc<AtomicBool>) -> BoxFuture<'static, ()> {
        let person = |n: u64| {
            let (load, stop) = (Arc::clone(self), Arc::clone(stop));
            let mut chance = Rng::with_seed(seed.wrapping_add(n));
            tokio::spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    if n < CUSTOMERS {
                        let cancels = chance.f64() < 0.25;
                        load.buy(&mut chance, cancels).await;
                    } else {
                        load.receive(&mut chance).await;
                        load.ship(&mut chance).await;
                        tokio::time::sleep(Duration::from_millis(chance.u64(PATIENCE))).await;
                    }
                }
            })
        };
        let people: Vec<_> = (0..=CUSTOMERS).map(person).collect();
        join_all(people).map(drop).boxed()
    }

    async fn buy(&self, chance: &mut Rng, cancels: bool) {
        let units = chance.i64(1..=3);
        let skus = if chance.bool() { &SKUS[..1] } else { &SKUS[..] };
        let price = json!({ "amount": PRICE, "currency": "USD" });
        let line = |sku: &&str| json!({ "sku": sku, "quantity": units, "unit_price": price });
        let lines: Vec<Value> = skus.iter().map(line).collect();
        let total = PRICE * units * i64::try_from(lines.len()).unwrap_or(1);
        let Ok(payment) = self.shop.pay(total, if chance.bool() { "succeeded" } else { "requires_capture" }).await
        else {
            return;
        };
        let ship_to = json!({ "country": "US", "name": "Ann Lee", "address": "1 Long Road" });
        let body = json!({
            "payment_reference": payment, "channel": "web", "customer": { "email": "ann@example.com", "name": "Ann Lee" },
            "ship_to": ship_to, "lines": lines,
        });
        let began = Instant::now();
        let answer = self.insist(chance, "/orders", &body).await;
        let answered_at = Instant::now();
        let mut sale =
            Sale { payment, began, answered_at, status: answer.status, answer: answer.body, canceled: false };
        if cancels && answer.status < 300 {
            let path = format!("/orders/{}/cancel", text(&sale.answer, "order_id"));
            let answer = self.insist(chance, &path, &json!({ "change_id": "changed-my-mind" })).await;
            sale.canceled = answer.status == 200;
        }
        self.sales.lock().unwrap_or_else(PoisonError::into_inner).push(sale);
    }

    async fn receive(&self, chance: &mut Rng) {
        let (sku, id) = (chance.choice(SKUS).unwrap_or_default(), format!("receipt-{}", chance.u64(..)));
        let body = json!({ "receipt_id": id, "sku": sku, "warehouse": "east", "quantity": chance.i64(1..=6) });
        self.insist(chance, "/stock-arrivals", &body).await;
    }

    async fn ship(&self, chance: &mut Rng) {
        let Ok(list) = self.shop.get("/shipments/ready?limit=5").await else { return };
        let Some(order) = list.body.pointer("/parcels/0/order_id").and_then(Value::as_str) else { return };
        let id = format!("parcel-{}", chance.u64(..));
        let body = json!({ "shipment_id": id, "warehouse": "east", "carrier": "UPS", "tracking_number": "1Z999" });
        self.insist(chance, &format!("/orders/{order}/shipments"), &body).await;
    }

    async fn insist(&self, chance: &mut Rng, path: &str, body: &Value) -> ApiResponse {
        loop {
            let answer = self.shop.post(path, body).await;
            self.note(&answer);
            match answer {
                Ok(answer) if answer.status < 500 && answer.status != 429 => return answer,
                _ => tokio::time::sleep(Duration::from_millis(chance.u64(PATIENCE))).await,
            }
        }
    }

    pub fn sales(&self) -> Vec<Sale> {
        self.sales.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, answer: &Result<ApiResponse, String>) {
        let (kind, sample) = match answer {
            Ok(answer) => (answer.status.to_string(), text(&answer.body, "detail").to_owned()),
            Err(why) => ("without an answer".to_owned(), why.clone()),
        };
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.entry(kind).or_insert((0, sample)).0 += 1;
    }

    /// The count of each kind of answer, and the error text of one example.
    pub fn answers(&self) -> BTreeMap<String, (usize, String)> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn summary(&self) -> String {
        let sales = self.sales();
        let canceled = sales.iter().filter(|sale| sale.canceled).count();
        format!("{} orders, {canceled} of them canceled", sales.len())
    }
}

/// A text field of a JSON object; empty if it is absent.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

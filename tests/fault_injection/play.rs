//! The clients of one shop: they pay, ask, and repeat as real clients do. Their answers are recorded.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use local::Options;
use local::client::ApiResponse;
use serde_json::{Value, json};
use tests::world::{merge, order_body};
use tests::{Fault, World};

const ASKS: usize = 12;

macro_rules! script {
    (|$play:ident| $steps:block) => {
        |$play| Box::pin(async move $steps)
    };
}
pub(crate) use script;

pub struct Play {
    pub world: World,
    /// The answers that clients got, in order.
    observed: Mutex<Vec<String>>,
    /// The payment of each customer, by name.
    payments: Mutex<BTreeMap<String, String>>,
    /// The payments for swaps, by label.
    pub extras: Mutex<BTreeMap<String, String>>,
    /// Whether clients send the next request before the work after the last one is done.
    hurried: AtomicBool,
    /// Whether clients ask once and are gone, whatever the answer.
    gone: AtomicBool,
    /// The bodies of the orders, by the customer's name.
    bodies: Mutex<BTreeMap<String, Value>>,
    /// The numbers of the orders, by the customer's name.
    numbers: Mutex<BTreeMap<String, String>>,
    /// The new addresses of customers who corrected theirs, by name.
    moved: Mutex<BTreeMap<String, String>>,
}

impl Play {
    /// A fresh shop with a policy. Gaps have no grace period: a fill closes a gap when it sees it a second time.
    pub async fn new(policy: &str) -> Self {
        let parameters = BTreeMap::from([("HoleGraceSeconds".to_owned(), "0".to_owned())]);
        let options = Options { policy: Some(policy.to_owned()), parameters, ..Options::default() };
        Self {
            world: World::with(options).await,
            observed: Mutex::default(),
            payments: Mutex::default(),
            extras: Mutex::default(),
            hurried: AtomicBool::new(true),
            gone: AtomicBool::new(false),
            bodies: Mutex::default(),
            numbers: Mutex::default(),
            moved: Mutex::default(),
        }
    }

    /// Finishes all work of the prelude. From now on each request also waits for the work that follows from it.
    pub async fn begin(&self) {
        if self.hurried.swap(false, Ordering::SeqCst) {
            self.world.settle().await;
        }
        self.world.tap().clear();
    }

    /// From now on clients ask once and are gone, whatever the answer.
    pub fn leave(&self) {
        self.gone.store(true, Ordering::SeqCst);
    }

    pub fn observed(&self) -> Vec<String> {
        open(&self.observed).clone()
    }

    pub fn payments(&self) -> BTreeMap<String, String> {
        open(&self.payments).clone()
    }

    pub fn extras(&self) -> BTreeMap<String, String> {
        open(&self.extras).clone()
    }

    /// Repeats a request until the answer is final, then waits for all work that follows, unless `hurried` is set.
    pub(super) async fn ask(&self, method: &str, path: &str, body: &Value) -> ApiResponse {
        for asked in 1..=ASKS {
            let sent = match method {
                "GET" => self.world.shop.get(path).await,
                "PUT" => self.world.shop.put(path, body).await,
                _ => self.world.shop.post(path, body).await,
            };
            match sent {
                Ok(answer) if answer.status < 500 => {
                    self.note(method, path, &answer);
                    if !self.hurried.load(Ordering::SeqCst) {
                        self.world.settle().await;
                    }
                    return answer;
                }
                Ok(answer) if self.gone.load(Ordering::SeqCst) => {
                    self.world.settle().await;
                    return answer;
                }
                // The first repeat is immediate; later ones wait.
                _ if asked > 1 => self.world.advance("PT1M").await,
                _ => {}
            }
        }
        panic!("{method} {path}: no answer to {ASKS} requests")
    }

    fn note(&self, method: &str, path: &str, answer: &ApiResponse) {
        let verdict = match answer.status {
            200..=299 => "done".to_owned(),
            status => format!("{status} {}", answer.code()),
        };
        let words: Vec<_> = path.split('?').next().unwrap_or_default().split('/').collect();
        let words = words.into_iter().map(|word| if word.len() > 15 { "{id}" } else { word });
        let line = format!("{method} {}: {verdict}", words.collect::<Vec<_>>().join("/"));
        open(&self.observed).push(line);
    }

    /// A read whose answer does not matter here.
    pub async fn read(&self, path: &str) {
        self.ask("GET", path, &Value::Null).await;
    }

    pub async fn search(&self, name: &str) -> ApiResponse {
        self.ask("POST", "/orders/search", &json!({ "email": address(name) })).await
    }

    /// `name` pays and places an order. `payment` is the outcome of the payment.
    pub async fn place(&self, name: &str, lines: &[(&str, i64)], payment: &str) {
        self.pay(name, lines, payment).await;
        self.place_again(name).await;
    }

    pub async fn place_again(&self, name: &str) {
        let body = open(&self.bodies).get(name).cloned().unwrap_or_default();
        let answer = self.ask("POST", "/orders", &body).await;
        open(&self.numbers).insert(name.to_owned(), answer.text("/order_id").to_owned());
    }

    /// `name` cancels everything that has not shipped, or so many units of the first order line.
    pub async fn cancel(&self, name: &str, change: &str, units: Option<i64>) {
        let mut body = json!({ "change_id": change });
        if let Some(units) = units {
            merge(&mut body, json!({ "lines": [{ "line": 1, "quantity": units }] }));
        }
        let id = self.number(name);
        self.ask("POST", &format!("/orders/{id}/cancel"), &body).await;
    }

    /// Ships a parcel with all units of the order that lie in the warehouse.
    pub async fn ship(&self, name: &str, id: &str, warehouse: &str) {
        let body = json!({ "shipment_id": id, "warehouse": warehouse, "carrier": "UPS", "tracking_number": "1Z999" });
        let order = self.number(name);
        self.ask("POST", &format!("/orders/{order}/shipments"), &body).await;
    }

    pub async fn look(&self, name: &str) {
        let id = self.number(name);
        self.read(&format!("/orders/{id}")).await;
    }

    /// `name` places an order. The process ends before its first call of `operation`, and the client is gone too.
    pub async fn place_and_vanish(&self, name: &str, lines: &[(&str, i64)], payment: &str, operation: &'static str) {
        self.pay(name, lines, payment).await;
        let body = open(&self.bodies).get(name).cloned().unwrap_or_default();
        self.vanish("/orders", &body, operation).await;
        let orders = self.orders(name).await;
        let number = orders.first().and_then(|order| order.get("order_id")?.as_str()).unwrap_or_default();
        open(&self.numbers).insert(name.to_owned(), number.to_owned());
    }

    /// Adjusts the stock. The process ends before its first call of `operation`.
    pub async fn adjust_and_vanish(&self, id: &str, sku: &str, quantity: i64, operation: &'static str) {
        self.vanish("/stock-adjustments", &adjustment(id, sku, quantity), operation).await;
    }

    /// Sends a request. The process ends before its first call of `operation`.
    pub async fn vanish(&self, path: &str, body: &Value, operation: &'static str) {
        self.world.tap().fault_where(move |call| {
            let there =
                call.operation == operation && ["place-order", "stock-adjustment", "swap"].contains(&&*call.function);
            there.then_some(Fault::DiedBeforeSend)
        });
        let answer = self.world.shop.post(path, body).await.unwrap();
        assert_eq!(answer.status, 503, "{:?}", answer.body);
        self.world.tap().spare();
    }

    /// Moves the clock, runs reconcile once, and finishes all work that follows.
    pub async fn reconcile(&self, later: &str) {
        self.run("reconcile", later).await;
    }

    /// Moves the clock, runs daily-expiry once, and finishes all work that follows.
    pub async fn expire(&self, later: &str) {
        self.run("daily-expiry", later).await;
    }

    /// Moves the clock without running the schedules in between.
    async fn run(&self, function: &str, later: &str) {
        let clock = self.world.stack().clock();
        clock.move_to(clock.now().saturating_add(later.parse::<jiff::SignedDuration>().unwrap()).unwrap());
        self.world.stack().delivery().run_schedules_of(function).await;
        self.world.settle().await;
    }

    /// A payment and the body of the order that it pays for.
    async fn pay(&self, name: &str, lines: &[(&str, i64)], payment: &str) {
        let mut body = order_body(lines);
        let total = lines.iter().map(|(_, units)| units * 1000).sum::<i64>() + 500;
        let reference = self.world.shop.pay(total, payment).await.unwrap();
        let customer = json!({ "email": address(name), "name": name });
        let shipping = json!({ "amount": 500, "currency": "USD" });
        merge(&mut body, json!({ "payment_reference": reference, "customer": customer, "shipping": shipping }));
        open(&self.payments).insert(name.to_owned(), reference);
        open(&self.bodies).insert(name.to_owned(), body);
    }

    pub fn number(&self, name: &str) -> String {
        open(&self.numbers).get(name).cloned().unwrap_or_default()
    }

    /// From now on `name` has another address.
    pub fn moved(&self, name: &str, email: &str) {
        open(&self.moved).insert(name.to_owned(), email.to_owned());
    }

    /// The orders of `name` as the API shows them, at each address that `name` has had.
    pub async fn orders(&self, name: &str) -> Vec<Value> {
        let mut orders = self.orders_at(&address(name)).await;
        let moved = open(&self.moved).get(name).cloned();
        if let Some(email) = moved {
            orders.extend(self.orders_at(&email).await);
        }
        orders
    }

    async fn orders_at(&self, email: &str) -> Vec<Value> {
        for _ in 0..ASKS {
            let found = self.world.shop.post("/orders/search", &json!({ "email": email })).await;
            if let Ok(answer) = found
                && answer.status == 200
            {
                return answer.body.get("orders").and_then(Value::as_array).cloned().unwrap_or_default();
            }
        }
        panic!("the orders of {email} cannot be found")
    }
}

/// Locks a mutex, even if a holder panicked.
pub fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn address(name: &str) -> String {
    format!("{name}@example.com")
}

pub(super) fn adjustment(id: &str, sku: &str, quantity: i64) -> Value {
    json!({ "adjustment_id": id, "sku": sku, "warehouse": "east", "quantity": quantity, "reason": "count" })
}

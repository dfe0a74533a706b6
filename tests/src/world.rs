//! A shop on one machine, and the actions of its users.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use local::client::{ApiResponse, Client};
use local::state::{BatchOutcome, Outgoing};
use local::template::{Queue, Template};
use local::{Functions, Options, Stack, StackEndpoints};
use serde_json::{Value, json};
use tokio::sync::OwnedMutexGuard;

use crate::deployed;
use crate::tap::Tap;

/// The message for a test that needs more than the front of a deployed shop.
const ONLY_EMBEDDED: &str =
    "this needs the embedded stack: list the scenario in tests/deployed/src/scenarios.rs, with the reason";

/// A running shop and a client with every scope.
pub struct World {
    /// A client with the scopes `orders`, `stock`, `products` and `policy`.
    pub shop: Client,
    runs: Runs,
}

/// Where the shop runs.
enum Runs {
    /// In this process, with the tap under its functions.
    Embedded { stack: Box<Stack>, tap: Tap, functions: Functions },
    /// Deployed: only its front can be reached. The lock gives this test exclusive use.
    Deployed { _alone: OwnedMutexGuard<()> },
}

impl World {
    pub async fn new() -> Self {
        Self::with_policy("ledriven").await
    }

    /// A fresh shop with a policy: a deployed one if there is one ([`deployed::front`]), otherwise one in this process.
    pub async fn with_policy(policy: &str) -> Self {
        match deployed::front(policy).await {
            Some((front, alone)) => Self::deployed(&front, alone).await,
            None => Self::with(Options { policy: Some(policy.to_owned()), ..Options::default() }).await,
        }
    }

    /// Adds these products, each by [`Self::product`].
    pub async fn selling(self, skus: &[&str]) -> Self {
        for sku in skus {
            self.product(sku).await;
        }
        self
    }

    async fn deployed(front: &str, alone: OwnedMutexGuard<()>) -> Self {
        let front = Client::new(front);
        let emptied = front.post("/_local/reset", &json!({})).await.expect("the front answers");
        assert_eq!(emptied.status, 200, "{:?}", emptied.body);
        let shop = front.with_scopes("orders stock products policy").await.expect("a token");
        Self { shop, runs: Runs::Deployed { _alone: alone } }
    }

    /// A shop in this process with these options. Schedules fire only when the clock moves.
    pub async fn with(options: Options) -> Self {
        let tap = Tap::default();
        let options = Options { silent_schedules: true, ..options };
        let (wired, made) = (tap.clone(), Arc::new(OnceLock::new()));
        let slot = Arc::clone(&made);
        let connect = move |endpoints: StackEndpoints| async move {
            let bindings = wired.connect(endpoints).await?;
            slot.get_or_init(|| bindings.functions.clone());
            Ok(bindings)
        };
        let stack = Stack::start(options, connect).await.expect("the stack starts");
        let shop = Client::new(stack.url()).with_scopes("orders stock products policy").await.expect("a token");
        tap.clear();
        let functions = made.get().cloned().expect("the functions were made");
        Self { shop, runs: Runs::Embedded { stack: Box::new(stack), tap, functions } }
    }

    /// The stack in this process. A scenario that needs it cannot run deployed and is listed in `tests/deployed`.
    pub fn stack(&self) -> &Stack {
        match &self.runs {
            Runs::Embedded { stack, .. } => stack,
            Runs::Deployed { .. } => panic!("{ONLY_EMBEDDED}"),
        }
    }

    /// The tap under every function of a shop in this process.
    pub fn tap(&self) -> &Tap {
        match &self.runs {
            Runs::Embedded { tap, .. } => tap,
            Runs::Deployed { .. } => panic!("{ONLY_EMBEDDED}"),
        }
    }

    /// Shuts down a shop in this process.
    pub async fn shutdown(self) {
        match self.runs {
            Runs::Embedded { stack, .. } => stack.shutdown().await,
            Runs::Deployed { .. } => panic!("{ONLY_EMBEDDED}"),
        }
    }

    /// Invokes a function as Lambda does.
    ///
    /// # Errors
    /// The text of the error that the invocation ended with.
    pub async fn invoke(&self, function: &str, event: Value) -> Result<Value, String> {
        match &self.runs {
            Runs::Embedded { functions, .. } => functions.invoke(function, event).await,
            Runs::Deployed { .. } => panic!("{ONLY_EMBEDDED}"),
        }
    }

    /// Puts a message into the dead letters of refunds.
    pub fn add_dead_letter(&self) {
        let (state, template) = (self.stack().state(), self.stack().template());
        let message = Outgoing { body: "{}".to_owned(), ..Outgoing::default() };
        state.send(dead_letters(template), &[message], 0).unwrap();
    }

    /// Takes all messages out of the dead letters of refunds, as staff does after a repair.
    pub fn remove_dead_letters(&self) {
        let (state, template) = (self.stack().state(), self.stack().template());
        let queue = dead_letters(template);
        let found = state.receive(queue, 10, false, 0).unwrap();
        let done = found.iter().map(|message| message.sequence).collect();
        state.finish(queue, &BatchOutcome { done, ..BatchOutcome::default() }).unwrap();
    }

    /// Replaces these parts of the current policy, and waits until every function uses the result.
    pub async fn set_policy(&self, parts: Value) {
        let shown = self.shop.get("/policy").await.unwrap().body;
        let mut policy = shown.get("policy").cloned().unwrap_or_default();
        merge(&mut policy, parts);
        let answer = self.shop.put("/policy", &policy).await.unwrap();
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        self.advance("PT31S").await;
    }

    /// Puts a product that can be backordered, at 10.00 USD.
    pub async fn product(&self, sku: &str) {
        self.product_with(sku, json!({})).await;
    }

    pub async fn product_with(&self, sku: &str, fields: Value) {
        let mut body = json!({ "name": format!("Product {sku}"), "price": usd(1000), "backorderable": true });
        merge(&mut body, fields);
        let answer = self.shop.put(&format!("/products/{sku}"), &body).await.unwrap();
        assert_eq!(answer.status, 200, "{:?}", answer.body);
    }

    /// Receives goods at the warehouse `east` under a new receipt id.
    pub async fn arrive(&self, sku: &str, quantity: i64) -> ApiResponse {
        self.arrive_at(sku, "east", quantity).await
    }

    pub async fn arrive_and_settle(&self, sku: &str, quantity: i64) {
        self.arrive(sku, quantity).await;
        self.settle().await;
    }

    pub async fn arrive_at(&self, sku: &str, warehouse: &str, quantity: i64) -> ApiResponse {
        let receipt = format!("receipt-{}", fastrand::u64(..));
        let body = json!({ "receipt_id": receipt, "sku": sku, "warehouse": warehouse, "quantity": quantity });
        self.shop.post("/stock-arrivals", &body).await.unwrap()
    }

    pub async fn arrive_at_and_settle(&self, sku: &str, warehouse: &str, quantity: i64) {
        self.arrive_at(sku, warehouse, quantity).await;
        self.settle().await;
    }

    /// Announces goods at the warehouse `east` for `days` days from now, in UTC. A quantity of 0 withdraws them.
    pub async fn expect(&self, sku: &str, id: &str, quantity: i64, days: i32) -> ApiResponse {
        let day = self.now().await.to_zoned(TimeZone::UTC).date().checked_add(Span::new().days(days)).unwrap();
        self.expect_on(sku, id, quantity, day).await
    }

    /// Announces goods at the warehouse `east` for a day. A quantity of 0 withdraws them.
    pub async fn expect_on(&self, sku: &str, id: &str, quantity: i64, day: Date) -> ApiResponse {
        let body = json!({ "warehouse": "east", "quantity": quantity, "expected_on": day });
        self.shop.put(&format!("/products/{sku}/expected-receipts/{id}"), &body).await.unwrap()
    }

    pub async fn adjust(&self, sku: &str, warehouse: &str, quantity: i64) -> ApiResponse {
        let id = format!("adjustment-{}", fastrand::u64(..));
        let body =
            json!({ "adjustment_id": id, "sku": sku, "warehouse": warehouse, "quantity": quantity, "reason": "count" });
        self.shop.post("/stock-adjustments", &body).await.unwrap()
    }

    pub async fn adjust_and_settle(&self, sku: &str, warehouse: &str, quantity: i64) {
        assert_eq!(self.adjust(sku, warehouse, quantity).await.status, 202);
        self.settle().await;
    }

    pub async fn cancel(&self, order_id: &str) -> ApiResponse {
        let change = format!("change-{}", fastrand::u64(..));
        self.shop.post(&format!("/orders/{order_id}/cancel"), &json!({ "change_id": change })).await.unwrap()
    }

    /// Ships a parcel with all units of the order that lie in the warehouse.
    pub async fn ship(&self, order_id: &str, warehouse: &str) -> ApiResponse {
        let shipment = format!("shipment-{}", fastrand::u64(..));
        let body =
            json!({ "shipment_id": shipment, "warehouse": warehouse, "carrier": "UPS", "tracking_number": "1Z999" });
        self.shop.post(&format!("/orders/{order_id}/shipments"), &body).await.unwrap()
    }

    pub async fn look(&self, order_id: &str) -> ApiResponse {
        self.shop.get(&format!("/orders/{order_id}")).await.unwrap()
    }

    /// The status of a product's line: its stock and the orders that wait.
    pub async fn line(&self, sku: &str) -> ApiResponse {
        self.shop.get(&format!("/products/{sku}/line?limit=500")).await.unwrap()
    }

    /// The availability that the product page shows.
    pub async fn availability(&self, sku: &str) -> ApiResponse {
        self.shop.without_token().get(&format!("/products/{sku}/availability")).await.unwrap()
    }

    pub async fn ready(&self) -> ApiResponse {
        self.shop.get("/shipments/ready?limit=200").await.unwrap()
    }

    pub async fn settle(&self) {
        self.shop.settle().await.unwrap();
    }

    /// Resumes the delivery of events that a test has paused.
    pub async fn resume_and_settle(&self) {
        self.stack().delivery().resume();
        self.settle().await;
    }

    pub async fn now(&self) -> Timestamp {
        let answer = self.shop.post("/_local/clock", &json!({ "advance": "PT0S" })).await.unwrap();
        answer.text("/now").parse().unwrap()
    }

    /// Moves the clock and runs the schedules that fall due on the way.
    pub async fn advance(&self, by: &str) {
        let answer = self.shop.post("/_local/clock", &json!({ "advance": by })).await.unwrap();
        assert_eq!(answer.status, 200, "{:?}", answer.body);
    }

    pub async fn advance_and_settle(&self, by: &str) {
        self.advance(by).await;
        self.settle().await;
    }

    /// The payment as the provider knows it.
    pub async fn payment(&self, reference: &str) -> Value {
        let all = self.shop.get("/_local/payments").await.unwrap().body;
        let all = all.as_array().cloned().unwrap_or_default();
        let own = all.into_iter().find(|it| it.get("payment_reference").and_then(Value::as_str) == Some(reference));
        own.unwrap_or_default()
    }

    /// Refunds the payment at the provider, as a person does by hand. The provider then refuses the shop's refund.
    pub async fn refund_by_hand(&self, payment: &str) {
        let headers = [
            ("authorization", "Bearer sk_test"),
            ("stripe-version", local::API_VERSION),
            ("content-type", "application/x-www-form-urlencoded"),
            ("idempotency-key", "by hand"),
        ];
        let provider = Client::new(self.stack().services_url());
        let form = format!("payment_intent={payment}").into_bytes();
        assert_eq!(provider.send("POST", "/v1/refunds", &headers, form).await.unwrap().status, 200);
    }

    pub async fn settle_and_assert_sound(&self) {
        self.settle().await;
        self.assert_sound().await;
    }

    /// Asserts that the audit finds no violation and that there are no dead letters.
    pub async fn assert_sound(&self) {
        let audit = self.shop.get("/_local/audit").await.unwrap().body;
        assert_eq!(audit, json!({ "violations": [] }));
        let dead = self.shop.get("/_local/dead-letters").await.unwrap().body;
        assert_eq!(dead.as_array().map(Vec::len), Some(0), "{dead}");
    }
}

fn dead_letters(template: &Template) -> &Queue {
    template.queues.iter().find(|queue| queue.logical_id == "RefundDeadLetters").unwrap()
}

pub fn usd(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

/// The body of an order of these lines at 10.00 USD a unit, without a payment.
pub fn order_body(lines: &[(&str, i64)]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|(sku, quantity)| json!({ "sku": sku, "quantity": quantity, "unit_price": usd(1000) }))
        .collect();
    json!({
        "channel": "web",
        "customer": { "email": "ann@example.com", "name": "Ann Lee" },
        "ship_to": { "country": "US", "name": "Ann Lee", "address": "1 Long Road", "city": "Boise", "postal_code": "83701" },
        "lines": lines,
    })
}

/// Copies `fields` into `body`, over fields of the same names.
pub fn merge(body: &mut Value, fields: Value) {
    if let (Some(body), Value::Object(fields)) = (body.as_object_mut(), fields) {
        body.extend(fields);
    }
}

/// Options for a stack that keeps its data in a directory.
pub fn kept_in(directory: &std::path::Path) -> Options {
    Options { data: Some(directory.to_owned()), parameters: BTreeMap::new(), ..Options::default() }
}

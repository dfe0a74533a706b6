//! A shop with orders in every state, and a snapshot of its whole state for comparison byte by byte.

use std::collections::BTreeMap;

use local::Options;
use local::audit::items;
use serde_json::{Value, json};
use tests::World;
use tests::world::usd;

use crate::bodies::{DIFFERENCE, PRICE, Route};

/// The key that signs this shop's tokens.
pub const TOKEN_KEY: &str = "a key that only these tests and their shop know";

/// The mail about the shipment of the shop's shipped order.
const SHIPPED: (&str, &str, u32) = ("shipped", "shipment-1", 0);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    items: Vec<String>,
    messages: Vec<String>,
    mails: usize,
    payments: Vec<String>,
    refunds: Vec<String>,
}

/// The shop, and the names of the things in it.
pub struct Fixture {
    pub world: World,
    pub names: BTreeMap<&'static str, String>,
}

impl Fixture {
    /// A shop with products and orders in every state.
    ///
    /// Products: `led` and `bulb` can be backordered, `cable` is in stock in `east`, `gone` is sold out, `few` takes
    /// one waiting unit. `led` may be swapped for `bulb`, which is dearer, `gone` and `cable`. Orders: `waiting`,
    /// `swapping` (fits [`Route::Swap`]), `ready`, `shipped`, `canceled`. Payments: `paid` (fits [`Route::Place`]),
    /// `small`, `difference` (fits [`Route::Swap`]), `declined`, `declined_difference`, `given_back`, `spent` (it
    /// became an order).
    pub async fn new() -> Self {
        let secrets = BTreeMap::from([("TokenKey".to_owned(), TOKEN_KEY.to_owned())]);
        let world = World::with(Options { secrets, ..Options::default() }).await;
        world.product_with("led", json!({ "similar": ["bulb", "gone", "cable"] })).await;
        world.product_with("bulb", json!({ "price": usd(1250) })).await;
        world.product("cable").await;
        world.product_with("gone", json!({ "backorderable": false })).await;
        world.product_with("few", json!({ "backlog_limit": 1 })).await;
        assert_eq!(world.arrive("cable", 20).await.status, 202);
        let mut fixture = Self { world, names: BTreeMap::new() };
        fixture.orders().await;
        fixture.payments().await;
        fixture.task().await;
        fixture.world.settle_and_assert_sound().await;
        fixture
    }

    async fn orders(&mut self) {
        let world = &self.world;
        let waiting = world.order("led", 3).placed().await;
        let part = json!({ "change_id": "change-1", "lines": [{ "line": 1, "quantity": 1 }] });
        assert_eq!(world.shop.post(&format!("/orders/{waiting}/cancel"), &part).await.unwrap().status, 200);
        let swapping = world.order("led", 2).placed().await;
        let ready = world.order("cable", 2).placed().await;
        let shipped = world.order("cable", 1).placed().await;
        let canceled = world.order("bulb", 1).placed().await;
        assert_eq!(world.cancel(&canceled).await.status, 200);
        world.settle().await;
        let parcel = json!({
            "shipment_id": "shipment-1", "warehouse": "east", "carrier": "UPS", "tracking_number": "1Z999",
        });
        let answer = world.shop.post(&format!("/orders/{shipped}/shipments"), &parcel).await.unwrap();
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let receipt = json!({ "receipt_id": "receipt-1", "sku": "cable", "warehouse": "east", "quantity": 2 });
        assert_eq!(world.shop.post("/stock-arrivals", &receipt).await.unwrap().status, 202);
        let mut adjustment = Route::Adjust.body();
        crate::bodies::set(&mut adjustment, "/adjustment_id", json!("adjustment-1"));
        assert_eq!(world.shop.post("/stock-adjustments", &adjustment).await.unwrap().status, 202);
        self.names.extend([("waiting", waiting), ("ready", ready), ("shipped", shipped), ("canceled", canceled)]);
        self.names.insert("swapping", swapping);
    }

    /// A staff task: a mail about the shipped order did not arrive.
    async fn task(&mut self) {
        let order = self.names["shipped"].clone();
        self.world.settle().await;
        tests::mail::report_event(&self.world, tests::mail::full(), "ann@example.com", &order, SHIPPED).await;
        self.world.settle().await;
        let tasks = self.world.shop.get("/staff/tasks").await.unwrap();
        self.names.insert("task", tasks.text("/tasks/0/task_id").to_owned());
    }

    async fn payments(&mut self) {
        let shop = &self.world.shop;
        let pay = async |amount, outcome| shop.pay(amount, outcome).await.unwrap();
        let (paid, small) = (pay(PRICE, "succeeded").await, pay(5, "succeeded").await);
        let (declined, given_back) = (pay(PRICE, "declined").await, pay(PRICE, "succeeded").await);
        let difference = pay(DIFFERENCE, "succeeded").await;
        let declined_difference = pay(DIFFERENCE, "declined").await;
        let body = self.world.order("few", 1).each_line(&json!({ "unit_price": usd(DIFFERENCE) })).body().await;
        let spent = body["payment_reference"].as_str().unwrap().to_owned();
        assert_eq!(shop.post("/orders", &body).await.unwrap().status, 201);
        self.world.refund_by_hand(&given_back).await;
        let names = [("paid", paid), ("small", small), ("declined", declined), ("given_back", given_back)];
        self.names.extend(names);
        let swaps = [("difference", difference), ("declined_difference", declined_difference), ("spent", spent)];
        self.names.extend(swaps);
    }

    /// Replaces `{waiting}`, `{paid}` and so on by the names in this shop.
    pub fn fill(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// Places an order that is refused. Returns its body, with its payment.
    pub async fn refused(&self, sku: &str, fields: Value) -> Value {
        let body = self.world.order(sku, 2).with(fields).body().await;
        let answer = self.world.shop.post("/orders", &body).await.unwrap();
        assert_eq!(answer.status, 409, "{:?}", answer.body);
        body
    }

    pub fn memory(&self) -> Memory {
        let stack = self.world.stack();
        let (state, template) = (stack.state(), stack.template());
        let stored = items(stack.database(), &template.table.name).unwrap();
        let mut stored: Vec<String> = stored.iter().map(Value::to_string).collect();
        stored.sort();
        let messages = template.queues.iter().flat_map(|queue| state.messages(&queue.name).unwrap());
        Memory {
            items: stored,
            messages: messages.map(|message| format!("{message:?}")).collect(),
            mails: state.mails(None).unwrap().len(),
            payments: state.payments().unwrap().iter().map(|payment| format!("{payment:?}")).collect(),
            refunds: state.refunds().unwrap().iter().map(|refund| format!("{refund:?}")).collect(),
        }
    }

    /// Asserts that all calls since the tap was cleared were reads. With `tried`, writes whose condition failed are
    /// allowed.
    pub fn assert_only_read(&self, name: &str, tried: bool) {
        const READS: [&str; 4] = ["GetItem", "BatchGetItem", "Query", "GetSecretValue"];
        const WRITES: [&str; 2] = ["PutItem", "TransactWriteItems"];
        for call in self.world.tap().calls() {
            let operation = call.operation.as_str();
            let reads = READS.contains(&operation) || operation.starts_with("GET /v1/payment_intents/");
            let allowed = reads || tried && WRITES.contains(&operation);
            assert!(allowed, "{name}: {} did {operation}", call.function);
        }
    }
}

pub fn eur(amount: i64) -> Value {
    let mut money = usd(amount);
    money["currency"] = json!("EUR");
    money
}

//! The outcome of a story, without what may differ between two runs: numbers of tickets and orders, times.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::play::{Play, address};

#[derive(Clone, Debug, PartialEq)]
pub struct EndState {
    pub observed: Vec<String>,
    /// Orders, lines and money, by customer.
    pub customers: BTreeMap<String, Value>,
    /// Stock, units for sale and waiting orders, by product.
    pub products: BTreeMap<String, Value>,
    /// The number of mails, by customer and kind.
    pub mails: BTreeMap<String, usize>,
    /// The number of refunds at the provider, by customer, change and amount.
    pub refunds: BTreeMap<String, usize>,
    /// The kinds of the open staff tasks, without those about dead letters.
    pub tasks: Vec<String>,
    pub violations: Value,
    pub dead: Vec<String>,
}

impl EndState {
    /// Waits until the shop is settled and reads the outcome.
    pub async fn read(play: &Play, skus: &[&str]) -> Self {
        let shop = &play.world.shop;
        let payments = play.payments();
        let mut customers = BTreeMap::new();
        for (name, reference) in &payments {
            let orders = play.orders(name).await;
            let paid = play.world.payment(reference).await;
            let mut orders: Vec<Value> = orders.iter().map(order).collect();
            orders.sort_by_key(Value::to_string);
            let money = json!({ "captured": paid.get("captured"), "refunded": paid.get("refunded") });
            customers.insert(name.clone(), json!({ "orders": orders, "money": money }));
        }
        for (name, reference) in &play.extras() {
            let paid = play.world.payment(reference).await;
            let money = json!({ "captured": paid.get("captured"), "refunded": paid.get("refunded") });
            customers.insert(name.clone(), json!({ "money": money }));
        }
        let mut products = BTreeMap::new();
        for sku in skus {
            products.insert((*sku).to_owned(), line(&play.world.line(sku).await.body));
        }
        let violations = shop.get("/_local/audit").await.unwrap().body.get("violations").cloned().unwrap_or_default();
        let dead = shop.get("/_local/dead-letters").await.unwrap().body;
        let queue = |letter: &Value| letter.get("queue").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            observed: play.observed(),
            customers,
            products,
            mails: mails(play, &payments).await,
            tasks: tasks(&shop.get("/staff/tasks").await.unwrap().body),
            refunds: refunds(play, &payments.into_iter().chain(play.extras()).collect()),
            violations,
            dead: dead.as_array().into_iter().flatten().map(queue).collect(),
        }
    }

    /// For a client that is gone: the outcome without answers, and without payments that became no order.
    pub fn unobserved(mut self) -> Self {
        self.observed.clear();
        let none = json!([]);
        self.customers.retain(|_, customer| customer.get("orders") != Some(&none));
        self
    }

    /// The number of mails beyond those in `clean`. The error names mails that are missing or of another kind.
    pub fn repeated_mails(&self, clean: &Self) -> Result<usize, String> {
        let kinds: BTreeSet<_> = self.mails.keys().chain(clean.mails.keys()).collect();
        let mut more = 0;
        for kind in kinds {
            match (self.mails.get(kind), clean.mails.get(kind)) {
                (Some(now), Some(then)) if now >= then => more += now - then,
                (now, then) => return Err(format!("{kind}: sent {now:?} times, not {then:?}")),
            }
        }
        Ok(more)
    }
}

fn order(order: &Value) -> Value {
    let lines = order.get("lines").and_then(Value::as_array).cloned().unwrap_or_default();
    let fields = [
        "sku",
        "quantity",
        "status",
        "assigned",
        "shipped",
        "canceled",
        "refunded",
        "orders_ahead",
        "units_ahead",
        "swapped_to",
    ];
    let lines: Vec<Value> = lines.iter().map(|line| only(line, &fields)).collect();
    // The time of `since` differs in each run.
    let mut order = order.clone();
    if let Some(mail) = order.get_mut("mail").and_then(Value::as_object_mut) {
        mail.remove("since");
    }
    let refunds = order.get_mut("refunds").and_then(Value::as_array_mut);
    for id in refunds.into_iter().flatten().filter_map(|refund| refund.get_mut("change_id")) {
        *id = json!(same_letter(id.as_str().unwrap_or_default()));
    }
    let order = &order;
    let mut shown = only(order, &["status", "refusal", "total", "refunded", "refunds", "customer", "mail"]);
    let parcels = order.get("shipments").and_then(Value::as_array).cloned().unwrap_or_default();
    let parcels: Vec<Value> =
        parcels.iter().map(|parcel| only(parcel, &["shipment_id", "warehouse", "lines"])).collect();
    tests::world::merge(&mut shown, json!({ "lines": lines, "shipments": parcels }));
    shown
}

fn line(line: &Value) -> Value {
    let waiting = line.get("waiting").and_then(Value::as_array).cloned().unwrap_or_default();
    let waiting: Vec<Value> = waiting.iter().map(|it| only(it, &["line", "quantity", "assigned"])).collect();
    let mut shown = only(line, &["available", "stock"]);
    tests::world::merge(&mut shown, json!({ "waiting": waiting }));
    shown
}

fn only(value: &Value, fields: &[&str]) -> Value {
    let kept = fields.iter().map(|field| ((*field).to_owned(), value.get(field).cloned().unwrap_or_default()));
    Value::Object(kept.collect())
}

/// The change id, or only `mail` if an inbound message made the change, because a message's id differs in each run.
fn same_letter(change_id: &str) -> &str {
    if change_id.starts_with("mail:") { "mail" } else { change_id }
}

fn tasks(listed: &Value) -> Vec<String> {
    let kind = |task: &Value| task.get("kind").and_then(Value::as_str).unwrap_or("?").to_owned();
    let kinds = listed.get("tasks").and_then(Value::as_array).into_iter().flatten().map(kind);
    // A run that was faulted and given up is in the dead letters, and staff gets a task about these dead letters.
    kinds.filter(|kind| kind != "dead_letter").collect()
}

async fn mails(play: &Play, payments: &BTreeMap<String, String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for mail in play.world.inbox().await {
        let text = |field: &str| mail.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let name = payments.keys().find(|name| address(name) == text("to")).cloned();
        let mail = format!("{} {}", name.unwrap_or_else(|| text("to")), text("kind"));
        *counts.entry(mail).or_default() += 1;
    }
    counts
}

fn refunds(play: &Play, payments: &BTreeMap<String, String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for refund in play.world.stack().state().refunds().unwrap() {
        let name = payments.iter().find(|(_, reference)| **reference == refund.payment).map(|(name, _)| name.as_str());
        let about: Value = serde_json::from_str(&refund.metadata).unwrap_or_default();
        let change = same_letter(about.get("change_id").and_then(Value::as_str).unwrap_or_default());
        *counts.entry(format!("{} {change} {}", name.unwrap_or("nobody"), refund.amount)).or_default() += 1;
    }
    counts
}

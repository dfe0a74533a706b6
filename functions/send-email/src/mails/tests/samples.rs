//! Sample mails for every case of every template, from stored orders under the policies of the three shops. `pinned` keeps them
//! as files, `structure` checks how they are built, and `cargo local mails` shows them.

use domain::order::Order;
use domain::policy::Policy;
use domain::product::Product;
use serde_json::{Value, json};

use crate::mails::{Mail, Replies, render};
use crate::view::{Ways, kind, of_order};

use super::hostile::HOSTILE;

pub struct Sample {
    /// The mail's kind, followed by the case.
    pub name: String,
    kind: &'static str,
    subject: &'static str,
    order: Value,
    products: Value,
    policy: Policy,
}

impl Sample {
    fn new(name: &str, kind: &'static str, order: Value) -> Self {
        let products = json!([
            product("LED-5M-GREEN", "LED strip, 5 m, green", &["LED-5M-BLUE", "LED-5M-RED"]),
            product("LED-5M-BLUE", "LED strip, 5 m, blue", &[]),
            product("LED-5M-RED", "LED strip, 5 m, red", &[]),
            product("PSU-60", "Power supply, 60 W", &[]),
        ]);
        let name = format!("{kind}-{name}");
        Self { name, kind, subject: "0", order, products, policy: policy(LEDRIVEN) }
    }

    fn about(mut self, subject: &'static str) -> Self {
        self.subject = subject;
        self
    }

    fn by(mut self, policy_file: &str) -> Self {
        self.policy = policy(policy_file);
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn mail(&self) -> Mail {
        let order: Order = serde_json::from_value(self.order.clone()).unwrap();
        let products: Vec<Product> = serde_json::from_value(self.products.clone()).unwrap();
        let (replies, write_to) = match &self.policy.mail.reply_to {
            Some(people) => (Replies::ReadByPeople, people.clone()),
            None => (Replies::ReadAtOnce, "orders@reply.shop.example".to_owned()),
        };
        let token =
            "eyJvIjoiN0szTS05UTJYLVdUNFAtQUJDNCIsImUiOjE4MDMxMjU2MDB9.Zr1b9Xx_-8TzqW0mJkYtQ5cVnL2sR7aPdG4uHfEoKiM";
        let ways = Ways { link: format!("https://shop.example/orders#token={token}"), replies, write_to };
        let kind = kind(&order, &products, &self.policy, self.kind, self.subject).unwrap();
        render(&kind, &of_order(&order, &products, &self.policy, &ways)).unwrap()
    }
}

const LEDRIVEN: &str = include_str!("../../../../../infra/policies/ledriven.toml");
const ADD_TO_CART: &str = include_str!("../../../../../infra/policies/add-to-cart-backorder.toml");
const BODYBUILDING: &str = include_str!("../../../../../infra/policies/bodybuilding.toml");

fn policy(file: &str) -> Policy {
    toml::from_str(file).unwrap()
}

fn product(sku: &str, name: &str, similar: &[&str]) -> Value {
    let price = json!({ "amount": 1999, "currency": "USD" });
    json!({ "sku": sku, "name": name, "price": price, "backorderable": true, "similar": similar })
}

fn line(sku: &str, quantity: i64, backordered: i64) -> Value {
    let mut line = json!({ "sku": sku, "quantity": quantity, "unit_price": 1999, "backordered": backordered });
    if backordered > 0 {
        line["promised"] = json!({ "earliest": "2027-01-05", "latest": "2027-02-02" });
    }
    line
}

/// An order placed late on the 7th in New York, which is the 8th in UTC.
fn order(lines: &[Value]) -> Value {
    json!({
        "order_id": "7K3M-9Q2X-WT4P-ABC4", "version": 3, "stage": "placed", "started_at": "2026-12-08T02:30:00Z",
        "placed_at": "2026-12-08T02:30:01Z", "payment_reference": "pi_1", "request": "r", "channel": "web",
        "customer": { "email": "ann@example.com", "name": "Ann Smith" }, "ship_to": { "country": "US", "name": "Ann" },
        "lines": lines, "total": 8136, "currency": "USD", "if_worse": "accept", "policy": "p",
    })
}

fn waiting() -> Value {
    order(&[line("LED-5M-GREEN", 2, 2)])
}

fn mixed() -> Value {
    order(&[line("LED-5M-GREEN", 2, 2), line("PSU-60", 2, 0)])
}

/// Adds fields to `order`.
fn and(mut order: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().unwrap() {
        order[name] = value.clone();
    }
    order
}

/// `order` after the change `c`, which cancels units of these lines and refunds money.
fn after(mut order: Value, kind: &str, canceled: &[(usize, i64)], refund: i64) -> Value {
    for (at, units) in canceled {
        order["lines"][*at]["canceled"] = json!(units);
    }
    let part = |(line, units): &(usize, i64)| json!({ "line": line, "units": units, "amount": 0 });
    let lines: Vec<Value> = canceled.iter().map(part).collect();
    order["changes"] = json!({ "c": {
        "at": "2027-01-07T02:30:01Z", "kind": kind, "lines": lines, "refund": refund, "status": "due", "request": "r",
    } });
    order
}

/// Marks the change `c` as requested by the shop.
fn by_shop(mut order: Value) -> Value {
    order["changes"]["c"]["by_shop"] = json!(true);
    order
}

fn shipped(mut order: Value, lines: &[(usize, i64)]) -> Value {
    for (at, units) in lines {
        order["lines"][*at]["shipped"] = json!({ "east": units });
    }
    let parts: Vec<Value> = lines.iter().map(|(line, units)| json!({ "line": line, "quantity": units })).collect();
    order["shipments"] = json!({ "s": {
        "warehouse": "east", "carrier": "UPS", "tracking_number": "1Z999AA10123456784", "lines": parts,
        "shipped_at": "2027-01-05T15:00:00Z", "request": "r",
    } });
    order
}

fn swapped(extra: i64, backordered: i64) -> Value {
    let mut blue = line("LED-5M-BLUE", 2, backordered);
    blue["swapped_from"] = json!(0);
    let order = order(&[line("LED-5M-GREEN", 2, 2), line("PSU-60", 2, 0), blue]);
    let mut order = after(order, "swapped", &[(0, 2)], if extra > 0 { 0 } else { 1000 });
    let extra = (extra > 0).then(|| json!({ "payment": "pi_2", "amount": extra }));
    order["changes"]["c"]["swap"] = json!({ "line": 0, "sku": "LED-5M-BLUE", "units": 2, "extra": extra });
    order
}

pub fn every_sample() -> Vec<Sample> {
    [confirmations(), notices(), shipments(), changes(), cancelations(), others(), extremes()]
        .into_iter()
        .flatten()
        .collect()
}

fn confirmations() -> Vec<Sample> {
    let new = |name, order| Sample::new(name, "order-confirmation", order);
    let sums = json!({ "shipping": 795 });
    let taxed = |mut order: Value| {
        order["lines"][0]["tax"] = json!(640);
        order["lines"][1]["discount"] = json!(500);
        and(order, sums.clone())
    };
    let surprised = |mut order: Value| {
        order["lines"][0] = and(line("LED-5M-GREEN", 3, 2), json!({ "seen": "in_stock" }));
        order
    };
    let people = |it: &mut Sample| it.policy.mail.reply_to = Some("help@ledriven.example".to_owned());
    vec![
        new("in-stock", order(&[line("PSU-60", 2, 0)])),
        new("mixed-together", taxed(mixed())),
        new("mixed-in-parts-and-not-as-seen", surprised(mixed())).by(BODYBUILDING),
        new("waiting", waiting()).by(ADD_TO_CART),
        new("abroad", and(mixed(), json!({ "ship_to": { "country": "DE", "name": "Ann" } }))).by(BODYBUILDING),
        new("replies-read-by-people", waiting()).with(people),
    ]
}

fn notices() -> Vec<Sample> {
    let new = |name, order| Sample::new(name, "backorder-notice", order);
    let no_swap = |it: &mut Sample| it.products[0]["similar"] = json!([]);
    vec![
        new("mixed-together", mixed()),
        new("mixed-in-parts", mixed()).by(BODYBUILDING),
        new("waiting", waiting()).by(ADD_TO_CART).with(no_swap),
        new("abroad", and(waiting(), json!({ "ship_to": { "country": "DE", "name": "Ann" } }))).by(BODYBUILDING),
    ]
}

fn shipments() -> Vec<Sample> {
    let new = |name, order| Sample::new(name, "shipped", order).about("s");
    vec![new("whole", shipped(mixed(), &[(0, 2), (1, 2)])), new("part", shipped(mixed(), &[(1, 2)])).by(BODYBUILDING)]
}

fn changes() -> Vec<Sample> {
    let new = |name, order| Sample::new(name, "changed", order).about("c");
    let ended = |it: &mut Sample| it.products[0]["discontinued_at"] = json!("2027-01-01T00:00:00Z");
    let mut refused = after(mixed(), "swap_refused_later", &[], 1000);
    refused["changes"]["c"]["swap"] =
        json!({ "line": 0, "sku": "LED-5M-BLUE", "units": 2, "refusal": { "no-place": "sold-out" } });
    let mut reason = after(mixed(), "canceled", &[(0, 1)], 1999);
    reason["changes"]["c"]["reason"] = json!("found one nearby");
    let mut by_shop = by_shop(after(mixed(), "canceled", &[(0, 1)], 1999));
    by_shop["changes"]["c"]["reason"] = json!("one strip was damaged in our warehouse");
    vec![
        new("part-canceled", reason),
        new("part-canceled-by-staff", by_shop),
        new("expired", after(mixed(), "expired", &[(0, 2)], 3998)).by(BODYBUILDING),
        new("discontinued", after(mixed(), "discontinued", &[(0, 2)], 3998)).with(ended),
        new("swapped-for-less", swapped(0, 0)),
        new("swapped-for-more-and-waits", swapped(1000, 2)),
        new("not-swapped", refused),
        Sample::new("lost", "changed", mixed()).about("lost:0:0-1"),
    ]
}

fn cancelations() -> Vec<Sample> {
    let new = |name, order| Sample::new(name, "canceled", order).about("c");
    let ended = |it: &mut Sample| it.products[0]["discontinued_at"] = json!("2027-01-01T00:00:00Z");
    vec![
        new("by-customer", after(mixed(), "canceled", &[(0, 2), (1, 2)], 8136)),
        new("expired", after(waiting(), "expired", &[(0, 2)], 3998)).by(BODYBUILDING),
        new("discontinued", after(waiting(), "discontinued", &[(0, 2)], 3998)).with(ended),
        new("by-shop", and(after(waiting(), "refused_later", &[], 3998), json!({ "stage": "refused" }))),
        new("by-staff", by_shop(after(mixed(), "canceled", &[(0, 2), (1, 2)], 8136))),
        new("rest", after(shipped(mixed(), &[(1, 2)]), "canceled", &[(0, 2)], 3998)),
        new("nothing-to-refund", and(after(waiting(), "canceled", &[], 0), json!({ "stage": "canceled" }))),
    ]
}

fn others() -> Vec<Sample> {
    let new = |name, order| Sample::new(name, "message-received", order).about("2026-12-09");
    vec![new("waiting", waiting()), new("shipped", shipped(waiting(), &[(0, 2)]))]
}

/// The longest orders, and hostile names.
fn extremes() -> Vec<Sample> {
    let many: Vec<Value> = (0..30).map(|at| line(&format!("{at:02}{}", "X".repeat(62)), 1_000, 500)).collect();
    let long = |it: &mut Sample| {
        let name = "A product with as long a name as the shop may give it, which goes on and on ".repeat(3);
        let named = |at| product(&format!("{at:02}{}", "X".repeat(62)), &name, &[]);
        it.products = (0..30).map(named).collect();
    };
    let hostile = |it: &mut Sample| {
        let name = HOSTILE.join(" ");
        it.policy.shop_name.clone_from(&name);
        it.order["customer"]["name"] = json!(name);
        for product in it.products.as_array_mut().unwrap() {
            product["name"] = json!(name);
        }
        if let Some(shipment) = it.order.pointer_mut("/shipments/s") {
            shipment["carrier"] = json!(name);
            shipment["tracking_number"] = json!(name);
        }
        if let Some(change) = it.order.pointer_mut("/changes/c") {
            change["reason"] = json!(name);
        }
    };
    let huge = |it: &mut Sample| {
        for product in it.products.as_array_mut().unwrap() {
            product["name"] = json!("👩‍👩‍👧<&\"'".repeat(1_000));
        }
    };
    let all = many.iter().enumerate().map(|(at, _)| (at, 1_000)).collect::<Vec<_>>();
    vec![
        Sample::new("thirty-lines", "order-confirmation", order(&many)).with(long),
        Sample::new("thirty-lines-of-huge-names", "order-confirmation", order(&many)).with(long).with(huge),
        Sample::new("thirty-lines-of-huge-names", "canceled", after(order(&many), "canceled", &all, 1))
            .about("c")
            .with(long)
            .with(huge),
        Sample::new("hostile", "order-confirmation", mixed()).with(hostile),
        Sample::new("hostile", "backorder-notice", mixed()).with(hostile),
        Sample::new("hostile", "shipped", shipped(mixed(), &[(1, 2)])).about("s").with(hostile),
        Sample::new("hostile", "changed", after(mixed(), "canceled", &[(0, 1)], 1999)).about("c").with(hostile),
        Sample::new("hostile-lost", "changed", mixed()).about("lost:0:0-1").with(hostile),
        Sample::new("hostile", "canceled", after(waiting(), "canceled", &[(0, 2)], 3998)).about("c").with(hostile),
        Sample::new("hostile", "message-received", waiting()).about("2026-12-09").with(hostile),
    ]
}

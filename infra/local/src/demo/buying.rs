//! Purchases, and the shop's answers as text.

use local::client::ApiResponse;
use serde_json::{Value, json};

use super::telling::count;

pub(super) struct Good {
    pub sku: &'static str,
    pub name: &'static str,
    /// The product's name in the story.
    pub short: &'static str,
    /// The price in cents.
    pub price: i64,
}

pub(super) struct Purchase {
    /// Each good with its quantity.
    pub lines: Vec<(&'static Good, i64)>,
    /// The outcome of the payment, in the words of `/_local/payments`.
    pub card: &'static str,
    channel: &'static str,
    seen: Option<&'static str>,
    if_worse: Option<&'static str>,
    country: &'static str,
}

impl Purchase {
    /// A purchase in the web shop with a good card, to the US.
    pub(super) fn new(lines: &[(&'static Good, i64)]) -> Self {
        Self { lines: lines.to_vec(), card: "succeeded", channel: "web", seen: None, if_worse: None, country: "US" }
    }

    pub(super) fn with_bad_card(self) -> Self {
        Self { card: "declined", ..self }
    }

    pub(super) fn to(self, country: &'static str) -> Self {
        Self { country, ..self }
    }

    pub(super) fn by_phone(self) -> Self {
        Self { channel: "phone", ..self }
    }

    /// The buyer saw a page that showed everything as in stock.
    pub(super) fn seen_in_stock(self) -> Self {
        Self { seen: Some("in_stock"), ..self }
    }

    /// The buyer wants goods from stock only.
    pub(super) fn or_not_at_all(self) -> Self {
        Self { if_worse: Some("refuse"), ..self }
    }

    /// The total in cents.
    pub(super) fn total(&self) -> i64 {
        self.lines.iter().map(|(good, quantity)| good.price * quantity).sum()
    }

    /// The body of `POST /orders`.
    pub(super) fn body(&self, who: &str, payment: &str) -> Value {
        let lines = self.lines.iter().map(|(good, quantity)| {
            let price = json!({ "amount": good.price, "currency": "USD" });
            let mut line = json!({ "sku": good.sku, "quantity": quantity, "unit_price": price });
            add(&mut line, "seen", self.seen);
            line
        });
        let mut body = json!({
            "payment_reference": payment,
            "channel": self.channel,
            "customer": { "email": format!("{}@mail.example", who.to_lowercase()), "name": who },
            "ship_to": { "country": self.country, "name": who, "address": "1 Long Road", "city": "Boise" },
            "lines": lines.collect::<Vec<_>>(),
        });
        add(&mut body, "if_worse", self.if_worse);
        body
    }
}

fn add(body: &mut Value, name: &str, value: Option<&str>) {
    if let (Some(body), Some(value)) = (body.as_object_mut(), value) {
        body.insert(name.to_owned(), json!(value));
    }
}

/// A refusal as text; `None` for a success.
pub(super) fn refusal(answer: &ApiResponse) -> Option<String> {
    (answer.status >= 300).then(|| format!("refused ({} {})", answer.status, answer.code()))
}

/// The answer to the buyer as text, by order line.
pub(super) fn summary(answer: &ApiResponse, goods: &[&Good]) -> String {
    let line = |line: &Value| {
        if !flag(line, "backordered") {
            return "in stock".to_owned();
        }
        let though = if flag(line, "changed") { ", though seen in stock" } else { "" };
        format!("on backorder{though}, {}", place(line))
    };
    refusal(answer).unwrap_or_else(|| by_line(&answer.body, goods, line))
}

/// The state of an order as text, by order line.
pub(super) fn stands(order: &Value, goods: &[&Good]) -> String {
    let status = text(order, "status");
    if matches!(status, "canceled" | "refused" | "shipped" | "ready") {
        return status.to_owned();
    }
    let line = |line: &Value| {
        let (has, wants) = holding(line);
        let place = if text(line, "status") == "waiting" { format!(", {}", place(line)) } else { String::new() };
        format!("has {has} of {wants}{place}")
    };
    format!("{status}: {}", by_line(order, goods, line))
}

/// The units that an order line has, and the units that it should have in the end.
pub(super) fn holding(line: &Value) -> (i64, i64) {
    (number(line, "assigned") + number(line, "shipped"), number(line, "quantity") - number(line, "canceled"))
}

fn by_line(order: &Value, goods: &[&Good], say: impl Fn(&Value) -> String) -> String {
    let lines = list(order, "lines");
    let named = |line: &Value| {
        let short = goods.iter().find(|good| good.sku == text(line, "sku")).map_or("?", |good| good.short);
        if lines.len() == 1 { say(line) } else { format!("{short} {}", say(line)) }
    };
    lines.iter().map(named).collect::<Vec<_>>().join("; ")
}

fn place(line: &Value) -> String {
    match (number(line, "orders_ahead"), number(line, "units_ahead")) {
        (0, _) => "next in line".to_owned(),
        (orders, units) => format!("behind {} ({})", count(orders, "order"), count(units, "unit")),
    }
}

/// The text with this name. This function and the next three return an empty value, 0 or false if it is missing.
pub(super) fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn number(object: &Value, name: &str) -> i64 {
    object.get(name).and_then(Value::as_i64).unwrap_or_default()
}

pub(super) fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn flag(object: &Value, name: &str) -> bool {
    object.get(name).and_then(Value::as_bool).unwrap_or_default()
}

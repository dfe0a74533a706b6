//! The corpus of customers' replies (README.md), and the real code's decision on each.

use std::path::{Path, PathBuf};

use domain::identity::OrderId;
use domain::order::{Order, OrderStatus};
use inbound_mail::judgement::{FirstLook, Judgement, first_look, judge};
use inbound_mail::message::ParsedMail;
use serde::Deserialize;
use serde_json::json;

/// The customer's order, and another customer's order.
pub const OWN: &str = "7K3M-9Q2X-WT4P-ABC4";
pub const OTHER: &str = "72GY-RVDB-1Y5J-Z58G";
/// The reply address of the customer's order, and the shop's sender address.
pub const REPLY: &str = "reply+k7d2m9x4w8q1@ledriven.example";
pub const SHOP: &str = "orders@ledriven.example";

/// The expected effect of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorpusOutcome {
    Cancel,
    Staff,
    Ignore,
}

/// A message of the corpus and its expectation.
#[derive(Clone, Debug, Deserialize)]
pub struct Expected {
    pub file: String,
    pub about: String,
    pub order: String,
    pub expected: CorpusOutcome,
}

impl Expected {
    /// Whether the message is clear to a person and goes to staff only because of its wording. Canceling is right, too.
    pub fn may_cancel(&self) -> bool {
        ["clear, hard:", "clear, other language:"].iter().any(|kind| self.about.starts_with(kind))
    }
}

#[derive(Deserialize)]
struct Folder {
    message: Vec<Expected>,
}

pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("mail_corpus").join(name)
}

pub fn messages(name: &str) -> Vec<(Expected, Vec<u8>)> {
    let stated = std::fs::read_to_string(folder(name).join("expected.toml")).unwrap();
    let stated: Folder = toml::from_str(&stated).unwrap();
    let raw = |expected: &Expected| std::fs::read(folder(name).join(&expected.file)).unwrap();
    stated.message.into_iter().map(|expected| (expected.clone(), raw(&expected))).collect()
}

pub fn number(text: &str) -> OrderId {
    OrderId::parse(text).unwrap()
}

/// An order of two lines in this state.
pub fn order(id: &str, email: &str, state: &str) -> Order {
    let line = |quantity: i64, shipped: bool, canceled: bool| {
        let shipped = if shipped { json!({ "main": quantity }) } else { json!({}) };
        json!({ "sku": "led", "quantity": quantity, "unit_price": 1000, "ticket": 5, "shipped": shipped, "canceled": if canceled { quantity } else { 0 } })
    };
    let (all, some, canceled) = (state == "shipped", state == "partly_shipped", state == "canceled");
    let mut order: Order = serde_json::from_value(json!({
        "order_id": id, "version": 2, "stage": "placed", "started_at": "2026-11-20T14:00:00Z", "placed_at": "2026-11-20T14:00:01Z",
        "payment_reference": "pi_1", "request": "M5PN6C6P8GWKG63V", "channel": "web", "customer": { "email": email, "name": "Ann Lee" },
        "ship_to": { "country": "US" }, "lines": [line(1, all, canceled), line(2, all || some, canceled)],
        "total": 12980, "currency": "USD", "if_worse": "accept", "policy": "WX1CS5T75VZHZDFY",
    }))
    .unwrap();
    order.released_at = (state == "ready").then_some(order.started_at);
    order
}

/// The order's state when the message arrives.
pub fn found(id: &OrderId, state: &str) -> Option<Order> {
    let known = [(OWN, "ann.lee@example.com", state), (OTHER, "someone@example.org", "waiting")];
    known.into_iter().find(|(known, ..)| *known == id.as_str()).map(|(known, email, state)| order(known, email, state))
}

/// The real code's decision on a message.
pub fn judged(raw: &[u8], state: &str) -> Option<Judgement> {
    let letter = ParsedMail::read(raw).ok()?;
    let reply = |address: &str| address.eq_ignore_ascii_case(REPLY).then(|| number(OWN));
    Some(match first_look(&letter, reply, &[SHOP]) {
        FirstLook::Judged(judgement) => judgement,
        FirstLook::About(id) => {
            let order = found(&id, state);
            if let Some(order) = &order {
                let stated = serde_json::to_value(order.status()).unwrap();
                assert!(id.as_str() != OWN || stated == state, "the test's order is {stated}, expected {state}");
            }
            assert!(order.as_ref().is_none_or(|order| order.status() != OrderStatus::Placing));
            judge(&letter, &id, order.as_ref())
        }
    })
}

/// The effect. An unreadable mail goes to staff.
pub fn outcome(judgement: Option<&Judgement>) -> CorpusOutcome {
    match judgement {
        Some(Judgement::Cancel(_)) => CorpusOutcome::Cancel,
        Some(Judgement::Ignore(_)) => CorpusOutcome::Ignore,
        Some(Judgement::Staff { .. }) | None => CorpusOutcome::Staff,
    }
}

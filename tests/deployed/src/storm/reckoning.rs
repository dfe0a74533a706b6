//! After the storm: what every customer was told must be so, to the last mail and the last cent.

use std::collections::BTreeMap;

use local::client::Client;
use serde_json::{Value, json};

use super::crowd::{Crowd, Sale};
use super::text;
use crate::deployment::Deployment;

/// Everything that is not as it must be, a line each.
///
/// # Errors
/// What could not be looked at.
pub async fn reckon(shop: &Deployment, crowd: &Crowd, pending: usize) -> Result<Vec<String>, String> {
    let client = Client::new(&shop.url).with_scopes("orders stock").await?;
    let mut found = Vec::new();
    if pending > 0 {
        found.push(format!("{pending} messages or numbers are still pending"));
    }
    let audit = client.get("/_local/audit").await?.body;
    if audit != json!({ "violations": [] }) {
        found.push(format!("the audit finds {audit}"));
    }
    found.extend(shop.dead_letters().await?.iter().map(|letter| format!("a dead letter: {letter}")));
    let inbox = client.get("/_local/inbox").await?.body;
    let mut mails: BTreeMap<(String, String), usize> = BTreeMap::new();
    for mail in inbox.as_array().into_iter().flatten() {
        *mails.entry((text(mail, "order_id").to_owned(), text(mail, "kind").to_owned())).or_default() += 1;
    }
    let mut paid = Vec::new();
    let mut tickets: BTreeMap<String, Vec<(u64, Sale)>> = BTreeMap::new();
    for sale in crowd.sales() {
        let id = text(&sale.answer, "order_id").to_owned();
        if !matches!(sale.status, 200 | 201) {
            found.push(format!("{}: was answered {} {}", sale.payment, sale.status, sale.answer));
            continue;
        }
        let order = client.get(&format!("/orders/{id}")).await?.body;
        found.extend(missing_mails(&order, &mails));
        found.extend(wrong_money(&order, shop, &mut paid)?);
        if sale.canceled && text(&order, "status") != "canceled" {
            found.push(format!("{id}: was told to be canceled and is {}", text(&order, "status")));
        }
        for line in order.get("lines").and_then(Value::as_array).into_iter().flatten() {
            let ticket = line.get("ticket").and_then(Value::as_u64).unwrap_or_default();
            tickets.entry(text(line, "sku").to_owned()).or_default().push((ticket, sale.clone()));
        }
    }
    for (sku, line) in tickets {
        found.extend(passed(&line).map(|(a, b)| format!("{sku}: {b} was asked for after {a} was told, and is ahead (I3)")));
    }
    found.extend(strangers(shop, crowd).await?);
    let kept: usize = mails.values().sum();
    println!("{kept} mails, {} refunds, {} audits found something", paid.len(), usize::from(audit != json!({ "violations": [] })));
    Ok(found)
}

/// Mails that an order must have led to and did not (I7).
fn missing_mails(order: &Value, mails: &BTreeMap<(String, String), usize>) -> Vec<String> {
    let id = text(order, "order_id");
    let list = |name: &str| order.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let backordered = list("lines").iter().any(|line| line.get("backordered") == Some(&json!(true)));
    let due = [
        ("order-confirmation", 1),
        ("backorder-notice", usize::from(backordered)),
        ("canceled", list("refunds").len()),
        ("shipped", list("shipments").len()),
    ];
    let sent = |kind: &str| mails.get(&(id.to_owned(), kind.to_owned())).copied().unwrap_or(0);
    let missing = due.into_iter().filter(|(kind, due)| sent(kind) < *due);
    missing.map(|(kind, due)| format!("{id}: {} of {due} mails {kind} (I7)", sent(kind))).collect()
}

/// Refunds that are not paid, or not exactly once (I5), and payments that are not taken whole.
fn wrong_money(order: &Value, shop: &Deployment, paid: &mut Vec<String>) -> Result<Vec<String>, String> {
    let (id, payment) = (text(order, "order_id"), text(order, "payment_reference"));
    let amount = |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_i64).unwrap_or(0);
    let mut found = Vec::new();
    let refunds = shop.provider.state.refunds().map_err(|error| error.to_string())?;
    let refunds: Vec<_> = refunds.iter().filter(|refund| refund.payment == payment).collect();
    for due in order.get("refunds").and_then(Value::as_array).into_iter().flatten() {
        let of = refunds.iter().filter(|it| it.metadata.contains(&format!("\"{}\"", text(due, "change_id"))));
        let of: Vec<i64> = of.map(|it| it.amount).collect();
        if of != [amount(due, "/amount/amount")] || text(due, "status") != "paid" {
            found.push(format!("{id}: the refund {due} was paid as {of:?} (I5)"));
        }
        paid.push(id.to_owned());
    }
    let taken = shop.provider.state.payments().map_err(|error| error.to_string())?;
    let taken = taken.iter().find(|it| it.id == payment).map_or((0, 0), |it| (it.captured, it.refunded));
    if taken != (amount(order, "/total/amount"), amount(order, "/refunded/amount")) {
        found.push(format!("{id}: taken and given back are {taken:?}"));
    }
    Ok(found)
}

/// Pairs where the second was asked for after the first was told, and got a smaller number.
fn passed(line: &[(u64, Sale)]) -> impl Iterator<Item = (u64, u64)> {
    line.iter().flat_map(|(a, first)| {
        line.iter().filter(move |(b, second)| first.told < second.began && b < a).map(move |(b, _)| (*a, *b))
    })
}

/// Orders that no customer knows of.
async fn strangers(shop: &Deployment, crowd: &Crowd) -> Result<Vec<String>, String> {
    let known: Vec<String> = crowd.sales().iter().map(|sale| text(&sale.answer, "order_id").to_owned()).collect();
    let items = shop.items().await?;
    let orders = items.iter().filter(|item| item.pointer("/sk/S") == Some(&json!("ORDER")));
    let ids = orders.filter_map(|item| item.pointer("/pk/S").and_then(Value::as_str)?.strip_prefix("ORDER#"));
    Ok(ids.filter(|id| !known.iter().any(|it| it == id)).map(|id| format!("{id}: an order that nobody placed")).collect())
}

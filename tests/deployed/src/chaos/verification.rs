//! The verification after the chaos run: orders, mails and money must match every answer that the clients got.

use std::collections::BTreeMap;

use domain::audit::AuditSnapshot;
use domain::identity::OrderId;
use domain::order::{Order, Stage};
use domain::refund::RefundStatus;
use local::audit;
use local::client::Client;
use local::state::Refund;
use serde_json::{Value, json};

use super::load::{Load, Sale, text};
use crate::deployment::Deployment;

/// One of this many orders is also read through the API.
const SAMPLE: usize = 25;

#[derive(Debug, Default)]
pub struct Verification {
    /// Every violation found, with one text for each.
    pub wrong: Vec<String>,
    pub mails: usize,
    /// Number of mails sent more often than necessary. I7 allows a repeat after a crash or a lost answer.
    pub repeated_mails: usize,
    pub refunds: usize,
}

/// Compares stored data, mails and payments with the answers that the clients got.
pub async fn verify(shop: &Deployment, load: &Load, pending: usize) -> Result<Verification, String> {
    let client = Client::new(&shop.url).with_scopes("orders stock").await?;
    let state = &shop.provider.state;
    let snapshot = audit::read(shop.items().await?, state)?;
    let mut found = Verification::default();
    if pending > 0 {
        found.wrong.push(format!("{pending} messages or numbers are still pending"));
    }
    found.wrong.extend(domain::audit::audit(&snapshot).into_iter().map(|it| format!("the audit finds {}", json!(it))));
    found.wrong.extend(shop.dead_letters().await?.iter().map(|letter| format!("a dead letter: {letter}")));
    let mut mails: BTreeMap<(String, String), usize> = BTreeMap::new();
    for mail in state.mails(None).map_err(|error| error.to_string())? {
        found.mails += 1;
        *mails.entry((mail.order_id, mail.kind)).or_default() += 1;
    }
    let refunds = state.refunds().map_err(|error| error.to_string())?;
    let sales = load.sales();
    for (at, sale) in sales.iter().enumerate() {
        let id = text(&sale.answer, "order_id").to_owned();
        let order = OrderId::parse(&id).ok().and_then(|id| snapshot.orders.get(&id));
        let Some(order) = order.filter(|it| matches!(sale.status, 200 | 201) && it.stage == Stage::Placed) else {
            found.wrong.push(format!("{}: the final answer was {} {}", sale.payment, sale.status, sale.answer));
            continue;
        };
        found.check_mails(order, &mails);
        found.check_money(order, &snapshot, &refunds);
        let shown = if at % SAMPLE == 0 { client.get(&format!("/orders/{id}")).await?.body } else { Value::Null };
        if shown != Value::Null && shown.get("status") != Some(&json!(order.status())) {
            found.wrong.push(format!("{id}: the API shows the status {}", text(&shown, "status")));
        }
        if sale.canceled && json!(order.status()) != json!("canceled") {
            found.wrong.push(format!("{id}: the cancel was confirmed, but the status is {}", json!(order.status())));
        }
    }
    found.wrong.extend(passed(&snapshot, &sales));
    let known = |id: &&OrderId| sales.iter().any(|sale| text(&sale.answer, "order_id") == id.to_string());
    let strangers = snapshot.orders.keys().filter(|id| !known(id));
    found.wrong.extend(strangers.map(|id| format!("{id}: no client knows this order")));
    Ok(found)
}

impl Verification {
    /// Checks that each change of an order led to its mail (I7).
    fn check_mails(&mut self, order: &Order, mails: &BTreeMap<(String, String), usize>) {
        let due = [
            ("order-confirmation", 1),
            ("backorder-notice", usize::from(order.backordered())),
            ("canceled", order.changes.len()),
            ("shipped", order.shipments.len()),
        ];
        for (kind, due) in due {
            let sent = mails.get(&(order.order_id.to_string(), kind.to_owned())).copied().unwrap_or(0);
            self.repeated_mails += sent.saturating_sub(due);
            if sent < due {
                self.wrong.push(format!("{}: {sent} of {due} mails {kind} (I7)", order.order_id));
            }
        }
    }

    /// Checks that each refund was paid exactly once (I5) and that the payment was captured in full.
    fn check_money(&mut self, order: &Order, snapshot: &AuditSnapshot, refunds: &[Refund]) {
        let payment = order.payment_reference.to_string();
        let own: Vec<&Refund> = refunds.iter().filter(|refund| refund.payment == payment).collect();
        self.refunds += own.len();
        for (id, change) in order.changes.iter().filter(|(_, change)| change.refund > 0) {
            let of = own.iter().filter(|refund| refund.metadata.contains(&format!("\"{id}\"")));
            let of: Vec<i64> = of.map(|refund| refund.amount).collect();
            if of != [change.refund] || change.status != RefundStatus::Paid {
                self.wrong.push(format!("{}: {} for {id} was refunded as {of:?} (I5)", order.order_id, change.refund));
            }
        }
        let taken = snapshot.payments.get(&payment).map_or((0, 0), |paid| (paid.captured, paid.refunded));
        if taken != (order.total, order.refunded()) {
            self.wrong.push(format!("{}: captured and refunded are {taken:?}", order.order_id));
        }
    }
}

/// Finds each order that was requested after another order was confirmed, and yet is ahead of that order (I3).
fn passed(snapshot: &AuditSnapshot, sales: &[Sale]) -> Vec<String> {
    let mut lines: BTreeMap<String, Vec<(u64, &Sale)>> = BTreeMap::new();
    for sale in sales {
        let order = OrderId::parse(text(&sale.answer, "order_id")).ok().and_then(|id| snapshot.orders.get(&id));
        for line in order.iter().flat_map(|order| &order.lines) {
            lines.entry(line.sku.to_string()).or_default().push((line.ticket, sale));
        }
    }
    let mut found = Vec::new();
    for (sku, line) in &lines {
        for (a, first) in line {
            let ahead = line.iter().filter(|(b, second)| first.answered_at < second.began && b < a);
            found.extend(ahead.map(|(b, _)| format!("{sku}: {b} began after {a} was confirmed, and is ahead (I3)")));
        }
    }
    found
}

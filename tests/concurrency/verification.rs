//! The verification after a concurrent run: waits until the shop is settled, and checks each invariant on stored data
//! and on the recorded history.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tests::World;

use crate::history::{Purchase, call};
use crate::load::Load;

/// Every order as the API shows it, by number.
pub type Orders = BTreeMap<String, Value>;

#[derive(Debug, Default)]
pub struct Count {
    pub placed: usize,
    pub refused: usize,
    pub canceled: usize,
    /// Pairs of orders that share a product, where one order was accepted before the other order began.
    pub one_after_another: usize,
    pub faulted: usize,
}

/// Settles the shop and checks everything that must hold after concurrent load. Prints and returns the counts.
pub async fn verify(load: Load<'_>, skus: &[&str]) -> (Count, Orders) {
    let (world, mut purchases) = (load.world, load.purchases.into_inner().unwrap());
    let faulted = world.tap().faulted();
    settle_down(world).await;
    for purchase in &mut purchases {
        purchase.calls.push(call(world, &purchase.body).await);
    }
    world.settle_and_assert_sound().await;
    let orders = orders(world).await;
    let mut count = Count { faulted, ..Count::default() };
    i6_every_answer_is_kept(world, &purchases, &orders, &mut count).await;
    count.one_after_another = skus.iter().map(|sku| i3_real_time(sku, &purchases, &orders)).sum();
    i8_nobody_waits_beside_units(world, skus).await;
    println!("{count:?}");
    (count, orders)
}

/// Ends all faults and lets the shop finish all half-done work.
pub async fn settle_down(world: &World) {
    world.tap().spare();
    world.settle().await;
    for _ in 0..3 {
        world.advance_and_settle("PT3M").await;
    }
}

/// Every order, found by its customer's address.
pub async fn orders(world: &World) -> Orders {
    let mut found = Orders::new();
    let mut after = Value::Null;
    loop {
        let page =
            world.shop.post("/orders/search", &json!({ "email": "ann@example.com", "after": after })).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        for order in page.body["orders"].as_array().unwrap() {
            found.insert(order["order_id"].as_str().unwrap().to_owned(), order.clone());
        }
        after = page.body["next"].clone();
        if after.is_null() {
            return found;
        }
    }
}

/// I6: an accepted order exists, is paid and has its tickets; one payment is one order; no order is half placed.
async fn i6_every_answer_is_kept(world: &World, purchases: &[Purchase], orders: &Orders, count: &mut Count) {
    let all = world.shop.get("/_local/payments").await.unwrap().body;
    let payments: BTreeMap<&str, &Value> =
        all.as_array().unwrap().iter().map(|it| (it["payment_reference"].as_str().unwrap(), it)).collect();
    let mut known = BTreeSet::new();
    for purchase in purchases {
        let ids: BTreeSet<_> =
            purchase.calls.iter().filter(|call| call.accepted()).map(|call| &call.order_id).collect();
        assert!(ids.len() <= 1, "one payment made several orders: {purchase:?}");
        let created = purchase.calls.iter().filter(|call| call.status == 201).count();
        assert!(created <= 1, "one order was created twice: {purchase:?}");
        let last = purchase.calls.last().unwrap();
        let order = orders.values().find(|order| order["payment_reference"] == purchase.body["payment_reference"]);
        let order = order.unwrap_or_else(|| panic!("an accepted request has no order: {purchase:?}"));
        let id = order["order_id"].as_str().unwrap();
        assert!(known.insert(id.to_owned()), "two payments made one order: {purchase:?}");
        let payment = payments[purchase.payment()];
        let (paid, back) = (number(&payment["captured"]), number(&payment["refunded"]));
        if ids.is_empty() {
            let answered = (last.status, last.code.as_str(), &order["status"]);
            assert_eq!(answered, (409, "sold-out", &json!("refused")), "{purchase:?}\n{order}");
            assert_eq!(back, paid, "a refused order costs nothing: {order}");
            count.refused += 1;
            continue;
        }
        assert_eq!(id, *ids.first().unwrap());
        assert!(last.accepted(), "an accepted order is missing: {purchase:?}");
        assert_eq!(paid, order["total"]["amount"], "{order}");
        assert_eq!(back, number(&order["refunded"]["amount"]), "{order}");
        for refund in order["refunds"].as_array().unwrap() {
            assert_eq!(refund["status"], "paid", "{order}");
        }
        assert!(order["status"] != "placing" && order["status"] != "refused", "{order}");
        let tickets = order["lines"].as_array().unwrap().iter().map(|line| line["ticket"].as_u64().unwrap());
        // An order may lack tickets only if it was canceled before it had any.
        assert!(tickets.clone().all(|ticket| ticket > 0) || order["status"] == "canceled", "{order}");
        count.placed += 1;
        count.canceled += usize::from(order["status"] == "canceled");
    }
    assert_eq!(known.len(), orders.len(), "there are orders without a request");
}

/// I3: an order accepted before another order began is ahead of that order, for each product that they share.
fn i3_real_time(sku: &str, purchases: &[Purchase], orders: &Orders) -> usize {
    let ticket = |purchase: &Purchase| {
        let order = orders.get(purchase.order_id()?)?;
        let line = order["lines"].as_array()?.iter().find(|line| line["sku"] == sku)?;
        line["ticket"].as_u64().filter(|ticket| *ticket > 0)
    };
    let placed: Vec<_> = purchases.iter().filter_map(|it| ticket(it).map(|ticket| (it, ticket))).collect();
    let mut pairs = 0;
    for (first, ticket) in &placed {
        for (second, later) in &placed {
            if first.accepted_at().is_some_and(|accepted| accepted < second.began()) {
                assert!(ticket < later, "{sku}: {ticket} was accepted before {later} began:\n{first:?}\n{second:?}");
                pairs += 1;
            }
        }
    }
    pairs
}

/// I8: no unit is unassigned while an order waits for it.
pub async fn i8_nobody_waits_beside_units(world: &World, skus: &[&str]) {
    for sku in skus {
        let line = world.line(sku).await.body;
        let free: i64 = line["stock"].as_object().unwrap().values().map(|it| number(&it["unassigned"])).sum();
        let waiting = line["waiting"].as_array().unwrap();
        assert!(free == 0 || waiting.is_empty(), "{sku}: {free} units are unassigned while some wait: {line}");
        let short: i64 = waiting.iter().map(|it| number(&it["quantity"]) - number(&it["assigned"])).sum();
        assert_eq!(line["available"], json!(free - short), "{sku}: all other units are for sale: {line}");
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

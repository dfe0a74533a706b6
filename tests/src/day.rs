//! A long day in the shop on which every function works and some work is left half done. Several tests read its log
//! lines, metrics and calls.

use serde_json::{Value, json};

use crate::mail::{bounced, report_event};
use crate::world::{World, usd};

/// Plays a day on which every function does everything that it can do.
///
/// # Panics
/// If the shop gives an unexpected answer.
pub async fn long(world: &World) {
    world.set_policy(json!({ "limits": { "units_per_customer": 500 } })).await;
    for sku in ["led", "bar"] {
        world.product(sku).await;
    }
    world.product_with("lamp", json!({ "backorderable": false })).await;
    world.product("led").await;
    orders(world).await;
    swaps(world).await;
    unreadable(world).await;
    losses(world).await;
    half_done(world).await;
    post(world).await;
    let waiting = world.order("bar", 2).placed().await;
    assert_eq!(world.shop.post("/products/bar/discontinue", &json!({})).await.unwrap().status, 202);
    world.settle().await;
    assert_eq!(world.look(&waiting).await.text("/status"), "canceled");
    world.advance_and_settle("P32D").await;
}

/// Orders that are placed, refused, repeated, filled, shipped and canceled.
async fn orders(world: &World) {
    let first = world.order_of(&[("led", 2), ("bar", 1)]).placed().await;
    let second = world.order("led", 1).paid("requires_capture").placed().await;
    let third = world.order("led", 3).placed().await;
    assert_eq!(world.order_of(&[("bar", 1), ("lamp", 1)]).place().await.code(), "sold-out");
    assert_eq!(world.order("led", 1).paid("declined").place().await.status, 402);
    let repeated = world.order("led", 1).body().await;
    for _ in 0..2 {
        world.shop.post("/orders", &repeated).await.unwrap();
    }
    assert_eq!(world.expect("led", "r1", 4, 7).await.status, 200);
    assert_eq!(world.expect("led", "r1", 0, 7).await.status, 200);
    assert_eq!(world.shop.get("/products/led/expected-receipts").await.unwrap().status, 200);
    world.arrive("led", 4).await;
    world.arrive_and_settle("bar", 2).await;
    for path in [format!("/orders/{first}"), "/products/led/line".to_owned(), "/shipments/ready".to_owned()] {
        assert_eq!(world.shop.get(&path).await.unwrap().status, 200);
    }
    world.availability("led").await;
    world.shop.post("/orders/search", &json!({ "email": "ann@example.com" })).await.unwrap();
    assert_eq!(world.ship(&second, "east").await.status, 200);
    assert_eq!(world.ship(&first, "east").await.status, 200);
    let some = json!({ "change_id": "less", "lines": [{ "line": 1, "quantity": 1 }] });
    let fourth = world.order("led", 2).placed().await;
    assert_eq!(world.shop.post(&format!("/orders/{fourth}/cancel"), &some).await.unwrap().status, 200);
    assert_eq!(world.cancel(&third).await.status, 200);
}

/// A mail that can never be sent, at its tenth attempt, and a stream record that cannot be read.
async fn unreadable(world: &World) {
    let tried = json!({ "ApproximateReceiveCount": "10", "MessageGroupId": "g", "MessageDeduplicationId": "d" });
    let unknown = json!({ "messageId": "m", "body": "{}", "attributes": tried });
    world.invoke("send-email", json!({ "Records": [unknown] })).await.unwrap();
    let unreadable = json!({ "eventID": "1", "dynamodb": { "NewImage": { "entity": { "S": "order" } } } });
    world.invoke("dispatch", json!({ "Records": [unreadable] })).await.unwrap();
    world.settle().await;
}

/// Units that are found and lost, one of them from an order that shipped in part.
async fn losses(world: &World) {
    world.adjust("bar", "east", 2).await;
    world.adjust("bar", "east", -1).await;
    world.settle().await;
    assert_eq!(world.adjust("bar", "east", 1).await.status, 202);
    let older = world.order("bar", 1).placed().await;
    let holder = world.order("bar", 2).placed().await;
    world.settle().await;
    let parcel = json!({
        "shipment_id": "one-of-two", "warehouse": "east", "carrier": "DHL", "tracking_number": "1",
        "lines": [{ "line": 1, "quantity": 1 }]
    });
    let shipments = format!("/orders/{holder}/shipments");
    assert_eq!(world.shop.post(&shipments, &parcel).await.unwrap().status, 200);
    assert_eq!(world.adjust("bar", "east", -2).await.status, 202, "{older} and {holder} lose one unit each");
    // The rest of the order waits again, and the answer to a repeat contains its place in line.
    assert_eq!(world.shop.post(&shipments, &parcel).await.unwrap().status, 200);
    world.arrive_and_settle("bar", 2).await;
}

/// A swap for a dearer product that is backordered, and a swap for a product that is sold out.
async fn swaps(world: &World) {
    world.product_with("lime", json!({ "price": usd(1500) })).await;
    world.product_with("led", json!({ "similar": ["lime", "lamp"] })).await;
    // Another order is ahead in the new line, so the answer contains the place.
    world.order("lime", 1).placed().await;
    let order = world.order("led", 1).placed().await;
    let path = format!("/orders/{order}/lines/1/swap");
    assert_eq!(world.shop.post(&path, &json!({ "change_id": "s1", "sku": "lamp" })).await.unwrap().code(), "sold-out");
    let payment = world.shop.pay(500, "requires_capture").await.unwrap();
    let dearer = json!({ "change_id": "s2", "sku": "lime", "payment_reference": payment });
    assert_eq!(world.shop.post(&path, &dearer).await.unwrap().status, 200);
}

/// Bounced mails, a corrected address, customers' messages, and the tasks that staff settles.
async fn post(world: &World) {
    let corrected = world.order("led", 2).placed().await;
    world.settle().await;
    report_event(world, bounced(), "ann@example.com", &corrected, ("order-confirmation", "0", 0)).await;
    world.settle().await;
    world.order("led", 1).placed().await;
    world.settle().await;
    let path = format!("/orders/{corrected}/contact");
    for email in ["new@example.com", "ann@example.com"] {
        assert_eq!(world.shop.post(&path, &json!({ "email": email })).await.unwrap().status, 200);
    }
    world.settle().await;
    let canceled = world.order("led", 1).placed().await;
    let asked = world.order("led", 1).placed().await;
    world.settle().await;
    world.reply(&canceled, "Please cancel my order.").await;
    world.reply(&asked, "When will it come?").await;
    let form = json!({ "order_number": asked, "email": "ann@example.com", "message": "Or only one of them?" });
    assert_eq!(world.shop.without_token().post("/contact", &form).await.unwrap().status, 202);
    world.settle().await;
    assert_eq!(world.look(&canceled).await.text("/status"), "canceled");
    refused_refund(world).await;
    dead_letter(world).await;
    for task in world.staff_tasks().await {
        let id = task.get("task_id").and_then(Value::as_str).unwrap();
        assert_eq!(world.task_done(id).await.status, 200);
    }
}

/// A refund that the provider refuses because somebody refunded the payment by hand.
async fn refused_refund(world: &World) {
    let body = world.order("led", 1).body().await;
    let order = world.shop.post("/orders", &body).await.unwrap().text("/order_id").to_owned();
    let payment = body.get("payment_reference").and_then(Value::as_str).unwrap();
    world.refund_by_hand(payment).await;
    assert_eq!(world.cancel(&order).await.status, 200);
    world.settle().await;
    assert_eq!(world.look(&order).await.text("/refunds/0/status"), "failed");
}

/// A dead letter that `measure-tasks` finds, and another run after it is gone.
async fn dead_letter(world: &World) {
    for _ in 0..2 {
        world.add_dead_letter();
        world.invoke("measure-tasks", json!({})).await.unwrap();
    }
    world.remove_dead_letters();
    world.invoke("measure-tasks", json!({})).await.unwrap();
}

/// Leaves a placing and a loss half done for `reconcile`.
async fn half_done(world: &World) {
    world.tap().die_before("place-order", "TransactWriteItems", ..);
    world.order("led", 1).paid("requires_capture").place().await;
    world.order_of(&[("led", 1), ("lamp", 1)]).place().await;
    world.tap().die_before("stock-adjustment", "TransactWriteItems", ..);
    world.adjust("bar", "east", -1).await;
    world.tap().spare();
    world.advance("PT5M").await;
    world.advance("PT5M").await;
}

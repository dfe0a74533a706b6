//! One request id appears in everything that the request causes.

use serde_json::{Value, json};
use tests::World;

use crate::log_lines::LogLines;

/// Sends a JSON body under a request id. Returns the status and the id that the answer names.
async fn under(world: &World, id: &str, path: &str, body: &Value) -> (u16, String) {
    let headers = [("content-type", "application/json"), ("x-correlation-id", id)];
    let answer = world.shop.send("POST", path, &headers, body.to_string().into_bytes()).await.unwrap();
    (answer.status, answer.header("x-correlation-id").to_owned())
}

fn log_lines(function: &str, message: &str) -> (String, String) {
    (function.to_owned(), message.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_id_follows_an_order_from_its_request_to_its_mails() {
    let said_so_far = LogLines::begin().await;
    let world = World::new().await.selling(&["led"]).await;
    let body = world.order("led", 1).body().await;
    let long = "0b7a2a0e-5b0f-4c8e-9d5c-0d1f7f0c2f11";
    assert_eq!(under(&world, long, "/orders", &body).await, (201, long.to_owned()));
    world.settle().await;
    // `dispatch` may run before the call is answered.
    let mut lines = said_so_far.under(long);
    lines.sort();
    assert_eq!(
        lines,
        [
            log_lines("dispatch", "sends what follows from a change"),
            log_lines("place-order", "an order has its places"),
            log_lines("place-order", "answered"),
            log_lines("send-email", "a mail was sent"),
            log_lines("send-email", "a mail was sent"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_that_arrive_and_money_that_goes_back_are_followed_too() {
    let said_so_far = LogLines::begin().await;
    let world = World::new().await.selling(&["led"]).await;
    let first = world.order("led", 1).placed().await;
    let second = world.order("led", 1).placed().await;
    world.settle().await;
    let goods = json!({ "receipt_id": "r1", "sku": "led", "warehouse": "east", "quantity": 1 });
    under(&world, "goods", "/stock-arrivals", &goods).await;
    world.settle().await;
    said_so_far.assert_under("goods", &[("stock-arrival", "answered"), ("fill", "gave units")]);
    let parcel = json!({ "shipment_id": "s1", "warehouse": "east", "carrier": "UPS", "tracking_number": "1Z" });
    assert_eq!(under(&world, "parcel", &format!("/orders/{first}/shipments"), &parcel).await.0, 200);
    under(&world, "regret", &format!("/orders/{second}/cancel"), &json!({ "change_id": "c1" })).await;
    world.settle().await;
    said_so_far.assert_under("parcel", &[("send-email", "a mail was sent")]);
    said_so_far.assert_under("regret", &[("refund", "a refund is settled"), ("send-email", "a mail was sent")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_is_finished_under_the_id_of_its_request() {
    let said_so_far = LogLines::begin().await;
    let world = World::new().await.selling(&["led"]).await;
    let body = world.order("led", 1).body().await;
    world.tap().die_before("place-order", "TransactWriteItems", ..);
    assert_eq!(under(&world, "crashed", "/orders", &body).await.0, 503);
    world.tap().spare();
    world.advance_and_settle("PT5M").await;
    said_so_far.assert_under("crashed", &[("reconcile", "finished a placing"), ("send-email", "a mail was sent")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_none_is_not_taken_and_a_problem_has_one_too() {
    let said_so_far = LogLines::begin().await;
    let world = World::new().await;
    let unknown = world.shop.get("/products/nothing/availability").await.unwrap();
    assert_eq!(unknown.status, 404);
    let own = unknown.header("x-correlation-id").to_owned();
    assert_eq!(said_so_far.under(&own), [log_lines("availability", "answered")]);
    for bad in ["ann@example.com", "a b", &"x".repeat(37), ""] {
        let (_, id) = under(&world, bad, "/stock-arrivals", &json!({})).await;
        assert_ne!(id, bad);
        assert!((1..=36).contains(&id.len()), "{id}");
    }
    assert!(!said_so_far.text().contains("ann@example.com"));
}

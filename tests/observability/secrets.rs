//! No log line contains personal data or a key.

use serde_json::json;
use tests::{Call, Fault, World};

use crate::log_lines::LogLines;

/// Parts of addresses, names, tokens, keys, cards and bodies that no log may contain.
const SECRETS: [&str; 12] = [
    "ann@example.com",
    "example.com",
    "Ann Lee",
    "1 Long Road",
    "Boise",
    "83701",
    "eyJ",
    "Bearer",
    "token=",
    "never a secret",
    "unit_price",
    "ship_to",
];

#[tokio::test(flavor = "multi_thread")]
async fn r27_no_log_line_tells_an_address_a_name_a_token_or_a_body() {
    let log_lines = LogLines::begin().await;
    let world = World::with_policy("bodybuilding").await;
    tests::day::long(&world).await;
    troubles(&world).await;
    tracing::trace!("this is heard");
    let lines = log_lines.text();
    for function in ["cancel", "dispatch", "fill", "place-order", "reconcile", "refund", "send-email", "shipment"] {
        assert!(lines.contains(&format!("\"function\":\"{function}\"")), "{function} logged nothing");
    }
    assert!(lines.contains("this is heard"), "the finest level was not recorded");
    for secret in SECRETS {
        let leak = lines.lines().find(|line| line.contains(secret));
        assert_eq!(leak, None, "a line contains {secret}");
    }
}

/// Every service fails in its own way, and an unreadable message contains an address.
async fn troubles(world: &World) {
    let order = world.order("led", 1).placed().await;
    let faults = [Fault::Throttled, Fault::ServerError, Fault::Lost, Fault::Conflict];
    for (nth, fault) in faults.into_iter().enumerate() {
        world.tap().fault_where(move |call: &Call| (call.number % 3 == nth % 3).then_some(fault));
        world.order("led", 1).place().await;
        world.arrive("led", 1).await;
        world.look(&order).await;
    }
    world.tap().spare();
    let body = json!({ "email": "ann@example.com", "quantity": "Ann Lee" });
    for path in ["/orders", "/stock-arrivals", "/orders/search"] {
        world.shop.post(path, &body).await.unwrap();
    }
    world.shop.with_token("eyJhbGciOiJIUzI1NiJ9.e30.x").get(&format!("/orders/{order}")).await.unwrap();
    let image =
        json!({ "entity": { "S": "order" }, "customer": { "S": "ann@example.com" }, "stage": { "S": "Ann Lee" } });
    let record = json!({ "eventID": "1", "dynamodb": { "SequenceNumber": "1", "NewImage": image } });
    world.invoke("dispatch", json!({ "Records": [record] })).await.unwrap();
    for queue in ["fill", "refund", "send-email"] {
        let message =
            json!({ "messageId": "m", "body": r#"{"order_id": "ann@example.com", "sku": "ann@example.com"}"# });
        world.invoke(queue, json!({ "Records": [message] })).await.unwrap();
    }
    world.settle().await;
}

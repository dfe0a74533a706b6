//! Secrets Manager fails. Functions that have not read their keys answer that they cannot tell now. Functions that have
//! read them continue.

use serde_json::Value;
use tests::{Call, Fault, World};

fn no_secrets(call: &Call) -> Option<Fault> {
    (call.operation == "GetSecretValue").then_some(Fault::Throttled)
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_without_its_keys_a_function_says_try_again_and_changes_nothing() {
    let world = World::new().await.selling(&["lamp"]).await;
    let body = world.order("lamp", 1).body().await;
    world.tap().fault_where(no_secrets);
    let answer = world.shop.post("/orders", &body).await.unwrap();
    assert_eq!((answer.status, answer.code()), (503, "try-again"), "{}", answer.body);
    assert!(!answer.header("retry-after").is_empty());
    let reference = body["payment_reference"].as_str().unwrap();
    assert_eq!(world.shop.get("/products/lamp/line").await.unwrap().body["waiting"], Value::Array(Vec::new()));
    assert!(world.tap().faulted() > 0);
    world.tap().spare();
    assert_eq!(world.shop.post("/orders", &body).await.unwrap().status, 201);
    assert_eq!(world.payment(reference).await["captured"], 1000);
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_while_the_keys_cannot_be_checked_nobody_is_told_to_be_nobody() {
    let world = World::new().await;
    // The authorizer has signed tokens for the tests but has not verified one yet.
    world.tap().fault_where(no_secrets);
    let answer = world.shop.get("/shipments/ready").await.unwrap();
    assert_eq!((answer.status, answer.code()), (503, "try-again"), "{}", answer.body);
    world.tap().spare();
    assert_eq!(world.shop.get("/shipments/ready").await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_once_serves_through_an_outage_of_any_length() {
    let world = World::new().await.selling(&["lamp"]).await;
    world.order("lamp", 1).placed().await;
    // The mail function has read its key once the first mail is out.
    world.settle().await;
    world.tap().fault_where(no_secrets);
    for _ in 0..2 {
        world.advance("PT10M").await;
        world.order("lamp", 1).placed().await;
    }
    world.settle().await;
    let faulted = world.tap().faulted();
    assert!(faulted > 0, "the keys are requested again");
    world.order("lamp", 1).placed().await;
    assert_eq!(world.tap().faulted(), faulted, "the keys are not requested for every request");
    world.tap().spare();
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_tokens_that_do_not_hold_make_no_more_calls_through_an_outage() {
    let world = World::new().await;
    assert_eq!(world.shop.get("/shipments/ready").await.unwrap().status, 200, "the function has read its keys");
    let forged = world.shop.with_token("forged");
    world.advance("PT1M").await;
    world.tap().fault_where(no_secrets);
    assert_eq!(forged.get("/shipments/ready").await.unwrap().status, 401);
    let faulted = world.tap().faulted();
    assert!(faulted > 0, "the authorizer looks for a newer key");
    for _ in 0..10 {
        assert_eq!(forged.get("/shipments/ready").await.unwrap().status, 401);
    }
    assert_eq!(world.tap().faulted(), faulted, "the authorizer does not look again at once");
    world.advance("PT1M").await;
    forged.get("/shipments/ready").await.unwrap();
    assert!(world.tap().faulted() > faulted, "the authorizer looks again later");
}

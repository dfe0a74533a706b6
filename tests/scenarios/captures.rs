//! A partial capture gives no place in line. The customer is not told that the payment was declined, and captured money
//! goes back if the order fails.

use local::client::ApiResponse;
use serde_json::{Value, json};
use tests::World;

use crate::purchase::{assert_problem, buy_one, money, text};
use crate::swapping::shop;

/// The customer's only order, found by the search.
async fn only_order(world: &World, body: &Value) -> Value {
    let search = json!({ "email": body["customer"]["email"] });
    let found = world.shop.post("/orders/search", &search).await.unwrap();
    assert_eq!(found.body["orders"].as_array().map(Vec::len), Some(1), "{:#}", found.body);
    found.body["orders"][0].clone()
}

async fn place(world: &World, body: &Value) -> ApiResponse {
    world.shop.post("/orders", body).await.unwrap()
}

/// Moves the clock in steps, so that the sweep runs in between.
async fn wait(world: &World, by: &str) {
    for _ in 0..3 {
        world.advance(by).await;
        world.settle().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_an_order_whose_capture_is_not_finished_has_no_place_until_it_is() {
    for (outcome, taken) in [("capture_processing", 0), ("capture_partial", 1000)] {
        let world = World::new().await.selling(&["led"]).await;
        let body = world.order("led", 2).paid(outcome).body().await;
        let payment = text(&body, "/payment_reference");
        for by in ["PT0S", "PT3M", "P2D"] {
            wait(&world, by).await;
            assert_problem(&place(&world, &body).await, 503, "try-again");
            assert_eq!(only_order(&world, &body).await["status"], "placing", "{outcome} after {by}");
        }
        assert_eq!(money(&world, &payment).await, (taken, 0), "{outcome}");
        assert_eq!((world.line("led").await.number("/available"), world.inbox().await.len()), (0, 0), "{outcome}");
        world.stack().state().mend_payment(&payment).unwrap();
        wait(&world, "PT2H").await;
        assert_eq!(only_order(&world, &body).await["status"], "waiting", "{outcome}");
        assert_eq!(money(&world, &payment).await, (2000, 0), "{outcome}");
        assert_eq!(place(&world, &body).await.status, 200, "{outcome}");
        world.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_what_was_taken_goes_back_when_the_order_comes_to_nothing() {
    let world = World::new().await.selling(&["led"]).await;
    let body = world.order("led", 2).paid("capture_partial").body().await;
    assert_problem(&place(&world, &body).await, 503, "try-again");
    let id = text(&only_order(&world, &body).await, "/order_id");
    assert_eq!(world.cancel(&id).await.status, 200);
    world.settle().await;
    assert_eq!(money(&world, &text(&body, "/payment_reference")).await, (1000, 1000));
    let order = world.look(&id).await;
    assert_eq!((order.text("/status"), order.text("/refunds/0/status")), ("canceled", "paid"), "{:#}", order.body);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_an_order_that_is_refused_after_a_late_capture_costs_nothing() {
    let world = World::new().await;
    world.product_with("led", json!({ "backorderable": false })).await;
    world.arrive("led", 1).await;
    let body = world.order("led", 1).paid("capture_processing").body().await;
    assert_problem(&place(&world, &body).await, 503, "try-again");
    buy_one(&world, "led", 1).await;
    let payment = text(&body, "/payment_reference");
    world.stack().state().mend_payment(&payment).unwrap();
    wait(&world, "PT3M").await;
    assert_problem(&place(&world, &body).await, 409, "sold-out");
    world.settle().await;
    assert_eq!(money(&world, &payment).await, (1000, 1000));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_a_payment_that_the_shop_did_not_capture_is_declined_while_it_is_processing() {
    let world = shop().await;
    let order = world.order("led", 1).paid("processing").place().await;
    assert_problem(&order, 402, "payment-declined");
    let order = buy_one(&world, "led", 1).await;
    let payment = world.shop.pay(250, "processing").await.unwrap();
    assert_problem(&order.swap("s1", 1, "dear", Some(&payment)).await, 402, "payment-declined");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_a_swap_whose_capture_is_not_finished_keeps_the_old_place_until_it_is() {
    for (outcome, taken) in [("capture_processing", 0), ("capture_partial", 125)] {
        let world = shop().await;
        let order = buy_one(&world, "led", 1).await;
        let payment = world.shop.pay(250, outcome).await.unwrap();
        for by in ["PT0S", "PT3M", "P2D"] {
            wait(&world, by).await;
            assert_problem(&order.swap("s1", 1, "dear", Some(&payment)).await, 503, "try-again");
            assert_eq!(order.look().await.body["lines"].as_array().map(Vec::len), Some(1), "{outcome} after {by}");
        }
        assert_eq!(money(&world, &payment).await, (taken, 0), "{outcome}");
        world.stack().state().mend_payment(&payment).unwrap();
        wait(&world, "PT3M").await;
        assert_eq!(order.swap("s1", 1, "dear", Some(&payment)).await.status, 200, "{outcome}");
        assert_eq!(money(&world, &payment).await, (250, 0), "{outcome}");
        world.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_what_was_taken_for_a_swap_goes_back_when_its_line_is_canceled() {
    let world = shop().await;
    let order = buy_one(&world, "led", 1).await;
    let payment = world.shop.pay(250, "capture_partial").await.unwrap();
    assert_problem(&order.swap("s1", 1, "dear", Some(&payment)).await, 503, "try-again");
    assert_eq!(order.cancel("c1", json!({})).await.status, 200);
    wait(&world, "PT3M").await;
    assert_problem(&order.swap("s1", 1, "dear", Some(&payment)).await, 409, "already-canceled");
    world.settle().await;
    assert_eq!((money(&world, &payment).await, order.money().await), ((125, 125), (1000, 1000)));
    world.assert_sound().await;
}

/// A call read the order before another call began the swap. The first call then sees a payment captured meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn r14_calls_of_one_swap_at_once_are_not_told_that_its_payment_cannot_pay() {
    let world = shop().await;
    for outcome in ["capture_processing", "capture_partial"] {
        let order = buy_one(&world, "led", 1).await;
        let payment = world.shop.pay(250, outcome).await.unwrap();
        let calls = (0..8).map(|_| order.swap("s1", 1, "dear", Some(&payment)));
        for answer in futures::future::join_all(calls).await {
            assert_eq!(answer.status, 503, "{outcome}: {:#}", answer.body);
        }
        world.stack().state().mend_payment(&payment).unwrap();
        wait(&world, "PT3M").await;
        assert_eq!(order.swap("s1", 1, "dear", Some(&payment)).await.status, 200, "{outcome}");
        assert_eq!(money(&world, &payment).await, (250, 0), "{outcome}");
    }
    world.assert_sound().await;
}

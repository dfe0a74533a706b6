//! Canceling before and after shipping, and who gets the units. `refunds` has the exact amounts.

use serde_json::json;
use tests::World;
use tests::world::usd;

use crate::purchase::{
    BACKORDERED, CANCELED, CHANGED, CONFIRMATION, NOTICE, SHIPPED, assert_outbox, assert_problem, buy, buy_and_settle,
    buy_in_turn, buy_one, buy_one_and_settle, standings, units,
};

#[tokio::test(flavor = "multi_thread")]
async fn r12_a_waiting_order_is_canceled_for_a_full_refund() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one_and_settle(&world, "led", 2).await;
    let answer = order.cancel("c1", json!({ "reason": "found another" })).await;
    assert_eq!((answer.status, answer.text("/status")), (200, "canceled"), "{:#}", answer.body);
    assert_eq!((answer.text("/lines/0/status"), answer.number("/lines/0/canceled")), ("canceled", 2));
    assert_eq!((answer.text("/refunds/0/change_id"), &answer.body["refunds"][0]["amount"]), ("c1", &usd(2000)));
    assert!(["due", "paid"].contains(&answer.text("/refunds/0/status")), "{:#}", answer.body);
    world.settle().await;
    let now = order.look().await;
    assert_eq!((now.text("/refunds/0/status"), now.body["refunds"].as_array().unwrap().len()), ("paid", 1));
    assert_eq!((&now.body["refunded"], &now.body["lines"][0]["refunded"]), (&usd(2000), &usd(2000)));
    assert_eq!(order.money().await, (2000, 2000));
    assert_eq!(world.line("led").await.body["waiting"], json!([]));
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_a_ready_order_is_canceled_and_its_units_go_to_the_next_in_line() {
    let world = World::new().await.selling(&["led"]).await;
    let [first, second, third] = buy_in_turn(&world, "led", [2, 1, 2]).await;
    world.arrive_and_settle("led", 2).await;
    assert_eq!(first.cancel("c1", json!({})).await.text("/status"), "canceled");
    world.settle().await;
    assert_eq!(standings([&second, &third]).await, [("ready", 1), ("waiting", 1)]);
    assert_eq!(first.money().await, (2000, 2000));
    let listed = world.ready().await;
    assert_eq!(listed.body["parcels"].as_array().unwrap().len(), 1, "no parcel of a canceled order: {:#}", listed.body);
    assert_outbox(
        &world,
        &[(&first, &[CONFIRMATION, NOTICE, CANCELED]), (&second, BACKORDERED), (&third, BACKORDERED)],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_removing_the_waiting_line_releases_the_rest_of_the_order() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    world.arrive("lamp", 1).await;
    let order = buy_and_settle(&world, world.order_of(&[("led", 1), ("lamp", 1)])).await;
    assert_eq!(order.status().await, "waiting");
    let answer = order.cancel("c1", json!({ "lines": [{ "line": 1 }] })).await;
    assert_eq!((answer.status, answer.text("/status")), (200, "ready"), "{:#}", answer.body);
    assert_eq!((answer.text("/lines/0/status"), answer.text("/lines/1/status")), ("canceled", "assigned"));
    world.settle().await;
    assert_eq!(order.money().await, (2000, 1000));
    assert_eq!(world.ready().await.body["parcels"][0]["lines"], json!([{ "line": 2, "sku": "lamp", "quantity": 1 }]));
    assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "shipped", "the parcel has the rest");
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CHANGED, SHIPPED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_wanting_fewer_units_makes_a_partly_filled_head_full() {
    let world = World::new().await.selling(&["led"]).await;
    let [head, next] = buy_in_turn(&world, "led", [3, 1]).await;
    world.arrive_and_settle("led", 2).await;
    let answer = head.cancel("c1", units(1, 1)).await;
    assert_eq!((answer.text("/status"), answer.number("/lines/0/assigned")), ("ready", 2), "{:#}", answer.body);
    world.settle().await;
    assert_eq!(next.place_in_line().await, (0, 0));
    let answer = head.cancel("c2", units(1, 1)).await;
    assert_eq!((answer.text("/status"), answer.number("/lines/0/canceled")), ("ready", 2));
    world.settle().await;
    assert_eq!(standings([&head, &next]).await, [("ready", 1), ("ready", 1)]);
    assert_eq!(head.money().await, (3000, 2000));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_fewer_units_of_one_who_waits_keep_the_place() {
    let world = World::new().await.selling(&["led"]).await;
    let [first, second] = buy_in_turn(&world, "led", [5, 1]).await;
    assert_eq!(first.cancel("c1", units(1, 4)).await.text("/status"), "waiting");
    world.arrive_and_settle("led", 1).await;
    assert_eq!(standings([&first, &second]).await, [("ready", 1), ("waiting", 0)]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_after_shipping_nothing_is_canceled_and_no_money_goes_back() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 1).await;
    let order = buy_one_and_settle(&world, "led", 1).await;
    assert_eq!(order.ship("s1", "east", json!({})).await.status, 200);
    assert_problem(&order.cancel("c1", json!({})).await, 409, "already-shipped");
    assert_problem(&order.cancel("c2", json!({ "lines": [{ "line": 1 }] })).await, 409, "already-shipped");
    world.settle().await;
    assert_eq!((order.status().await, order.money().await), ("shipped", (1000, 0)));
    assert_outbox(&world, &[(&order, &[CONFIRMATION, SHIPPED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_what_is_left_after_the_first_parcel_can_still_be_canceled() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    world.arrive_at("led", "east", 1).await;
    world.arrive_at("lamp", "west", 2).await;
    let order = world.order_of(&[("led", 1), ("lamp", 2)]).with(json!({ "shipping": usd(500) }));
    let order = buy_and_settle(&world, order).await;
    assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "partly_shipped");
    assert_problem(&order.cancel("c1", json!({ "lines": [{ "line": 1 }] })).await, 409, "already-shipped");
    let answer = order.cancel("c2", json!({})).await;
    assert_eq!((answer.status, answer.text("/status")), (200, "shipped"), "the rest is canceled: {:#}", answer.body);
    world.settle().await;
    assert_eq!(order.money().await, (3500, 2000), "shipping is not refunded, because a parcel was shipped");
    assert_eq!(world.availability("lamp").await.number("/available"), 2);
    assert_eq!(world.ready().await.body["parcels"], json!([]));
    assert_outbox(&world, &[(&order, &[CONFIRMATION, SHIPPED, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_a_second_cancel_is_told_that_it_is_canceled_already() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let order = buy(&world, world.order_of(&[("led", 1), ("lamp", 1)])).await;
    assert_eq!(order.cancel("c1", json!({ "lines": [{ "line": 1 }] })).await.status, 200);
    assert_problem(&order.cancel("c2", json!({ "lines": [{ "line": 1 }] })).await, 409, "already-canceled");
    assert_eq!(order.cancel("c3", json!({})).await.text("/status"), "canceled");
    assert_problem(&order.cancel("c4", json!({})).await, 409, "already-canceled");
    world.settle().await;
    assert_eq!(order.money().await, (2000, 2000));
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CHANGED, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_more_units_than_there_are_or_a_line_that_is_not_there_change_nothing() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 2).await;
    assert_problem(&order.cancel("c1", units(1, 3)).await, 409, "not-that-many");
    let answer = order.cancel("c2", json!({ "lines": [{ "line": 2 }] })).await;
    assert_problem(&answer, 422, "invalid");
    assert!(answer.text("/errors/0/field").starts_with("lines"), "{:#}", answer.body);
    assert_eq!(order.cancel("c3", units(1, 1)).await.status, 200);
    assert_problem(&order.cancel("c4", units(1, 2)).await, 409, "not-that-many");
    world.settle().await;
    assert_eq!(order.money().await, (2000, 1000));
    assert_eq!(order.standing().await, ("waiting", 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_a_customer_cancels_by_the_token_of_the_link() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    let customer = world.shop.as_customer(&order.id).await.unwrap();
    let path = format!("/orders/{}/cancel", order.id);
    let answer = customer.post(&path, &json!({ "change_id": "mine" })).await.unwrap();
    assert_eq!((answer.status, answer.text("/status")), (200, "canceled"), "{:#}", answer.body);
    world.settle().await;
    assert_eq!(order.money().await, (1000, 1000));
}

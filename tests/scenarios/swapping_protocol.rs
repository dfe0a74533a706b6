//! Which swaps are allowed, repeated requests, payments that were used before, and swaps that a dead process left.

use std::collections::BTreeMap;

use serde_json::json;
use tests::world::usd;

use crate::purchase::{CHANGED, assert_problem, buy, buy_one, money, units};
use crate::swapping::shop;

#[tokio::test(flavor = "multi_thread")]
async fn r14_only_what_the_shop_offers_instead_and_the_order_has_not_yet() {
    let world = shop().await;
    let order = buy(&world, world.order_of(&[("led", 1), ("same", 1)])).await;
    for (sku, why) in [("other", "not similar"), ("same", "in another line"), ("led", "itself"), ("nothing", "unknown")]
    {
        let answer = order.swap("s1", 1, sku, None).await;
        assert_problem(&answer, 422, "invalid");
        assert_eq!(answer.text("/errors/0/field"), "sku", "{why}: {:#}", answer.body);
    }
    world.product_with("cheap", json!({ "price": { "amount": 700, "currency": "EUR" } })).await;
    assert_eq!(order.swap("s1", 1, "cheap", None).await.text("/errors/0/field"), "sku", "another currency");
    assert_problem(&order.swap("s1", 3, "dear", None).await, 404, "not-found");
    let payment = world.shop.pay(250, "succeeded").await.unwrap();
    assert_problem(&order.swap("s1", 2, "led", Some(&payment)).await, 422, "invalid");
    assert_eq!(order.cancel("c1", json!({ "lines": [{ "line": 2 }] })).await.status, 200);
    assert_eq!(order.swap("s1", 1, "same", None).await.status, 200, "a canceled product may come back");
    let again = order.swap("s2", 3, "led", Some(&payment)).await;
    assert_problem(&again, 422, "payment-mismatch");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_the_same_swap_again_is_one_swap_and_another_under_its_name_is_refused() {
    let world = shop().await;
    let order = buy_one(&world, "led", 2).await;
    let payment = world.shop.pay(500, "requires_capture").await.unwrap();
    let many = (0..8).map(|_| order.swap("s1", 1, "dear", Some(&payment)));
    let answers = futures::future::join_all(many).await;
    assert!(answers.iter().all(|answer| [200, 503].contains(&answer.status)), "{answers:?}");
    for _ in 0..2 {
        let answer = order.swap("s1", 1, "dear", Some(&payment)).await;
        assert_eq!((answer.status, answer.body["lines"].as_array().unwrap().len()), (200, 2), "{:#}", answer.body);
        world.settle().await;
    }
    assert_problem(&order.swap("s1", 1, "same", None).await, 409, "id-reused");
    assert_problem(&order.cancel("s1", json!({})).await, 409, "id-reused");
    assert_eq!(order.cancel("c1", units(2, 1)).await.status, 200);
    assert_problem(&order.swap("c1", 2, "led", None).await, 409, "id-reused");
    world.advance_and_settle("PT5M").await;
    assert_eq!(money(&world, &payment).await, (500, 0));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i6_one_payment_is_one_order_or_one_swap_for_ever() {
    let world = shop().await;
    let (one, two) = (buy_one(&world, "led", 1).await, buy_one(&world, "led", 1).await);
    let payment = world.shop.pay(250, "succeeded").await.unwrap();
    assert_eq!(one.swap("s1", 1, "dear", Some(&payment)).await.status, 200);
    assert_problem(&two.swap("s1", 1, "dear", Some(&payment)).await, 409, "payment-used");
    let order =
        json!({ "payment_reference": payment, "lines": [{ "sku": "cheap", "quantity": 1, "unit_price": usd(250) }] });
    let mut body = world.order("cheap", 1).body().await;
    tests::world::merge(&mut body, order);
    assert_problem(&world.shop.post("/orders", &body).await.unwrap(), 409, "id-reused");
    let bought = buy(&world, world.order("cheap", 1).each_line(&json!({ "unit_price": usd(250) }))).await;
    assert_problem(&two.swap("s2", 1, "dear", Some(&bought.payment)).await, 409, "payment-used");
    let spent = world.shop.pay(250, "succeeded").await.unwrap();
    assert_problem(&two.swap("s3", 1, "gone", Some(&spent)).await, 409, "sold-out");
    world.settle().await;
    assert_problem(&two.swap("s4", 1, "dear", Some(&spent)).await, 409, "payment-used");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_a_customer_swaps_by_the_token_of_the_link_and_nobody_elses() {
    let world = shop().await;
    let (order, other) = (buy_one(&world, "led", 1).await, buy_one(&world, "led", 1).await);
    let path = format!("/orders/{}/lines/1/swap", order.id);
    let body = json!({ "change_id": "mine", "sku": "same" });
    let stranger = world.shop.as_customer(&other.id).await.unwrap();
    assert_problem(&stranger.post(&path, &body).await.unwrap(), 403, "forbidden");
    assert_problem(&world.shop.without_token().post(&path, &body).await.unwrap(), 401, "unauthenticated");
    let customer = world.shop.as_customer(&order.id).await.unwrap();
    assert_eq!(customer.post(&path, &body).await.unwrap().status, 200);
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_a_swap_that_a_process_left_is_finished_or_undone_by_reconcile() {
    let ends = BTreeMap::from([("dear", (250, 0)), ("gone", (0, 0))]);
    for (sku, left) in ends {
        let world = shop().await;
        let order = buy_one(&world, "led", 1).await;
        let payment = world.shop.pay(250, "requires_capture").await.unwrap();
        world.tap().die_before("swap", "POST /v1/payment_intents/{payment}/capture", ..1);
        assert_eq!(order.swap("s1", 1, sku, Some(&payment)).await.status, 503);
        world.tap().spare();
        assert_problem(&order.swap("s2", 1, "same", None).await, 503, "try-again");
        for _ in 0..4 {
            world.advance_and_settle("PT3M").await;
        }
        let (captured, refunded) = money(&world, &payment).await;
        assert_eq!(captured - refunded, left.0 - left.1, "{sku}");
        let answer = order.swap("s1", 1, sku, Some(&payment)).await;
        assert_eq!((answer.status, answer.code()), if sku == "dear" { (200, "") } else { (409, "sold-out") });
        assert_eq!(world.mails(&order.id).await.iter().filter(|kind| *kind == CHANGED).count(), 1, "{sku}");
        world.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_line_that_is_canceled_or_ships_while_it_is_swapped_is_not_swapped_and_the_money_goes_back() {
    for (ships, code) in [(false, "already-canceled"), (true, "already-shipped")] {
        let world = shop().await;
        world.product("lamp").await;
        let order = buy(&world, world.order_of(&[("led", 1), ("lamp", 1)])).await;
        world.arrive("led", 1).await;
        world.arrive_and_settle("lamp", 1).await;
        let payment = world.shop.pay(250, "succeeded").await.unwrap();
        world.tap().die_before("swap", "UpdateItem", ..1);
        assert_eq!(order.swap("s1", 1, "dear", Some(&payment)).await.status, 503);
        world.tap().spare();
        let other =
            if ships { order.ship("p1", "east", units(1, 1)).await } else { order.cancel("c1", units(1, 1)).await };
        assert_eq!(other.status, 200, "{:#}", other.body);
        assert_problem(&order.swap("s1", 1, "dear", Some(&payment)).await, 409, code);
        world.settle().await;
        assert_eq!(money(&world, &payment).await, (250, 250));
        assert_eq!(order.look().await.body["lines"].as_array().unwrap().len(), 2);
        world.assert_sound().await;
    }
}

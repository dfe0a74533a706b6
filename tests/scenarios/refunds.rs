//! Refunds for cancels: exact to the cent, and paid once.

use serde_json::{Value, json};
use tests::World;
use tests::world::usd;

use crate::purchase::{Purchase, buy, buy_and_settle};

/// Cancels units of an order line and returns the refunded amount.
async fn given_back(order: &Purchase<'_>, change_id: &str, lines: Value) -> i64 {
    let answer = order.cancel(change_id, json!({ "lines": lines })).await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    let refunds = answer.body["refunds"].as_array().unwrap();
    let own: Vec<_> = refunds.iter().filter(|refund| refund["change_id"] == change_id).collect();
    assert_eq!(own.len(), 1, "{refunds:#?}");
    own[0]["amount"]["amount"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_each_unit_gives_back_its_share_and_the_last_one_what_rounding_left() {
    let world = World::new().await.selling(&["led"]).await;
    let order = world.order("led", 3).each_line(&json!({ "discount": usd(100), "tax": usd(40) }));
    let order = buy(&world, order.with(json!({ "shipping": usd(500) }))).await;
    let mut back = Vec::new();
    for change in ["c1", "c2", "c3"] {
        back.push(given_back(&order, change, json!([{ "line": 1, "quantity": 1 }])).await);
    }
    assert_eq!(back, [1000 - 33 + 13, 1000 - 33 + 13, 1000 - 34 + 14 + 500]);
    world.settle().await;
    assert_eq!(order.money().await, (3440, 3440));
    assert_eq!(order.look().await.body["refunded"], usd(3440));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_units_canceled_together_give_back_what_they_would_one_by_one() {
    let world = World::new().await.selling(&["led"]).await;
    let order = world.order("led", 3).each_line(&json!({ "discount": usd(100), "tax": usd(40) }));
    let order = buy(&world, order).await;
    assert_eq!(given_back(&order, "c1", json!([{ "line": 1, "quantity": 2 }])).await, 2 * (1000 - 33 + 13));
    assert_eq!(given_back(&order, "c2", json!([{ "line": 1 }])).await, 1000 - 34 + 14);
    world.settle().await;
    assert_eq!(order.money().await, (2940, 2940));
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_a_canceled_line_gives_back_its_own_tax_and_discount_and_shipping_comes_with_the_last() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let mut body = world.order_of(&[("led", 1), ("lamp", 2)]);
    body = body.with(json!({
        "lines": [
            { "sku": "led", "quantity": 1, "unit_price": usd(999), "discount": usd(99), "tax": usd(72) },
            { "sku": "lamp", "quantity": 2, "unit_price": usd(250), "tax": usd(41) },
        ],
        "shipping": usd(700),
    }));
    let order = buy(&world, body).await;
    assert_eq!(given_back(&order, "c1", json!([{ "line": 1 }])).await, 999 - 99 + 72);
    assert_eq!(given_back(&order, "c2", json!([{ "line": 2, "quantity": 1 }])).await, 250 + 20);
    assert_eq!(given_back(&order, "c3", json!([{ "line": 2 }])).await, 250 + 21 + 700);
    world.settle().await;
    let now = order.look().await;
    assert_eq!((&now.body["lines"][0]["refunded"], &now.body["lines"][1]["refunded"]), (&usd(972), &usd(541)));
    assert_eq!(order.money().await, (2213, 2213));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_several_lines_at_once_give_back_one_refund() {
    let world = World::new().await.selling(&["led", "lamp", "bulb"]).await;
    let order = buy(&world, world.order_of(&[("led", 1), ("lamp", 2), ("bulb", 4)])).await;
    let back = given_back(&order, "c1", json!([{ "line": 1 }, { "line": 3, "quantity": 3 }])).await;
    assert_eq!(back, 4000);
    world.settle().await;
    let now = order.look().await;
    let canceled = |line: i64| now.number(&format!("/lines/{line}/canceled"));
    assert_eq!((canceled(0), canceled(1), canceled(2)), (1, 0, 3));
    assert_eq!(order.money().await, (7000, 4000));
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_the_provider_is_asked_for_a_refund_once_however_often_the_request_comes() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_and_settle(&world, world.order("led", 2)).await;
    world.tap().clear();
    for _ in 0..3 {
        assert_eq!(order.cancel("c1", json!({})).await.status, 200);
        world.settle().await;
    }
    world.advance_and_settle("PT10M").await;
    let refunds = world.tap().calls().into_iter().filter(|call| call.operation == "POST /v1/refunds").count();
    assert_eq!((refunds, order.money().await), (1, (2000, 2000)));
    assert_eq!(order.look().await.body["refunds"].as_array().unwrap().len(), 1);
}

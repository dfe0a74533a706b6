//! Bodybuilding: several warehouses, goods in stock ship right away, and no order waits longer than 30 days.

use serde_json::json;
use tests::World;
use tests::world::usd;

use crate::purchase::{
    CANCELED, CONFIRMATION, NOTICE, SHIPPED, assert_outbox, assert_problem, buy, buy_and_settle, buy_one, mail_says,
    text, units,
};

async fn shop() -> World {
    World::with_policy("bodybuilding").await.selling(&["led", "whey", "bar"]).await
}

stories! {
    fn r1_beside_the_order_button_it_says_on_backorder() { out_of_stock_can_be_bought(["Order", "On Backorder"]) }
    fn r22_a_second_mail_tells_that_it_is_on_the_way() { told_when_placed_and_when_shipped() }
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_one_warehouse_that_has_it_is_enough_and_what_changed_is_said_line_by_line() {
    let world = shop().await;
    world.arrive_at("whey", "west", 1).await;
    world.arrive_at("bar", "east", 5).await;
    assert_eq!(world.availability("whey").await.text("/status"), "in_stock");
    buy_one(&world, "whey", 1).await;
    let seen = json!({ "seen": "in_stock" });
    let order = buy(&world, world.order_of(&[("whey", 1), ("bar", 1)]).each_line(&seen)).await;
    let line = |at: usize, name: &str| order.placed.body["lines"][at][name].clone();
    assert_eq!((line(0, "changed"), line(0, "backordered")), (json!(true), json!(true)));
    assert_eq!((line(1, "changed"), line(1, "backordered")), (json!(false), json!(false)));
    world.settle().await;
    mail_says(&order, CONFIRMATION, &["sold out by the time your order reached us"]).await;
    let picky = world.order("whey", 1).each_line(&seen).with(json!({ "if_worse": "refuse" })).place().await;
    assert_problem(&picky, 409, "on-backorder");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_what_is_there_ships_right_away_the_rest_later_and_shipping_is_paid_once() {
    let world = shop().await;
    world.arrive("bar", 2).await;
    let order =
        buy_and_settle(&world, world.order_of(&[("whey", 1), ("bar", 2)]).with(json!({ "shipping": usd(599) }))).await;
    mail_says(&order, CONFIRMATION, &["What is in stock ships right away", "never pay for the extra shipment"]).await;
    assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "partly_shipped");
    world.arrive_and_settle("whey", 1).await;
    assert_eq!(order.ship("s2", "east", json!({})).await.text("/status"), "shipped");
    world.settle().await;
    assert_eq!(order.money().await, (3599, 0), "two parcels, but shipping is charged once");
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, SHIPPED, SHIPPED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r10_an_order_to_another_country_leaves_in_one_shipment() {
    let world = shop().await;
    world.arrive_at("bar", "west", 1).await;
    let abroad = json!({ "ship_to": { "country": "DE", "name": "Ann Lee", "address": "Lange Str. 1" } });
    let order = buy_and_settle(&world, world.order_of(&[("bar", 1), ("whey", 1)]).with(abroad)).await;
    assert_problem(&order.ship("s1", "west", json!({})).await, 409, "not-released");
    world.arrive_at_and_settle("whey", "east", 1).await;
    assert_eq!(order.status().await, "ready");
    assert_eq!(order.ship("s2", "west", units(1, 1)).await.status, 409, "the order does not ship in parts");
    assert_eq!(world.ready().await.body["parcels"].as_array().unwrap().len(), 1);
    assert_eq!(order.ship("s3", "west", json!({})).await.text("/status"), "shipped", "one call ships everything");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r11_an_order_wholly_on_backorder_ships_nothing_until_its_items_are_in() {
    let world = shop().await;
    let order = buy(&world, world.order_of(&[("whey", 1), ("bar", 1)])).await;
    world.arrive_and_settle("whey", 1).await;
    assert_eq!(order.standing().await, ("waiting", 1));
    assert_problem(&order.ship("s1", "east", json!({})).await, 409, "not-released");
    world.arrive_and_settle("bar", 1).await;
    assert_eq!(order.ship("s2", "east", json!({})).await.text("/status"), "shipped");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_an_item_that_is_waited_for_is_swapped_for_a_similar_one_or_removed() {
    let world = shop().await;
    world.product_with("whey-vanilla", json!({ "similar": ["whey-cocoa"] })).await;
    world.product_with("whey-cocoa", json!({ "price": usd(800) })).await;
    world.arrive("whey-cocoa", 1).await;
    world.arrive("bar", 1).await;
    let order = buy_and_settle(&world, world.order_of(&[("whey-vanilla", 1), ("bar", 1)])).await;
    let swap = json!({ "change_id": "swap-1", "sku": "whey-cocoa" });
    let answer = world.shop.post(&format!("/orders/{}/lines/1/swap", order.id), &swap).await.unwrap();
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    world.settle().await;
    let now = order.look().await;
    let skus: Vec<_> = now.body["lines"].as_array().unwrap().iter().map(|line| text(line, "/sku")).collect();
    assert_eq!(skus, ["whey-vanilla", "bar", "whey-cocoa"]);
    assert_eq!((now.text("/lines/0/status"), now.text("/lines/2/status")), ("canceled", "assigned"));
    assert_eq!(order.money().await, (2000, 200), "the difference is refunded");
    mail_says(&order, "changed", &["2.00"]).await;
    let other = buy(&world, world.order_of(&[("whey-vanilla", 1), ("whey-cocoa", 1)])).await;
    assert_eq!(other.cancel("c1", json!({ "lines": [{ "line": 1 }] })).await.status, 200);
    world.settle().await;
    let left = other.look().await;
    assert_eq!((left.text("/lines/0/status"), other.money().await), ("canceled", (2000, 1000)));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_r23_after_more_than_30_days_it_is_canceled_refunded_and_told() {
    let world = shop().await;
    let order = buy_one(&world, "whey", 1).await;
    world.advance_and_settle("P30D").await;
    assert_eq!(order.status().await, "waiting", "30 days are not more than 30");
    world.advance_and_settle("P1D").await;
    assert_eq!((order.status().await, order.money().await), ("canceled", (1000, 1000)));
    mail_says(&order, CANCELED, &["30 days", "canceled automatically", "10.00"]).await;
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_a_notice_comes_at_once_when_anything_is_unavailable() {
    let world = shop().await;
    world.arrive("bar", 1).await;
    let order = buy_and_settle(&world, world.order_of(&[("whey", 1), ("bar", 1)])).await;
    mail_says(&order, NOTICE, &["Product whey", &order.id]).await;
    let (placed, sent) = (order.placed.text("/placed_at").to_owned(), text(&order.mail(NOTICE).await, "/sent_at"));
    let time = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    assert!(time(&sent).duration_since(time(&placed)).as_hours() < 24, "{placed}, {sent}");
}

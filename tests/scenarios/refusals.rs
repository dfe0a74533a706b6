//! Orders that conflict with the state of the backlog: no place, a full refund, and a `refused` record.

use serde_json::{Value, json};
use tests::OrderBuilder;
use tests::World;

use crate::purchase::{
    BACKORDERED, CONFIRMATION, assert_outbox, assert_problem, buy, buy_and_settle, buy_one, buy_one_and_settle,
    for_sale, money, text, units,
};

/// Places an order that must be refused, and asserts the effects that every refusal has.
async fn refused(world: &World, order: OrderBuilder<'_>, code: &str) -> Value {
    let email = format!("refused-{}@example.com", fastrand::u64(..));
    let order = order.with(json!({ "customer": { "email": email, "name": "Ann Lee" } }));
    let total = order.total();
    let body = order.body().await;
    let answer = world.shop.post("/orders", &body).await.unwrap();
    assert_problem(&answer, 409, code);
    world.settle().await;
    let (taken, back) = money(world, &text(&body, "/payment_reference")).await;
    assert_eq!(taken, back, "the {total} are not charged in the end");
    let again = world.shop.post("/orders", &body).await.unwrap();
    assert_problem(&again, 409, code);
    let record = world.shop.post("/orders/search", &json!({ "email": email })).await.unwrap();
    assert_eq!(record.body["orders"].as_array().map(Vec::len), Some(1), "{:#}", record.body);
    assert_eq!(record.text("/orders/0/status"), "refused");
    assert_eq!(money(world, &text(&body, "/payment_reference")).await, (taken, back), "a repeat moves no money");
    world.assert_sound().await;
    answer.body
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_the_phone_sells_what_is_in_stock_and_places_no_backorder() {
    let world = World::new().await.selling(&["led"]).await;
    let phone = || json!({ "channel": "phone" });
    refused(&world, world.order("led", 1).with(phone()), "phone-backorder").await;
    world.arrive("led", 2).await;
    refused(&world, world.order("led", 3).with(phone()), "phone-backorder").await;
    let order = buy(&world, world.order("led", 2).with(phone())).await;
    assert_eq!(order.placed.body["lines"][0]["backordered"], json!(false));
    world.settle().await;
    assert_eq!(order.standing().await, ("ready", 2));
    refused(&world, world.order("led", 1).with(phone()).paid("requires_capture"), "phone-backorder").await;
    assert_outbox(&world, &[(&order, &[CONFIRMATION])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_the_phone_buys_nothing_of_an_order_that_is_on_backorder_in_part() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    world.arrive("lamp", 2).await;
    let order = world.order_of(&[("lamp", 2), ("led", 1)]).with(json!({ "channel": "phone" }));
    refused(&world, order, "phone-backorder").await;
    assert_eq!(for_sale(&world, "lamp").await, ("in_stock", 2), "its units are for sale again");
    let next = buy_one_and_settle(&world, "lamp", 2).await;
    assert_eq!(next.standing().await, ("ready", 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_what_may_not_be_backordered_is_sold_out_and_no_more() {
    let world = World::new().await;
    world.product_with("last", json!({ "backorderable": false })).await;
    world.arrive("last", 2).await;
    refused(&world, world.order("last", 3), "sold-out").await;
    let order = buy_one_and_settle(&world, "last", 2).await;
    assert_eq!(order.status().await, "ready");
    refused(&world, world.order("last", 1), "sold-out").await;
    let page = world.availability("last").await;
    assert_eq!((page.text("/status"), page.text("/button")), ("sold_out", "Sold Out"));
    assert_outbox(&world, &[(&order, &[CONFIRMATION])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_full_backlog_takes_no_more_until_someone_leaves_or_is_served() {
    let world = World::new().await;
    world.product_with("led", json!({ "backlog_limit": 3 })).await;
    let first = buy_one(&world, "led", 2).await;
    refused(&world, world.order("led", 2), "backlog-full").await;
    let second = buy_one(&world, "led", 1).await;
    assert_eq!(second.place_in_line().await, (1, 2), "the refused order does not count as waiting");
    refused(&world, world.order("led", 1), "backlog-full").await;
    assert_eq!(first.cancel("c1", units(1, 1)).await.status, 200);
    let third = buy_one(&world, "led", 1).await;
    refused(&world, world.order("led", 1), "backlog-full").await;
    world.arrive("led", 1).await;
    let fourth = buy_one(&world, "led", 1).await;
    world.arrive_and_settle("led", 3).await;
    for order in [&first, &second, &third, &fourth] {
        assert_eq!(order.standing().await, ("ready", 1));
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_the_answer_says_line_by_line_what_is_worse_than_the_page_said() {
    let world = World::new().await.selling(&["led", "lamp", "bulb"]).await;
    world.arrive("lamp", 1).await;
    world.arrive("bulb", 1).await;
    let mut body = world.order_of(&[("led", 1), ("lamp", 1), ("bulb", 2)]).body().await;
    for line in body["lines"].as_array_mut().unwrap() {
        line["seen"] = json!("in_stock");
    }
    let order = world.shop.post("/orders", &body).await.unwrap();
    assert_eq!(order.status, 201, "{:#}", order.body);
    let said = |field: &str| -> Vec<bool> {
        order.body["lines"].as_array().unwrap().iter().map(|line| line[field].as_bool().unwrap()).collect()
    };
    assert_eq!(said("backordered"), [true, false, true], "a line partly in stock is on backorder");
    assert_eq!(said("changed"), [true, false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_who_had_seen_the_backorder_or_says_nothing_is_told_of_no_change() {
    let world = World::new().await.selling(&["led"]).await;
    let seen = world.order("led", 1).each_line(&json!({ "seen": "on_backorder" }));
    for order in [seen, world.order("led", 1)] {
        let line = buy(&world, order).await.placed.body["lines"][0].clone();
        assert_eq!((&line["backordered"], &line["changed"]), (&json!(true), &json!(false)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_who_wants_it_from_stock_or_not_at_all_is_refused_with_the_availability() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    world.arrive("lamp", 2).await;
    let in_stock = json!({ "seen": "in_stock" });
    let order = world.order_of(&[("lamp", 2), ("led", 1)]).each_line(&in_stock).with(json!({ "if_worse": "refuse" }));
    let problem = refused(&world, order, "on-backorder").await;
    let said = |at: usize| {
        let line = &problem["availability"][at];
        (line["sku"].as_str().unwrap(), line["status"].as_str().unwrap(), line["available"].as_i64().unwrap())
    };
    assert_eq!([said(0), said(1)], [("lamp", "in_stock", 2), ("led", "on_backorder", 0)], "line by line: {problem:#}");
    assert_eq!(world.availability("lamp").await.number("/available"), 2, "no units are held for a refused order");
    assert_eq!(world.line("led").await.body["waiting"], json!([]));
    assert_outbox(&world, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_a_line_seen_on_backorder_is_bought_even_by_who_refuses_worse() {
    let world = World::new().await.selling(&["led"]).await;
    let order =
        world.order("led", 1).each_line(&json!({ "seen": "on_backorder" })).with(json!({ "if_worse": "refuse" }));
    let order = buy(&world, order).await;
    assert_eq!(order.placed.body["lines"][0]["backordered"], json!(true));
    refused(&world, world.order("led", 1).with(json!({ "if_worse": "refuse" })), "on-backorder").await;
    world.arrive_and_settle("led", 2).await;
    let from_stock = buy_and_settle(&world, world.order("led", 1).with(json!({ "if_worse": "refuse" }))).await;
    assert_eq!(from_stock.standing().await, ("ready", 1));
    assert_outbox(&world, &[(&order, BACKORDERED), (&from_stock, &[CONFIRMATION])]).await;
}

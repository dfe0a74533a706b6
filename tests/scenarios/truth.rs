//! Goods seen in stock may be gone at placing. Answer, page and mail say so at once for each order line (R7).

use serde_json::{Value, json};
use tests::World;

use crate::purchase::{CONFIRMATION, NOTICE, Purchase, assert_problem, buy, buy_one, text};

/// An order of three lines, all seen in stock: the first has none left, the second has one unit, the third has all.
async fn worse_than_seen(world: &World) -> Purchase<'_> {
    for sku in ["led", "bulb", "lamp"] {
        world.product(sku).await;
    }
    world.arrive("bulb", 1).await;
    world.arrive("lamp", 1).await;
    let order = world.order_of(&[("led", 1), ("bulb", 3), ("lamp", 1)]);
    buy(world, order.each_line(&json!({ "seen": "in_stock" }))).await
}

fn said(order: &Value, field: &str) -> Vec<Value> {
    order["lines"].as_array().unwrap().iter().map(|line| line[field].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_answer_page_and_mails_say_the_same_of_each_line_of_a_mixed_order() {
    let world = World::with_policy("bodybuilding").await;
    let order = worse_than_seen(&world).await;
    world.settle().await;
    let page = world.shop.as_customer(&order.id).await.unwrap().get(&format!("/orders/{}", order.id)).await.unwrap();
    for shown in [&order.placed.body, &page.body] {
        assert_eq!(said(shown, "backordered"), [true, true, false], "{shown:#}");
        assert_eq!(said(shown, "changed"), [true, true, false], "{shown:#}");
    }
    assert_eq!(said(&page.body, "assigned"), [0, 1, 1]);
    assert_eq!(said(&page.body, "promised_ship_date"), said(&order.placed.body, "promised_ship_date"));
    for kind in [CONFIRMATION, NOTICE] {
        let mail = order.mail(kind).await;
        for format in ["text", "html"] {
            let mail = text(&mail, &format!("/{format}")).split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(mail.contains("sold out by the time your order reached us"), "{mail}");
            assert!(mail.contains("2 of 3 on backorder, 1 in stock"), "{mail}");
            assert!(mail.contains("not enough left when your order reached us"), "{mail}");
            assert_eq!(mail.contains("Product lamp"), kind == CONFIRMATION, "only what is missing: {mail}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_a_line_that_is_partly_in_stock_is_refused_to_who_wants_all_of_it_from_stock() {
    let world = World::new().await.selling(&["led", "lamp", "bulb"]).await;
    world.arrive("led", 2).await;
    world.arrive("lamp", 2).await;
    let first = buy_one(&world, "bulb", 2).await;
    let mut body = world.order_of(&[("led", 2), ("bulb", 1), ("lamp", 3)]).body().await;
    body["if_worse"] = json!("refuse");
    for (at, seen) in [(0, "in_stock"), (1, "on_backorder"), (2, "in_stock")] {
        body["lines"][at]["seen"] = json!(seen);
    }
    let answer = world.shop.post("/orders", &body).await.unwrap();
    assert_problem(&answer, 409, "on-backorder");
    let line = |at: usize| {
        let line = &answer.body["availability"][at];
        let number = |field: &str| line[field].as_i64().unwrap();
        let words = (line["sku"].as_str().unwrap(), line["status"].as_str().unwrap());
        (words, number("available"), number("orders_waiting"), number("units_waiting"))
    };
    assert_eq!(line(0), (("led", "in_stock"), 2, 0, 0), "its two units are not for sale");
    assert_eq!(line(1), (("bulb", "on_backorder"), 0, 1, 2), "the refused order does not count as waiting");
    assert_eq!(line(2), (("lamp", "on_backorder"), 2, 0, 0), "two of three units are there");
    world.settle().await;
    let again = world.shop.post("/orders", &body).await.unwrap();
    assert_eq!(again.body["availability"], answer.body["availability"], "the same after the fill");
    assert_eq!(first.place_in_line().await, (0, 0));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_r7_by_phone_the_refusal_says_of_each_line_how_it_stands() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    world.arrive("lamp", 1).await;
    let body = world.order_of(&[("lamp", 1), ("led", 1)]).with(json!({ "channel": "phone" })).body().await;
    let answer = world.shop.post("/orders", &body).await.unwrap();
    assert_problem(&answer, 409, "phone-backorder");
    let lines: Vec<&Value> = answer.body["availability"].as_array().unwrap().iter().map(|it| &it["status"]).collect();
    assert_eq!(lines, ["in_stock", "on_backorder"], "{:#}", answer.body);
}

//! The nightly expiry of many orders, and the end of a long backlog. One bad order stops no other order. After a run
//! that died, the next run continues where that run stopped.

use aws_sdk_dynamodb::types::AttributeValue;
use futures::StreamExt as _;
use futures::stream;
use serde_json::{Value, json};
use tests::World;

use crate::day::{client, of_schema, table};

const ORDERS: usize = 60;

/// Places `ORDERS` waiting orders of one unit each, of two products in turn.
async fn waiting(world: &World) -> Vec<String> {
    world.product("led").await;
    world.product("bar").await;
    let skus = (0..ORDERS).map(|at| if at % 2 == 0 { "led" } else { "bar" });
    let placed = stream::iter(skus).map(|sku| world.order(sku, 1).placed()).buffered(8).collect().await;
    world.settle().await;
    placed
}

/// Moves the clock by this many days without running schedules. Returns an event of the nightly run at that time.
async fn days_later(world: &World, days: u64) -> Value {
    let clock = world.stack().clock();
    clock.move_to(clock.now() + std::time::Duration::from_secs(days * 86_400));
    json!({ "time": clock.now().to_string() })
}

async fn assert_let_go(world: &World, orders: &[String]) {
    world.settle().await;
    for order in orders {
        let shown = world.look(order).await;
        assert_eq!((shown.text("/status"), shown.number("/refunded/amount")), ("canceled", 1000), "{:#}", shown.body);
        let mails = world.mails(order).await;
        assert_eq!(mails.iter().filter(|kind| *kind == "canceled").count(), 1, "{mails:?}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_one_bad_order_stops_nobody_and_is_expired_once_it_is_mended() {
    let world = World::with_policy("bodybuilding").await;
    let orders = waiting(&world).await;
    of_schema(&world, &orders[7], 9).await;
    let night = days_later(&world, 31).await;
    let error = world.invoke("daily-expiry", night.clone()).await.unwrap_err();
    assert!(error.contains(&format!("expired {} orders; 1 orders and 0 lines are left", ORDERS - 1)), "{error}");
    of_schema(&world, &orders[7], aws::table::SCHEMA).await;
    let summary = world.invoke("daily-expiry", night.clone()).await.unwrap();
    assert_eq!(summary, json!({ "lines": 2, "expired": 1, "orders_left": 0, "lines_left": 0 }));
    let again = world.invoke("daily-expiry", night).await.unwrap();
    assert_eq!(again["expired"], 0);
    assert_let_go(&world, &orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_a_night_that_dies_is_gone_on_with() {
    let world = World::with_policy("bodybuilding").await;
    let orders = waiting(&world).await;
    let night = days_later(&world, 31).await;
    world.tap().die_before("daily-expiry", "TransactWriteItems", ORDERS / 3..);
    let error = world.invoke("daily-expiry", night.clone()).await.unwrap_err();
    world.tap().spare();
    let mut done = 0;
    for order in &orders {
        done += usize::from(world.look(order).await.text("/status") == "canceled");
    }
    assert!((ORDERS / 4..ORDERS / 2).contains(&done), "the run ended after {done} orders: {error}");
    let summary = world.invoke("daily-expiry", night).await.unwrap();
    assert_eq!(summary["expired"], json!(ORDERS - done), "finished cancels stay finished: {summary}");
    assert_let_go(&world, &orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r23_the_end_of_a_line_that_dies_is_gone_on_with() {
    let world = World::new().await;
    let orders = waiting(&world).await;
    world.tap().die_before("end-line", "TransactWriteItems", 10..20);
    for sku in ["led", "bar"] {
        let answer = world.shop.post(&format!("/products/{sku}/discontinue"), &json!({})).await.unwrap();
        assert_eq!(answer.status, 202, "{}", answer.body);
    }
    for _ in 0..4 {
        world.advance("PT15M").await;
    }
    assert_let_go(&world, &orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_a_line_is_closed_even_if_who_discontinued_it_died_before() {
    let world = World::new().await.selling(&["led"]).await;
    world.tap().die_before("product", "UpdateItem", ..);
    let answer = world.shop.post("/products/led/discontinue", &json!({})).await.unwrap();
    assert_eq!(answer.status, 503, "{}", answer.body);
    world.tap().spare();
    world.settle().await;
    let counter = client(&world)
        .get_item()
        .table_name(table(&world))
        .key("pk", AttributeValue::S("SKU#led".to_owned()))
        .key("sk", AttributeValue::S("TICKETS".to_owned()));
    let counter = counter.send().await.unwrap().item.unwrap();
    assert_eq!(counter.get("closed"), Some(&AttributeValue::Bool(true)), "{counter:?}");
}

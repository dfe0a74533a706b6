//! A new version reads the items of the version before. Never change `schema-1.json`: it has the items of the first
//! version. A version with another shape gets a number and a file of its own, and reads both.

use aws_sdk_dynamodb::types::AttributeValue;
use local::state::{Payment, Refund};
use serde_json::{Value, json};
use tests::World;

use crate::day::{client, day, look, of_schema, table};

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/operations/schema-1.json");

/// Writes the file, once for each schema: `cargo test --test operations -- --ignored keep`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes the items of this version down, which is done once for each schema"]
async fn keep_the_items_of_this_version() {
    let world = World::with_policy("bodybuilding").await;
    let orders = day(&world).await;
    let items = local::audit::items(world.stack().database(), &table(&world)).unwrap();
    let payments: Vec<Value> = world
        .stack()
        .state()
        .payments()
        .unwrap()
        .into_iter()
        .map(|it| json!([it.id, it.amount, it.currency, it.status, it.captured]))
        .collect();
    let refunds = world.stack().state().refunds().unwrap().into_iter();
    let refunds: Vec<Value> = refunds.map(|it| json!([it.id, it.payment, it.metadata, it.amount])).collect();
    let names = [&orders.shipped, &orders.canceled, &orders.ready, &orders.in_part, &orders.waiting];
    let mut seen = Vec::new();
    for order in names {
        seen.push(look(&world, order).await);
    }
    let kept = json!({ "items": items, "payments": payments, "refunds": refunds, "orders": seen });
    std::fs::write(KEPT, serde_json::to_string_pretty(&kept).unwrap() + "\n").unwrap();
}

fn kept() -> Value {
    serde_json::from_str(&std::fs::read_to_string(KEPT).unwrap()).unwrap()
}

/// A shop of the current version with the items of the version before.
async fn shop_over(kept: &Value) -> World {
    let world = World::with_policy("bodybuilding").await;
    world.stack().delivery().pause();
    for payment in kept["payments"].as_array().unwrap() {
        let (text, number) = (|at| payment[at].as_str().unwrap().to_owned(), |at: usize| payment[at].as_i64().unwrap());
        let payment = Payment {
            id: text(0),
            amount: number(1),
            currency: text(2),
            status: text(3),
            captured: number(4),
            refunded: 0,
            created: 0,
        };
        world.stack().state().take_over_payment(&payment).unwrap();
    }
    for refund in kept["refunds"].as_array().unwrap() {
        let text = |at: usize| refund[at].as_str().unwrap().to_owned();
        let refund = Refund {
            id: text(0),
            payment: text(1),
            metadata: text(2),
            amount: refund[3].as_i64().unwrap(),
            created: 0,
        };
        world.stack().state().take_over_refund(&refund).unwrap();
    }
    for item in kept["items"].as_array().unwrap() {
        let item: serde_dynamo::Item = serde_json::from_value(item.clone()).unwrap();
        let item = std::collections::HashMap::<String, AttributeValue>::from(item);
        client(&world).put_item().table_name(table(&world)).set_item(Some(item)).send().await.unwrap();
    }
    world
}

/// Asserts that every earlier field of an order is unchanged. New fields are allowed.
fn assert_said(now: &Value, then: &Value) {
    match then {
        Value::Object(fields) => fields.iter().for_each(|(name, then)| assert_said(&now[name], then)),
        Value::Array(list) => {
            assert_eq!(now.as_array().map(Vec::len), Some(list.len()), "{now} was {then}");
            list.iter().enumerate().for_each(|(at, then)| assert_said(&now[at], then));
        }
        plain => assert_eq!(now, plain),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_items_of_the_last_version_are_read_as_they_were_meant() {
    let kept = kept();
    let schema = |item: &Value| item["schema"]["N"].as_str().unwrap().parse::<i64>().unwrap();
    assert!(kept["items"].as_array().unwrap().iter().all(|item| schema(item) == aws::table::SCHEMA));
    let world = shop_over(&kept).await;
    for order in kept["orders"].as_array().unwrap() {
        let id = order["order_id"].as_str().unwrap();
        assert_said(&look(&world, id).await, order);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_goes_on_where_the_last_version_left_it() {
    let kept = kept();
    let world = shop_over(&kept).await;
    world.stack().delivery().resume();
    world.settle_and_assert_sound().await;
    let id = |at: usize| kept["orders"][at]["order_id"].as_str().unwrap().to_owned();
    let (canceled, ready, in_part, waiting) = (id(1), id(2), id(3), id(4));
    assert_eq!(world.look(&canceled).await.number("/refunded/amount"), 2000);
    let paid = world.payment(kept["orders"][1]["payment_reference"].as_str().unwrap()).await;
    assert_eq!(paid["refunded"], 2000, "the refund is paid once, whatever the stream repeats: {paid}");
    world.arrive("led", 4).await;
    world.arrive_at("bar", "west", 4).await;
    world.settle().await;
    assert_eq!(world.look(&in_part).await.text("/status"), "ready");
    assert_eq!(world.cancel(&waiting).await.status, 200);
    for warehouse in ["east", "west"] {
        assert_eq!(world.ship(&ready, warehouse).await.status, 200);
    }
    world.settle().await;
    assert_eq!(world.look(&ready).await.text("/status"), "shipped");
    assert_eq!(world.look(&waiting).await.number("/refunded/amount"), 6000);
    assert_eq!(world.order("led", 1).place().await.status, 201);
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_a_later_schema_is_not_guessed_at() {
    let world = World::new().await.selling(&["led"]).await;
    let order = world.order("led", 1).placed().await;
    world.settle().await;
    of_schema(&world, &order, aws::table::SCHEMA + 1).await;
    let answer = world.look(&order).await;
    assert_eq!((answer.status, answer.code()), (500, "broken"), "{}", answer.body);
    assert_eq!(world.cancel(&order).await.status, 500);
}

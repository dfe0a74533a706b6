//! The table is restored to an earlier moment, but refunds, mails and new payments since then exist in the outside
//! world. The test follows the steps in infra/restoring.md with the operator's command.

use aws_sdk_dynamodb::Client;
use ops::restore::restore;
use serde_json::{Value, json};
use tests::World;

use crate::day::{client, day, look, table};

const RESTORED: &str = "restored";

/// What DynamoDB's point-in-time recovery does: copies the current items into a table with another name.
async fn back_up(client: &Client, table: &str) {
    let shape = client.describe_table().table_name(table).send().await.unwrap().table.unwrap();
    client
        .create_table()
        .table_name(RESTORED)
        .set_key_schema(shape.key_schema)
        .set_attribute_definitions(
            shape
                .attribute_definitions
                .map(|all| all.into_iter().filter(|it| ["pk", "sk"].contains(&it.attribute_name())).collect()),
        )
        .billing_mode(aws_sdk_dynamodb::types::BillingMode::PayPerRequest)
        .send()
        .await
        .unwrap();
    let items = client.scan().table_name(table).send().await.unwrap();
    assert_eq!(items.last_evaluated_key, None);
    for item in items.items.unwrap() {
        client.put_item().table_name(RESTORED).set_item(Some(item)).send().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_restored_to_an_earlier_moment_goes_on_from_there_and_nothing_is_paid_twice() {
    let world = World::new().await;
    let (client, table) = (client(&world), table(&world));
    let orders = day(&world).await;
    // At the restored moment a cancel is written whose refund and mail are still to come.
    world.stack().delivery().pause();
    assert_eq!(world.cancel(&orders.waiting).await.status, 200);
    let then = [look(&world, &orders.ready).await, look(&world, &orders.in_part).await];
    back_up(&client, &table).await;
    world.resume_and_settle().await;
    assert_eq!(world.payment(then_payment(&look(&world, &orders.waiting).await)).await["refunded"], 6000);

    // These later events are lost from the table but not from the world.
    let later = world.order("led", 1).body().await;
    let placed = world.shop.post("/orders", &later).await.unwrap();
    assert_eq!(placed.status, 201);
    let change = json!({ "change_id": "their-own-number-for-it" });
    let cancel = format!("/orders/{}/cancel", orders.in_part);
    assert_eq!(world.shop.post(&cancel, &change).await.unwrap().status, 200);
    world.settle().await;

    let done = restore(&client, RESTORED, &table, |_, _| {}).await.unwrap();
    assert!(done.put > 20 && done.removed > done.put, "{done:?}");
    world.settle().await;
    let audit = world.shop.get("/_local/audit").await.unwrap().body;
    let found = audit["violations"].as_array().unwrap();
    assert_eq!(found.len(), 1, "the audit names the order that was refunded without a cancel: {audit}");
    assert!(found[0]["what"].as_str().unwrap().contains(&orders.in_part));
    for before in &then {
        let now = look(&world, before["order_id"].as_str().unwrap()).await;
        assert_eq!(
            (&now["status"], &now["lines"][0]["assigned"]),
            (&before["status"], &before["lines"][0]["assigned"])
        );
    }
    // The outstanding refund and mail follow again, and are recognized as done.
    let waiting = look(&world, &orders.waiting).await;
    assert_eq!(waiting["refunds"][0]["status"], "paid");
    assert_eq!(world.payment(then_payment(&waiting)).await["refunded"], 6000, "paid once");
    // The storefront repeats a request whose order is gone. The same payment makes the same order.
    let again = world.shop.post("/orders", &later).await.unwrap();
    assert_eq!((again.status, again.text("/order_id")), (201, placed.text("/order_id")));
    // The shop repeats the lost cancel. Its refund was paid and is not paid again.
    assert_eq!(world.shop.post(&cancel, &change).await.unwrap().status, 200);
    world.settle().await;
    let in_part = look(&world, &orders.in_part).await;
    assert_eq!(world.payment(then_payment(&in_part)).await["refunded"], 3000);
    world.assert_sound().await;
}

fn then_payment(order: &Value) -> &str {
    order["payment_reference"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_breaks_off_is_finished_by_the_same_command() {
    let world = World::new().await;
    let (client, table) = (client(&world), table(&world));
    let orders = day(&world).await;
    let then = look(&world, &orders.ready).await;
    back_up(&client, &table).await;
    world.stack().delivery().pause();
    let key = |item: &Value| (item["pk"].clone(), item["sk"].clone());
    let items = || {
        let mut items = local::audit::items(world.stack().database(), &table).unwrap();
        items.sort_by_key(|item| format!("{:?}", key(item)));
        json!(items)
    };
    let whole = items();
    // The copy has begun: the table is emptied and has one item.
    for item in whole.as_array().unwrap().iter().skip(1) {
        let (pk, sk) = (item["pk"]["S"].as_str().unwrap(), item["sk"]["S"].as_str().unwrap());
        let text = |value: &str| aws_sdk_dynamodb::types::AttributeValue::S(value.to_owned());
        client.delete_item().table_name(&table).key("pk", text(pk)).key("sk", text(sk)).send().await.unwrap();
    }
    let done = restore(&client, RESTORED, &table, |_, _| {}).await.unwrap();
    assert_eq!(done.removed, 1);
    assert_eq!(items(), whole);
    world.resume_and_settle().await;
    assert_eq!(look(&world, &orders.ready).await, then);
    world.assert_sound().await;
    let error = restore(&client, "never-made", &table, |_, _| {}).await.unwrap_err();
    assert!(error.contains("never-made"), "{error}");
    assert_eq!(items(), whole, "an unreadable backup does not replace the existing items");
    assert!(restore(&client, &table, &table, |_, _| {}).await.is_err());
}

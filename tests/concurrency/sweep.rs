//! Many orders are left `placing` at once, as by an outage of the payment provider.

use futures::StreamExt as _;
use serde_json::{Value, json};
use tests::{Fault, World};

/// More orders than one page of every shard of the list of unfinished placements has (8 shards of 25).
const ORDERS: usize = 300;
/// Customers who buy at a time.
const AT_ONCE: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn i8_one_sweep_finishes_all_orders_that_an_outage_left() {
    let world = World::new().await.selling(&["lamp"]).await;
    world.tap().fault_where(|call| {
        ((call.function.as_str(), call.operation.as_str()) == ("place-order", "UpdateItem"))
            .then_some(Fault::DiedBeforeSend)
    });
    let left = futures::stream::iter(0..ORDERS).map(|_| async {
        let body: Value = world.order("lamp", 1).body().await;
        world.shop.post("/orders", &body).await.unwrap().status
    });
    let statuses: Vec<u16> = left.buffer_unordered(AT_ONCE).collect().await;
    assert!(statuses.iter().all(|status| *status == 503), "{statuses:?}");
    world.tap().spare();
    let clock = world.stack().clock();
    clock.move_to(clock.now().saturating_add(jiff::SignedDuration::from_mins(3)).unwrap());
    world.tap().clear();
    world.stack().delivery().run_schedules_of("reconcile").await;
    let commits = |call: &tests::Call| call.function == "reconcile" && call.operation == "TransactWriteItems";
    assert_eq!(world.tap().calls().iter().filter(|call| commits(call)).count(), ORDERS, "placements in one run");
    world.settle_and_assert_sound().await;
    let page = world.shop.get("/products/lamp/availability").await.unwrap();
    assert_eq!(page.body["orders_waiting"], json!(ORDERS), "{}", page.body);
}

//! The counter of a product is throttled while many customers buy. A refused draw has drawn nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::join_all;
use serde_json::Value;
use tests::{Call, Fault, World};

/// Orders placed at once.
const ORDERS: usize = 24;

/// DynamoDB refuses three of four draws. Returns the number of draws that it carries out.
fn refuse_draws(world: &World) -> Arc<AtomicUsize> {
    let (asked, carried_out) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let drawn = Arc::clone(&carried_out);
    world.tap().fault_where(move |call: &Call| {
        if (call.function.as_str(), call.operation.as_str()) != ("place-order", "UpdateItem") {
            return None;
        }
        match asked.fetch_add(1, Ordering::SeqCst) % 4 {
            0 | 2 => Some(Fault::Throttled),
            1 => Some(Fault::Conflict),
            _ => {
                drawn.fetch_add(1, Ordering::SeqCst);
                None
            }
        }
    });
    carried_out
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_a_throttled_counter_leaves_no_order_placing_and_draws_once_for_each() {
    let world = World::new().await.selling(&["lamp"]).await;
    let bodies: Vec<Value> = join_all((0..ORDERS).map(|_| world.order("lamp", 1).body())).await;
    let drawn = refuse_draws(&world);
    let answers = join_all(bodies.iter().map(|body| world.shop.post("/orders", body))).await;
    for answer in answers {
        let answer = answer.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
    println!("{} of {ORDERS} draws carried out, {} refused", drawn.load(Ordering::SeqCst), world.tap().faulted());
    assert_eq!(drawn.load(Ordering::SeqCst), ORDERS, "a refused draw has drawn nothing");
    world.tap().spare();
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_a_counter_that_stays_throttled_is_told_in_time_and_costs_no_ticket() {
    let world = World::new().await.selling(&["lamp"]).await;
    let body = world.order("lamp", 1).body().await;
    world.tap().fault_where(|call| (call.operation == "UpdateItem").then_some(Fault::Throttled));
    let answer = world.shop.post("/orders", &body).await.unwrap();
    assert_eq!((answer.status, answer.code()), (503, "try-again"), "{}", answer.body);
    world.tap().spare();
    assert_eq!(world.shop.post("/orders", &body).await.unwrap().status, 201);
    assert_eq!(world.line("lamp").await.body["waiting"][0]["ticket"], 1, "no ticket was lost");
    world.settle_and_assert_sound().await;
}

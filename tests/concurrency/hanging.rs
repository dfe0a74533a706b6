//! AWS accepts calls and never answers. The client gets an answer before the gateway gives up, and no work stays half
//! done.

use std::time::Instant;

use contract::call::DEADLINE;
use futures::future::join3;
use local::client::ApiResponse;
use serde_json::json;
use tests::{Fault, World};

fn assert_try_again(answer: &ApiResponse, what: &str) {
    assert_eq!((answer.status, answer.code()), (503, "try-again"), "{what}: {}", answer.body);
    assert!(!answer.header("retry-after").is_empty(), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_a_table_that_never_answers_is_told_before_the_gateway_gives_up() {
    let world = World::new().await.selling(&["lamp"]).await;
    world.arrive("lamp", 5).await;
    let order = world.order("lamp", 1).placed().await;
    let body = world.order("lamp", 1).body().await;
    world.settle().await;
    world.tap().fault_where(|call| (!call.operation.contains("GetSecret")).then_some(Fault::Unanswered));
    let began = Instant::now();
    let (cancel_path, change) = (format!("/orders/{order}/cancel"), json!({ "change_id": "c" }));
    let (placing, canceling) = (world.shop.post("/orders", &body), world.shop.post(&cancel_path, &change));
    let (placing, looking, canceling) = join3(placing, world.look(&order), canceling).await;
    for (answer, what) in [(placing.unwrap(), "placing"), (looking, "looking"), (canceling.unwrap(), "canceling")] {
        assert_try_again(&answer, what);
    }
    println!("answered within {:?} of {DEADLINE:?}", began.elapsed());
    world.tap().spare();
    assert_eq!(world.shop.post("/orders", &body).await.unwrap().status, 201, "a repeat succeeds");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_a_placing_that_hangs_half_way_is_answered_and_finished_by_itself() {
    let world = World::new().await.selling(&["lamp"]).await;
    let body = world.order("lamp", 1).body().await;
    world.tap().fault_where(|call| {
        let half_way = matches!(call.operation.as_str(), "TransactWriteItems" | "UpdateItem");
        (half_way && call.function == "place-order").then_some(Fault::Unanswered)
    });
    assert_try_again(&world.shop.post("/orders", &body).await.unwrap(), "placing");
    world.tap().spare();
    for _ in 0..3 {
        world.advance_and_settle("PT5M").await;
    }
    let found = world.shop.post("/orders/search", &json!({ "email": "ann@example.com" })).await.unwrap();
    assert_eq!(found.text("/orders/0/status"), "waiting", "{}", found.body);
    world.assert_sound().await;
}

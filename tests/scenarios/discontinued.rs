//! A discontinued product: waiting orders are canceled, refunded and told. The remaining stock is still assigned and
//! sold.

use serde_json::json;
use tests::World;
use tests::world::usd;

use crate::purchase::{CONFIRMATION, NOTICE, assert_problem, buy_and_settle, buy_in_turn, buy_one_and_settle};

async fn discontinue(world: &World, sku: &str) -> u16 {
    let answer = world.shop.post(&format!("/products/{sku}/discontinue"), &json!({})).await.unwrap();
    world.settle().await;
    answer.status
}

#[tokio::test(flavor = "multi_thread")]
async fn r23_one_call_ends_a_line_and_everybody_who_waits_is_refunded_and_told_once() {
    let world = World::new().await.selling(&["led"]).await;
    let waiting = buy_in_turn(&world, "led", [1, 3, 2]).await;
    assert_eq!(discontinue(&world, "led").await, 202);
    assert_eq!(discontinue(&world, "led").await, 200, "a repeat changes nothing");
    for (order, paid) in waiting.iter().zip([1000, 3000, 2000]) {
        assert_eq!((order.status().await, order.money().await), ("canceled", (paid, paid)));
        let kinds = world.mails(&order.id).await;
        assert_eq!(kinds.len(), 3, "{kinds:?}");
        assert_eq!(kinds[..2], [CONFIRMATION, NOTICE]);
    }
    assert_eq!(world.line("led").await.body["waiting"], json!([]));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_what_is_there_is_given_to_who_stood_in_line_and_then_sold_but_nobody_waits_any_more() {
    let world = World::new().await.selling(&["led"]).await;
    let [head, next] = buy_in_turn(&world, "led", [3, 1]).await;
    world.arrive_and_settle("led", 2).await;
    discontinue(&world, "led").await;
    let now = head.look().await;
    assert_eq!(
        (now.text("/status"), now.number("/lines/0/assigned"), now.number("/lines/0/canceled")),
        ("ready", 2, 1)
    );
    assert_eq!(head.money().await, (3000, 1000), "the discontinued unit is refunded");
    assert_eq!((next.status().await, next.money().await), ("canceled", (1000, 1000)));
    assert_problem(&world.order("led", 1).place().await, 409, "sold-out");
    assert_eq!(world.availability("led").await.text("/status"), "sold_out");
    world.arrive_and_settle("led", 2).await;
    assert_eq!(world.availability("led").await.text("/status"), "in_stock");
    assert_problem(&world.order("led", 3).place().await, 409, "sold-out");
    let last = buy_one_and_settle(&world, "led", 2).await;
    assert_eq!(last.standing().await, ("ready", 2));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_what_came_in_just_before_is_still_given_to_who_stood_in_front() {
    let world = World::new().await.selling(&["led"]).await;
    let [head, next] = buy_in_turn(&world, "led", [2, 1]).await;
    world.settle().await;
    // The fill makes no progress until the end of the backlog has begun.
    let begun = std::sync::atomic::AtomicUsize::new(0);
    world.tap().fault_where(move |call| {
        use std::sync::atomic::Ordering;
        let looked = begun.fetch_add(usize::from(call.function == "end-line"), Ordering::Relaxed);
        let fills = call.function == "fill" && call.operation == "TransactWriteItems";
        (fills && looked < 8).then_some(tests::Fault::Conflict)
    });
    world.arrive("led", 2).await;
    discontinue(&world, "led").await;
    world.tap().spare();
    assert_eq!(head.standing().await, ("ready", 2));
    assert_eq!((next.status().await, next.money().await), ("canceled", (1000, 1000)));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_what_else_an_order_holds_is_released_when_the_rest_will_not_come() {
    let world = World::new().await.selling(&["led", "bulb"]).await;
    world.arrive("bulb", 1).await;
    let order =
        buy_and_settle(&world, world.order_of(&[("bulb", 1), ("led", 2)]).with(json!({ "shipping": usd(300) }))).await;
    assert_eq!(order.status().await, "waiting");
    discontinue(&world, "led").await;
    let now = order.look().await;
    assert_eq!((now.text("/status"), now.text("/lines/1/status")), ("ready", "canceled"));
    assert_eq!(order.money().await, (3300, 2000), "shipping is not refunded, because a parcel still ships");
    assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "shipped");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_who_loses_a_unit_of_what_will_not_come_is_let_go_too() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 2).await;
    let order = buy_one_and_settle(&world, "led", 2).await;
    discontinue(&world, "led").await;
    assert_eq!(order.status().await, "ready");
    world.adjust_and_settle("led", "east", -1).await;
    let now = order.look().await;
    assert_eq!((now.text("/status"), now.number("/lines/0/canceled")), ("ready", 1));
    assert_eq!(order.money().await, (2000, 1000));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_who_was_being_placed_while_the_line_ended_is_let_go_once_they_are_resolved() {
    let world = World::new().await.selling(&["led"]).await;
    let body = world.order("led", 1).body().await;
    // The order has drawn its number, and the process ends before the order has its ticket.
    world.tap().die_before("place-order", "TransactWriteItems", ..);
    assert_eq!(world.shop.post("/orders", &body).await.unwrap().status, 503);
    world.tap().spare();
    assert_eq!(discontinue(&world, "led").await, 202);
    for _ in 0..3 {
        world.advance_and_settle("PT5M").await;
    }
    let found = world.shop.post("/orders/search", &json!({ "email": "ann@example.com" })).await.unwrap();
    let status = found.text("/orders/0/status").to_owned();
    assert!(["canceled", "refused"].contains(&status.as_str()), "{status}");
    let payment = world.payment(body["payment_reference"].as_str().unwrap()).await;
    assert_eq!(payment["refunded"], payment["captured"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_putting_the_product_again_does_not_open_its_line() {
    let world = World::new().await.selling(&["led"]).await;
    discontinue(&world, "led").await;
    world.product_with("led", json!({ "name": "LED, renamed" })).await;
    assert_problem(&world.order("led", 1).place().await, 409, "sold-out");
    world.assert_sound().await;
}

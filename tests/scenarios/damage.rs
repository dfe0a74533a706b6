//! Assigned goods are lost or never existed: which orders give them up, and what customers and staff see.

use serde_json::json;
use tests::World;

use crate::purchase::{Purchase, buy_in_turn, buy_one, buy_one_and_settle, standings};
use crate::stock::{adjust, held, stock};

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_receipt_of_thirty_that_was_ten_is_corrected_and_the_newest_wait_again_at_their_place() {
    let world = World::new().await.selling(&["led"]).await;
    let orders = buy_in_turn(&world, "led", [1; 14]).await;
    world.arrive_and_settle("led", 30).await;
    assert_eq!(world.availability("led").await.number("/available"), 16);
    let quick = buy_one_and_settle(&world, "led", 2).await;
    assert_eq!(adjust(&world, "r1-was-10", -20).await.status, 202);
    world.settle_and_assert_sound().await;
    assert_eq!(stock(&world).await, json!({ "east": held(0, 10, 0) }));
    assert_eq!(quick.standing().await, ("waiting", 0), "in stock, and covered until the adjustment");
    for (at, order) in orders.iter().enumerate() {
        let expected = if at < 10 { ("ready", 1) } else { ("waiting", 0) };
        assert_eq!(order.standing().await, expected, "{at}");
    }
    assert_eq!(orders[10].place_in_line().await, (0, 0), "first in line, as before");
    assert_eq!(quick.place_in_line().await, (4, 4));
    assert_eq!(world.availability("led").await.number("/available"), 0);
    let late = buy_one(&world, "led", 1).await;
    world.arrive_and_settle("led", 6).await;
    assert_eq!(standings([&quick, &late]).await, [("ready", 2), ("waiting", 0)]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_whoever_stands_behind_a_loss_is_told_that_their_place_may_have_grown() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 2).await;
    let [first, second, behind] = buy_in_turn(&world, "led", [1, 1, 1]).await;
    world.settle().await;
    let said = async |order: &Purchase<'_>| {
        let shown = order.look().await;
        (shown.number("/lines/0/lost"), shown.body["lines"][0]["after_loss"].clone(), order.place_in_line().await)
    };
    assert_eq!(said(&behind).await, (0, json!(false), (0, 0)));
    world.adjust_and_settle("led", "east", -2).await;
    assert_eq!(said(&first).await, (1, json!(false), (0, 0)));
    assert_eq!(said(&second).await, (1, json!(true), (1, 1)));
    assert_eq!(said(&behind).await, (0, json!(true), (2, 2)), "the loss grew, and the answer says so");
    world.arrive_and_settle("led", 2).await;
    assert_eq!(said(&behind).await, (0, json!(false), (0, 0)));
    world.assert_sound().await;
}

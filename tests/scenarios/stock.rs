//! Arrivals and stock adjustments: the stock of each warehouse, and which orders lose a missing unit.

use serde_json::{Value, json};
use tests::World;

use crate::purchase::{
    BACKORDERED, CHANGED, CONFIRMATION, assert_outbox, assert_problem, buy_in_turn, buy_one, buy_one_and_settle,
    for_sale, standings,
};

pub(crate) async fn stock(world: &World) -> Value {
    world.line("led").await.body["stock"].clone()
}

pub(crate) fn held(unassigned: i64, assigned: i64, shipped: i64) -> Value {
    json!({ "unassigned": unassigned, "assigned": assigned, "shipped": shipped })
}

pub(crate) async fn adjust(world: &World, id: &str, quantity: i64) -> local::client::ApiResponse {
    let body =
        json!({ "adjustment_id": id, "sku": "led", "warehouse": "east", "quantity": quantity, "reason": "count" });
    world.shop.post("/stock-adjustments", &body).await.unwrap()
}

async fn receive(world: &World, id: &str, quantity: i64) -> local::client::ApiResponse {
    let body = json!({ "receipt_id": id, "sku": "led", "warehouse": "east", "quantity": quantity });
    world.shop.post("/stock-arrivals", &body).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_a_receipt_counts_once_and_another_under_its_name_is_refused() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    assert_eq!(receive(&world, "r1", 3).await.status, 202);
    for _ in 0..2 {
        assert_eq!(receive(&world, "r1", 3).await.status, 200, "a repeat");
    }
    assert_problem(&receive(&world, "r1", 4).await, 409, "id-reused");
    world.settle().await;
    assert_eq!(receive(&world, "r1", 3).await.status, 200);
    world.settle().await;
    assert_eq!(order.standing().await, ("ready", 1));
    assert_eq!(stock(&world).await, json!({ "east": held(2, 1, 0) }));
    assert_eq!(world.availability("led").await.number("/available"), 2);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_an_adjustment_counts_once_and_another_under_its_name_is_refused() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 5).await;
    assert_eq!(adjust(&world, "a1", -2).await.status, 202);
    assert_eq!(adjust(&world, "a1", -2).await.status, 200, "a repeat");
    assert_problem(&adjust(&world, "a1", -1).await, 409, "id-reused");
    world.settle().await;
    assert_eq!(stock(&world).await, json!({ "east": held(3, 0, 0) }));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_units_found_on_the_shelf_go_to_who_waits_first() {
    let world = World::new().await.selling(&["led"]).await;
    let first = buy_one(&world, "led", 2).await;
    world.adjust_and_settle("led", "east", 3).await;
    assert_eq!(first.standing().await, ("ready", 2));
    assert_eq!(world.availability("led").await.number("/available"), 1);
    assert_eq!(stock(&world).await, json!({ "east": held(1, 2, 0) }));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_units_lost_from_the_shelf_are_no_longer_for_sale() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 3).await;
    let order = buy_one_and_settle(&world, "led", 1).await;
    assert_eq!(adjust(&world, "a1", -2).await.status, 202);
    assert_eq!(world.availability("led").await.text("/status"), "on_backorder", "before the answer");
    let newcomer = buy_one(&world, "led", 1).await;
    assert_eq!(newcomer.placed.body["lines"][0]["backordered"], json!(true));
    world.settle().await;
    assert_eq!(standings([&order, &newcomer]).await, [("ready", 1), ("waiting", 0)]);
    assert_eq!(stock(&world).await, json!({ "east": held(0, 1, 0) }));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_a_loss_before_the_fill_leaves_nothing_for_sale_while_a_buyer_lacks_a_unit() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive_and_settle("led", 3).await;
    world.stack().delivery().pause();
    let order = buy_one(&world, "led", 3).await;
    assert_eq!(order.placed.body["lines"][0]["backordered"], json!(false));
    assert_eq!(adjust(&world, "a1", -1).await.status, 202);
    assert_eq!(for_sale(&world, "led").await, ("on_backorder", 0));
    world.resume_and_settle().await;
    assert_eq!(world.availability("led").await.number("/units_waiting"), 1);
    assert_eq!(order.standing().await, ("waiting", 2));
    world.arrive_and_settle("led", 2).await;
    assert_eq!(order.standing().await, ("ready", 3));
    assert_eq!(world.availability("led").await.number("/available"), 1);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_units_given_back_lie_in_the_warehouse_they_came_from() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive_at("led", "west", 2).await;
    world.arrive_at("led", "east", 1).await;
    let order = buy_one_and_settle(&world, "led", 3).await;
    assert_eq!(stock(&world).await, json!({ "east": held(0, 1, 0), "west": held(0, 2, 0) }));
    assert_eq!(order.cancel("c1", json!({})).await.status, 200);
    world.settle().await;
    assert_eq!(stock(&world).await, json!({ "east": held(1, 0, 0), "west": held(2, 0, 0) }));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_when_assigned_units_are_lost_the_newest_gives_up_its_unit_and_is_served_next() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 3).await;
    let orders = buy_in_turn(&world, "led", [1, 2, 1]).await;
    world.settle().await;
    assert_eq!(orders[1].standing().await, ("ready", 2));
    world.adjust_and_settle("led", "east", -1).await;
    assert_eq!(orders[0].standing().await, ("ready", 1), "the oldest keeps its unit");
    assert_eq!(orders[1].standing().await, ("waiting", 1), "the newest order with units lost one");
    assert_eq!(orders[2].place_in_line().await, (1, 1));
    let picked = world.ready().await;
    assert_eq!(picked.body["parcels"].as_array().unwrap().len(), 1, "no longer released: {:#}", picked.body);
    assert_problem(&orders[1].ship("s1", "east", json!({})).await, 409, "not-released");
    assert_eq!(world.availability("led").await.number("/units_waiting"), 2);
    world.arrive_and_settle("led", 1).await;
    assert_eq!(orders[1].standing().await, ("ready", 2), "the order gets the next unit");
    assert_eq!(orders[2].standing().await, ("waiting", 0));
    assert_eq!(stock(&world).await, json!({ "east": held(0, 3, 0) }));
    assert_outbox(
        &world,
        &[(&orders[0], &[CONFIRMATION]), (&orders[1], &[CONFIRMATION, CHANGED]), (&orders[2], BACKORDERED)],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_loss_takes_the_unassigned_first_then_from_as_many_of_the_newest_as_it_must() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 5).await;
    let orders = buy_in_turn(&world, "led", [1; 4]).await;
    world.settle().await;
    world.adjust_and_settle("led", "east", -3).await;
    assert_eq!(standings(&orders).await, [("ready", 1), ("ready", 1), ("waiting", 0), ("waiting", 0)]);
    assert_eq!(stock(&world).await, json!({ "east": held(0, 2, 0) }));
    let line = world.line("led").await;
    let waiting: Vec<&Value> = line.body["waiting"].as_array().unwrap().iter().map(|it| &it["order_id"]).collect();
    assert_eq!(waiting, [&json!(orders[2].id), &json!(orders[3].id)]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_no_more_can_be_lost_than_the_warehouse_holds() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 3).await;
    world.arrive_at("led", "west", 5).await;
    let order = buy_one_and_settle(&world, "led", 2).await;
    let before = stock(&world).await;
    assert_problem(&adjust(&world, "a1", -4).await, 409, "not-that-many");
    world.settle().await;
    assert_eq!(stock(&world).await, before);
    assert_eq!(order.standing().await, ("ready", 2));
    for warehouse in ["east", "west"] {
        order.ship(&format!("s-{warehouse}"), warehouse, json!({})).await;
    }
    let east = &stock(&world).await["east"];
    let left = east["unassigned"].as_i64().unwrap();
    assert_eq!(left + east["shipped"].as_i64().unwrap(), 3);
    assert_problem(&adjust(&world, "a2", -left - 1).await, 409, "not-that-many");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_goods_find_who_waits_even_while_no_message_wakes_the_fill() {
    let world = World::new().await.selling(&["led"]).await;
    let order = world.order("led", 1).placed().await;
    world.settle().await;
    world.stack().delivery().pause_source(local::Source::Stream);
    assert_eq!(world.arrive("led", 1).await.status, 202);
    world.advance("PT2M").await;
    assert_eq!(world.look(&order).await.text("/status"), "ready");
    world.stack().delivery().resume_source(&local::Source::Stream);
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_who_lost_units_is_told_so_and_full_orders_behind_count_as_ahead_of_nobody() {
    let world = World::new().await.selling(&["led"]).await;
    let mut orders = Vec::new();
    for warehouse in ["east", "west", "west"] {
        orders.push(buy_one(&world, "led", 2).await);
        world.arrive_at_and_settle("led", warehouse, 2).await;
    }
    orders.push(buy_one(&world, "led", 1).await);
    world.adjust_and_settle("led", "east", -1).await;
    let lost = orders[0].look().await;
    assert_eq!((lost.number("/lines/0/lost"), lost.text("/lines/0/status")), (1, "waiting"), "{:#}", lost.body);
    assert_eq!(lost.body["slipped"], json!(false), "{:#}", lost.body);
    assert_eq!(orders[0].place_in_line().await, (0, 0));
    assert_eq!(orders[3].place_in_line().await, (1, 1), "the two orders in between are full");
    assert_eq!(orders[1].look().await.number("/lines/0/lost"), 0);
    world.arrive_and_settle("led", 1).await;
    assert_eq!(orders[0].look().await.number("/lines/0/lost"), 1, "the loss stays on record");
    assert_eq!(orders[3].place_in_line().await, (0, 0));
    world.assert_sound().await;
}

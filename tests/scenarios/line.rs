//! The backlog: the order in which units are given, each place in line, and when goods are for sale again.

use futures::future::join_all;
use serde_json::json;
use tests::World;

use crate::purchase::{buy, buy_in_turn, buy_one, buy_one_and_settle, for_sale, standings, units};

#[tokio::test(flavor = "multi_thread")]
async fn r3_orders_are_filled_strictly_in_the_order_received() {
    let world = World::new().await.selling(&["led"]).await;
    let orders = buy_in_turn(&world, "led", [1, 3, 2]).await;
    world.arrive_and_settle("led", 3).await;
    assert_eq!(standings(&orders).await, [("ready", 1), ("waiting", 2), ("waiting", 0)]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_partly_filled_head_keeps_its_units_and_is_not_passed_by_a_smaller_order() {
    let world = World::new().await.selling(&["led"]).await;
    let [large, small] = buy_in_turn(&world, "led", [5, 1]).await;
    for (arrived, held) in [(1, 1), (2, 3), (1, 4)] {
        world.arrive_and_settle("led", arrived).await;
        assert_eq!(large.standing().await, ("waiting", held));
        assert_eq!(small.standing().await, ("waiting", 0));
    }
    world.arrive_and_settle("led", 2).await;
    assert_eq!(standings([&large, &small]).await, [("ready", 5), ("ready", 1)]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_who_was_first_is_first_for_every_shared_item_whatever_the_order_of_the_lines() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let first = buy(&world, world.order_of(&[("led", 1), ("lamp", 2)])).await;
    let second = buy(&world, world.order_of(&[("lamp", 2), ("led", 1)])).await;
    world.arrive("lamp", 3).await;
    world.arrive_and_settle("led", 1).await;
    let (one, two) = (first.look().await, second.look().await);
    assert_eq!((one.number("/lines/0/assigned"), one.number("/lines/1/assigned")), (1, 2));
    assert_eq!((two.number("/lines/0/assigned"), two.number("/lines/1/assigned")), (1, 0));
    assert_eq!((one.text("/status"), two.text("/status")), ("ready", "waiting"));
    assert_eq!((one.text("/lines/0/status"), two.text("/lines/0/status")), ("assigned", "waiting"));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_the_place_in_line_is_exact_and_shrinks_as_others_are_served_or_leave() {
    let world = World::new().await.selling(&["led"]).await;
    let ahead = buy_in_turn(&world, "led", [2, 1, 3]).await;
    let mine = buy_one(&world, "led", 1).await;
    assert_eq!((mine.placed.number("/lines/0/orders_ahead"), mine.placed.number("/lines/0/units_ahead")), (3, 6));
    world.arrive_and_settle("led", 2).await;
    assert_eq!(mine.place_in_line().await, (2, 4), "the first order has all its units");
    assert_eq!(ahead[1].cancel("c1", json!({})).await.status, 200);
    world.settle().await;
    assert_eq!(mine.place_in_line().await, (1, 3), "the second order left the line");
    assert_eq!(ahead[2].cancel("c1", units(1, 2)).await.status, 200);
    world.settle().await;
    assert_eq!(mine.place_in_line().await, (1, 1), "the third order was reduced");
    world.arrive_and_settle("led", 1).await;
    assert_eq!(mine.place_in_line().await, (0, 0));
    assert_eq!(mine.status().await, "waiting");
    world.arrive_and_settle("led", 1).await;
    assert_eq!(mine.standing().await, ("ready", 1));
    assert_eq!(mine.place_in_line().await, (0, 0), "a served order has nobody ahead");
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_the_place_in_line_is_exact_before_anything_has_followed_from_the_orders() {
    let world = World::new().await.selling(&["led"]).await;
    world.stack().delivery().pause();
    let [first, second, mine] = buy_in_turn(&world, "led", [2, 4, 1]).await;
    assert_eq!(first.cancel("c1", json!({})).await.status, 200);
    assert_eq!(mine.place_in_line().await, (1, 4));
    assert_eq!(second.cancel("c1", units(1, 3)).await.status, 200);
    assert_eq!(mine.place_in_line().await, (1, 1));
    world.resume_and_settle().await;
    assert_eq!(mine.place_in_line().await, (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_the_place_in_a_long_line_is_exact() {
    let world = World::new().await.selling(&["led"]).await;
    let mut orders = Vec::new();
    for _ in 0..24 {
        orders.extend(join_all((0..10).map(|_| world.order("led", 2).placed())).await);
    }
    let mine = buy_one(&world, "led", 1).await;
    assert_eq!(mine.place_in_line().await, (240, 480));
    for order in [&orders[5], &orders[105], &orders[155], &orders[235]] {
        assert_eq!(world.cancel(order).await.status, 200);
    }
    assert_eq!(mine.place_in_line().await, (236, 472));
    world.settle().await;
    assert_eq!(mine.place_in_line().await, (236, 472));
    world.arrive_and_settle("led", 101).await;
    assert_eq!(mine.place_in_line().await, (186, 371), "50 orders have all their units, the next one has half");
    let page = world.availability("led").await;
    assert_eq!((page.number("/orders_waiting"), page.number("/units_waiting")), (187, 372));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_newcomers_place_is_what_the_page_said_a_moment_before() {
    let world = World::new().await.selling(&["led"]).await;
    let head = buy_one(&world, "led", 4).await;
    buy_one(&world, "led", 2).await;
    world.arrive_and_settle("led", 3).await;
    assert_eq!(head.standing().await, ("waiting", 3));
    let page = world.availability("led").await;
    assert_eq!((page.number("/orders_waiting"), page.number("/units_waiting")), (2, 3));
    let newcomer = buy_one(&world, "led", 1).await;
    assert_eq!(newcomer.place_in_line().await, (2, 3), "the first order still waits for a unit");
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_the_shop_sees_who_waits_page_by_page_in_order() {
    let world = World::new().await.selling(&["led"]).await;
    let orders = buy_in_turn(&world, "led", [2, 1, 4]).await;
    world.arrive_and_settle("led", 1).await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = world.shop.get(&format!("/products/led/line?limit=1{after}")).await.unwrap();
        assert_eq!((page.status, page.text("/sku"), page.number("/available")), (200, "led", -6));
        let waiting = page.body["waiting"].as_array().unwrap();
        assert!(waiting.len() <= 1, "{:#}", page.body);
        seen.extend(waiting.iter().map(|it| {
            (
                it["order_id"].as_str().unwrap().to_owned(),
                it["quantity"].as_i64().unwrap(),
                it["assigned"].as_i64().unwrap(),
            )
        }));
        match page.body["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let expected: Vec<_> = orders
        .iter()
        .zip([(2, 1), (1, 0), (4, 0)])
        .map(|(order, (wants, has))| (order.id.clone(), wants, has))
        .collect();
    assert_eq!(seen, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_the_pick_list_is_in_the_order_received_not_in_the_order_served() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let both = buy(&world, world.order_of(&[("led", 1), ("lamp", 1)])).await;
    let led = buy_one(&world, "led", 1).await;
    let lamp = buy_one(&world, "lamp", 1).await;
    world.arrive_and_settle("led", 2).await;
    assert_eq!(picked(&world, "").await, std::slice::from_ref(&led.id));
    world.arrive_and_settle("lamp", 3).await;
    let late = buy_one(&world, "lamp", 1).await;
    assert_eq!(late.placed.body["lines"][0]["backordered"], json!(false));
    world.settle().await;
    let expected = [both.id, led.id, lamp.id, late.id];
    assert_eq!(picked(&world, "").await, expected);
    let page = world.shop.get("/shipments/ready?limit=2").await.unwrap();
    assert_eq!(page.body["parcels"].as_array().unwrap().len(), 2);
    let rest = picked(&world, &format!("&after={}", page.text("/next"))).await;
    assert_eq!(rest, expected[2..]);
}

async fn picked(world: &World, query: &str) -> Vec<String> {
    let list = world.shop.get(&format!("/shipments/ready?limit=100{query}")).await.unwrap();
    assert_eq!(list.status, 200, "{:#}", list.body);
    list.body["parcels"].as_array().unwrap().iter().map(|it| it["order_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_no_unit_is_for_sale_while_anyone_waits_for_it() {
    let world = World::new().await.selling(&["led"]).await;
    let first = buy_one(&world, "led", 3).await;
    assert_eq!(world.arrive("led", 2).await.status, 202);
    world.settle().await;
    let page = world.availability("led").await;
    assert_eq!(
        (page.text("/status"), page.number("/available"), page.number("/units_waiting")),
        ("on_backorder", 0, 1)
    );
    let second = buy_one(&world, "led", 1).await;
    assert_eq!(second.placed.body["lines"][0]["backordered"], json!(true));
    world.arrive_and_settle("led", 3).await;
    assert_eq!((first.status().await, second.status().await), ("ready", "ready"));
    let page = world.availability("led").await;
    assert_eq!((page.text("/status"), page.number("/available"), page.number("/orders_waiting")), ("in_stock", 1, 0));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_what_goes_on_sale_with_an_arrival_leaves_the_waiting_covered_before_any_fill() {
    let world = World::new().await.selling(&["led"]).await;
    let waited = buy_one_and_settle(&world, "led", 2).await;
    world.stack().delivery().pause();
    world.arrive("led", 3).await;
    assert_eq!(world.availability("led").await.number("/available"), 1);
    let [in_stock, too_late] = buy_in_turn(&world, "led", [1, 1]).await;
    assert_eq!(in_stock.placed.body["lines"][0]["backordered"], json!(false));
    assert_eq!(in_stock.placed.text("/status"), "waiting", "it waits until the fill");
    assert_eq!(too_late.placed.body["lines"][0]["backordered"], json!(true));
    world.resume_and_settle().await;
    assert_eq!(standings([&waited, &in_stock, &too_late]).await, [("ready", 2), ("ready", 1), ("waiting", 0)]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_a_canceled_place_goes_to_the_next_in_line_and_only_then_on_sale() {
    let world = World::new().await.selling(&["led"]).await;
    let [first, second] = buy_in_turn(&world, "led", [3, 1]).await;
    world.arrive_and_settle("led", 2).await;
    assert_eq!(first.cancel("c1", json!({})).await.status, 200);
    world.settle().await;
    assert_eq!(second.standing().await, ("ready", 1));
    assert_eq!(for_sale(&world, "led").await, ("in_stock", 1));
    world.assert_sound().await;
}

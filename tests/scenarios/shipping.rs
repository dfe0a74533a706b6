//! Parcels: which may ship, from which warehouse, and the order's status afterwards.

use serde_json::{Value, json};
use tests::World;

use crate::purchase::{
    CONFIRMATION, NOTICE, SHIPPED, assert_outbox, assert_problem, buy, buy_in_turn, buy_one, buy_one_and_settle, units,
};

#[tokio::test(flavor = "multi_thread")]
async fn r11_an_order_wholly_on_backorder_ships_nothing_until_its_items_are_in() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let order = buy(&world, world.order_of(&[("led", 2), ("lamp", 1)])).await;
    world.arrive_and_settle("led", 1).await;
    for (sku, quantity) in [("led", 1), ("lamp", 1)] {
        assert_eq!(order.status().await, "waiting");
        assert_eq!(world.ready().await.body["parcels"], json!([]), "nothing to pick");
        assert_problem(&order.ship("s1", "east", json!({})).await, 409, "not-released");
        world.arrive_and_settle(sku, quantity).await;
    }
    assert_eq!(order.status().await, "ready");
    let shipped = order.ship("s1", "east", json!({})).await;
    assert_eq!((shipped.status, shipped.text("/status")), (200, "shipped"), "{:#}", shipped.body);
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, SHIPPED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r22_a_shipped_order_shows_its_parcel_and_leaves_the_pick_list() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 3).await;
    let order = buy_one_and_settle(&world, "led", 2).await;
    let parcel = world.ready().await.body["parcels"][0].clone();
    assert_eq!((&parcel["order_id"], &parcel["warehouse"]), (&json!(order.id), &json!("east")));
    assert_eq!(parcel["lines"], json!([{ "line": 1, "sku": "led", "quantity": 2 }]));
    assert_eq!(parcel["ship_to"], order.body["ship_to"]);
    assert!(parcel["ship_by"].is_string(), "{parcel:#}");
    let shipped = order.ship("s1", "east", json!({})).await;
    assert_eq!((shipped.text("/status"), shipped.text("/lines/0/status")), ("shipped", "shipped"));
    assert_eq!(
        (shipped.number("/lines/0/shipped"), shipped.number("/lines/0/assigned")),
        (2, 0),
        "shipped units are not assigned"
    );
    assert_eq!(shipped.text("/shipments/0/tracking_number"), "1Z-TRACK-7");
    assert_eq!(world.ready().await.body["parcels"], json!([]));
    let stock = world.line("led").await.body["stock"].clone();
    assert_eq!(stock, json!({ "east": { "unassigned": 1, "assigned": 0, "shipped": 2 } }));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r22_an_order_from_two_warehouses_goes_in_two_parcels_with_a_mail_each() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 3).await;
    world.arrive_at("led", "west", 2).await;
    world.arrive_at_and_settle("led", "east", 1).await;
    assert_eq!(picks(&world, "west").await, [(order.id.clone(), 2)]);
    assert_eq!(picks(&world, "east").await, [(order.id.clone(), 1)]);
    assert_eq!(picks(&world, "north").await, []);
    assert_eq!(world.ready().await.body["parcels"].as_array().unwrap().len(), 2);

    let first = order.ship("s1", "west", json!({ "tracking_number": "WEST-1" })).await;
    assert_eq!((first.text("/status"), first.number("/lines/0/shipped")), ("partly_shipped", 2), "{:#}", first.body);
    assert_eq!((picks(&world, "west").await, picks(&world, "east").await.len()), (vec![], 1));
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, SHIPPED])]).await;

    let second = order.ship("s2", "east", json!({ "tracking_number": "EAST-1" })).await;
    assert_eq!((second.text("/status"), second.number("/lines/0/shipped")), ("shipped", 3));
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, SHIPPED, SHIPPED])]).await;
    let texts: Vec<Value> = world.inbox().await.into_iter().filter(|mail| mail["kind"] == SHIPPED).collect();
    for tracking in ["WEST-1", "EAST-1"] {
        let naming = texts.iter().filter(|mail| mail["text"].as_str().unwrap().contains(tracking)).count();
        assert!(naming >= 1, "{tracking} is in no mail");
    }
    world.assert_sound().await;
}

async fn picks(world: &World, warehouse: &str) -> Vec<(String, i64)> {
    let list = world.shop.get(&format!("/shipments/ready?warehouse={warehouse}&limit=50")).await.unwrap();
    let parcels = list.body["parcels"].as_array().unwrap();
    assert!(parcels.iter().all(|parcel| parcel["warehouse"] == warehouse), "{parcels:#?}");
    let units =
        |parcel: &Value| parcel["lines"].as_array().unwrap().iter().map(|it| it["quantity"].as_i64().unwrap()).sum();
    parcels.iter().map(|parcel| (parcel["order_id"].as_str().unwrap().to_owned(), units(parcel))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_each_warehouse_picks_its_part_in_the_order_received() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let first = buy(&world, world.order_of(&[("led", 1), ("lamp", 1)])).await;
    let second = buy_one(&world, "led", 2).await;
    let third = buy_one(&world, "lamp", 1).await;
    world.arrive_at("led", "west", 3).await;
    world.arrive_at_and_settle("lamp", "east", 2).await;
    assert_eq!(picks(&world, "west").await, [(first.id.clone(), 1), (second.id.clone(), 2)]);
    assert_eq!(picks(&world, "east").await, [(first.id.clone(), 1), (third.id.clone(), 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn r22_a_parcel_from_a_warehouse_that_holds_nothing_of_the_order_is_stopped() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 1).await;
    let order = buy_one_and_settle(&world, "led", 1).await;
    let answer = order.ship("s1", "west", json!({})).await;
    assert_eq!(answer.status, 409, "{:#}", answer.body);
    world.settle().await;
    assert_eq!(order.standing().await, ("ready", 1));
    assert_eq!(order.ship("s2", "east", json!({})).await.text("/status"), "shipped");
    assert_outbox(&world, &[(&order, &[CONFIRMATION, SHIPPED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r22_nothing_leaves_twice_and_nothing_canceled_leaves() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 2).await;
    let [shipped, canceled] = buy_in_turn(&world, "led", [1, 1]).await;
    world.settle().await;
    assert_eq!(shipped.ship("s1", "east", json!({})).await.status, 200);
    assert_problem(&shipped.ship("s2", "east", json!({})).await, 409, "already-shipped");
    assert_eq!(canceled.cancel("c1", json!({})).await.status, 200);
    assert_problem(&canceled.ship("s3", "east", json!({})).await, 409, "already-canceled");
    world.settle().await;
    assert_eq!(shipped.look().await.body["shipments"].as_array().unwrap().len(), 1);
    let line = world.line("led").await;
    assert_eq!(line.body["stock"], json!({ "east": { "unassigned": 1, "assigned": 0, "shipped": 1 } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn r22_a_parcel_may_name_what_it_holds_but_no_more_than_is_there() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 2).await;
    let order = buy_one_and_settle(&world, "led", 2).await;
    let three = order.ship("s1", "east", units(1, 3)).await;
    assert_problem(&three, 409, "not-that-many");
    let both = order.ship("s2", "east", units(1, 2)).await;
    assert_eq!((both.status, both.text("/status")), (200, "shipped"), "{:#}", both.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_the_same_shipment_again_is_the_same_parcel_and_another_under_its_name_is_not() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 1).await;
    let order = buy_one_and_settle(&world, "led", 1).await;
    for _ in 0..3 {
        let answer = order.ship("s1", "east", json!({})).await;
        assert_eq!((answer.status, answer.text("/status")), (200, "shipped"));
        world.settle().await;
    }
    assert_problem(&order.ship("s1", "east", json!({ "tracking_number": "OTHER" })).await, 409, "id-reused");
    assert_eq!(order.look().await.body["shipments"].as_array().unwrap().len(), 1);
    assert_outbox(&world, &[(&order, &[CONFIRMATION, SHIPPED])]).await;
}

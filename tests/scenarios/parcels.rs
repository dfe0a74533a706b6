//! Shipping policies: an order ships as a whole, in parts, or in one parcel abroad, and always in as few parcels as
//! possible.

use serde_json::{Value, json};
use tests::OrderBuilder;
use tests::World;
use tests::world::usd;

use crate::purchase::{
    CONFIRMATION, NOTICE, SHIPPED, assert_outbox, assert_problem, buy, buy_and_settle, buy_one_and_settle, mail_says,
    text, units,
};

/// A shop with this policy that has LEDs in stock and no lamps.
async fn shop(policy: &str) -> World {
    let world = World::with_policy(policy).await.selling(&["led", "lamp"]).await;
    world.arrive("led", 2).await;
    world
}

fn mixed(world: &World) -> OrderBuilder<'_> {
    world.order_of(&[("led", 2), ("lamp", 1)]).with(json!({ "shipping": usd(500) }))
}

fn abroad(order: OrderBuilder<'_>) -> OrderBuilder<'_> {
    order.with(json!({ "ship_to": { "country": "CA", "name": "Ann Lee", "address": "1 Long Road" } }))
}

async fn parcels(world: &World) -> Vec<Value> {
    world.ready().await.body["parcels"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_what_is_in_stock_is_held_until_everything_ships_together() {
    for policy in ["ledriven", "add-to-cart-backorder"] {
        let world = shop(policy).await;
        let order = buy_and_settle(&world, mixed(&world)).await;
        mail_says(&order, CONFIRMATION, &["two orders get them to you sooner"]).await;
        assert_eq!((order.standing().await, parcels(&world).await), (("waiting", 2), vec![]));
        assert_problem(&order.ship("s1", "east", json!({})).await, 409, "not-released");
        world.arrive_and_settle("lamp", 1).await;
        assert_eq!(parcels(&world).await.len(), 1);
        assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "shipped");
        assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, SHIPPED])]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_what_is_there_ships_right_away_and_the_rest_later_at_no_further_charge() {
    let world = shop("bodybuilding").await;
    let order = buy_and_settle(&world, mixed(&world)).await;
    mail_says(&order, CONFIRMATION, &["you never pay for the extra shipment"]).await;
    assert_eq!(order.standing().await, ("ready", 2));
    let due = order.look().await.text("/ship_by").to_owned();
    assert_eq!(parcels(&world).await[0]["lines"], json!([{ "line": 1, "sku": "led", "quantity": 2 }]));
    let part = order.ship("s1", "east", units(1, 1)).await;
    assert_eq!((part.text("/status"), part.text("/ship_by")), ("partly_shipped", due.as_str()), "one parcel is ready");
    let rest = order.ship("s2", "east", json!({})).await;
    assert_eq!((rest.text("/status"), &rest.body["ship_by"]), ("partly_shipped", &Value::Null));
    assert_eq!(parcels(&world).await, Vec::<Value>::new(), "waiting units are not on the pick list");
    assert_problem(&order.ship("s3", "east", json!({})).await, 409, "not-that-many");
    world.arrive_and_settle("lamp", 1).await;
    assert!(order.look().await.body["ship_by"].is_string(), "later goods have their own deadline (R16)");
    assert_eq!(order.ship("s3", "east", json!({})).await.text("/status"), "shipped");
    assert_eq!(order.money().await, (3500, 0), "shipping is paid once");
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, SHIPPED, SHIPPED, SHIPPED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_shipping_does_not_go_back_for_a_rest_that_is_canceled_after_a_parcel_left() {
    let world = shop("bodybuilding").await;
    let order = buy_and_settle(&world, mixed(&world)).await;
    order.ship("s1", "east", json!({})).await;
    let canceled = order.cancel("c1", json!({})).await;
    assert_eq!((canceled.status, canceled.text("/status")), (200, "shipped"), "{:#}", canceled.body);
    world.settle().await;
    assert_eq!(order.money().await, (3500, 1000));
    assert_problem(&order.ship("s2", "east", json!({})).await, 409, "already-shipped");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_a_line_that_is_partly_there_leaves_in_parts_too() {
    let world = shop("bodybuilding").await;
    let order = buy_one_and_settle(&world, "led", 5).await;
    assert_eq!(order.standing().await, ("ready", 2));
    world.arrive_and_settle("led", 1).await;
    assert_eq!(order.standing().await, ("ready", 3));
    assert_problem(&order.ship("s1", "east", units(1, 4)).await, 409, "not-that-many");
    assert_eq!(order.ship("s2", "east", json!({})).await.number("/lines/0/shipped"), 3);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_a_canceled_line_neither_leaves_nor_holds_the_others() {
    let world = shop("bodybuilding").await;
    let order = buy_and_settle(&world, mixed(&world)).await;
    assert_eq!(order.cancel("c1", json!({ "lines": [{ "line": 1 }] })).await.status, 200);
    world.settle().await;
    assert_eq!((order.status().await, parcels(&world).await), ("waiting", vec![]));
    assert_problem(&order.ship("s1", "east", units(1, 1)).await, 409, "not-released");
    world.arrive_and_settle("lamp", 1).await;
    assert_problem(&order.ship("s1", "east", units(1, 1)).await, 409, "not-that-many");
    assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "shipped");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r11_wholly_on_backorder_nothing_leaves_until_all_is_in_even_where_parts_may() {
    let world = shop("bodybuilding").await;
    world.product("bar").await;
    let order = buy(&world, world.order_of(&[("lamp", 1), ("bar", 2)])).await;
    world.arrive("lamp", 1).await;
    world.arrive_and_settle("bar", 1).await;
    assert_eq!((order.standing().await, parcels(&world).await), (("waiting", 1), vec![]));
    assert_problem(&order.ship("s1", "east", json!({})).await, 409, "not-released");
    world.arrive_and_settle("bar", 1).await;
    assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "shipped");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r10_what_crosses_a_border_is_held_and_ships_in_one_parcel_from_several_warehouses() {
    for policy in ["bodybuilding", "ledriven"] {
        let world = shop(policy).await;
        let order = buy_and_settle(&world, abroad(mixed(&world))).await;
        mail_says(&order, CONFIRMATION, &["always ships as one parcel"]).await;
        assert_eq!((order.standing().await, parcels(&world).await), (("waiting", 2), vec![]), "{policy}");
        world.arrive_at_and_settle("lamp", "west", 1).await;
        let ready = parcels(&world).await;
        assert_eq!((ready.len(), &ready[0]["warehouse"], &ready[0]["consolidated"]), (1, &json!("east"), &json!(true)));
        let lines = json!([
            { "line": 1, "sku": "led", "quantity": 2, "from": [{ "warehouse": "east", "quantity": 2 }] },
            { "line": 2, "sku": "lamp", "quantity": 1, "from": [{ "warehouse": "west", "quantity": 1 }] },
        ]);
        assert_eq!(ready[0]["lines"], lines);
        let elsewhere = world.shop.get("/shipments/ready?warehouse=west").await.unwrap();
        assert_eq!(elsewhere.body["parcels"][0]["lines"], lines, "an order that holds a part of it is told, too");
        let nowhere = world.shop.get("/shipments/ready?warehouse=north").await.unwrap();
        assert_eq!(nowhere.body["parcels"], json!([]));
        for part in
            [json!([{ "line": 1, "quantity": 2 }]), json!([{ "line": 1, "quantity": 1 }, { "line": 2, "quantity": 1 }])]
        {
            assert_problem(&order.ship("s1", "east", json!({ "lines": part })).await, 409, "one-shipment");
        }
        assert_problem(&order.ship("s1", "north", json!({})).await, 409, "not-that-many");
        let all = json!({ "lines": [{ "line": 2, "quantity": 1 }, { "line": 1, "quantity": 2 }] });
        assert_eq!(order.ship("s1", "west", all).await.text("/status"), "shipped");
        let stock = async |sku| world.line(sku).await.body["stock"].clone();
        assert_eq!(stock("led").await, json!({ "east": { "unassigned": 0, "assigned": 0, "shipped": 2 } }));
        assert_eq!(stock("lamp").await, json!({ "west": { "unassigned": 0, "assigned": 0, "shipped": 1 } }));
        assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, SHIPPED])]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_an_order_comes_from_the_one_warehouse_that_has_all_of_it() {
    let world = World::with_policy("bodybuilding").await.selling(&["led", "lamp"]).await;
    world.arrive_at("led", "east", 5).await;
    world.arrive_at("led", "west", 1).await;
    world.arrive_at_and_settle("lamp", "west", 1).await;
    let order = buy_and_settle(&world, world.order_of(&[("led", 1), ("lamp", 1)])).await;
    let ready = parcels(&world).await;
    assert_eq!((ready.len(), &ready[0]["warehouse"]), (1, &json!("west")), "{ready:#?}");
    assert_eq!(order.ship("s1", "west", json!({})).await.text("/status"), "shipped");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_goods_that_come_later_are_taken_from_where_the_order_lies_already() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let order = buy(&world, world.order_of(&[("led", 1), ("lamp", 1)])).await;
    world.arrive_at_and_settle("led", "west", 1).await;
    // This order has waited longest for the lamps of both warehouses. Both arrivals come before the order gets units.
    world.stack().delivery().pause();
    world.arrive_at("lamp", "east", 3).await;
    world.arrive_at("lamp", "west", 1).await;
    world.resume_and_settle().await;
    assert_eq!(order.status().await, "ready");
    let ready = parcels(&world).await;
    assert_eq!((ready.len(), &ready[0]["warehouse"]), (1, &json!("west")), "{ready:#?}");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_the_pick_list_goes_on_page_by_page_in_the_order_received_parts_and_wholes_alike() {
    let world = shop("bodybuilding").await;
    world.arrive("led", 8).await;
    let mut orders = Vec::new();
    for at in 0..5 {
        let order = match at % 3 {
            0 => world.order_of(&[("led", 1), ("lamp", 1)]),
            1 => world.order("led", 1),
            _ => abroad(world.order("led", 1)),
        };
        orders.push(order.placed().await);
    }
    world.settle().await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = world.shop.get(&format!("/shipments/ready?limit=2&after={after}")).await.unwrap().body;
        let parcels = page["parcels"].as_array().unwrap();
        assert!(parcels.len() <= 2);
        seen.extend(parcels.iter().map(|parcel| text(parcel, "/order_id")));
        let Some(next) = page["next"].as_str() else { break };
        after = next.to_owned();
    }
    assert_eq!(seen, orders);
    world.assert_sound().await;
}

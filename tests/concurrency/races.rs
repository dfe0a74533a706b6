//! Two concurrent calls on the same order: exactly one wins, and the stored data agrees.

use futures::future::{join, join_all};
use local::client::ApiResponse;
use serde_json::{Value, json};
use tests::World;

const ROUNDS: usize = 12;

/// A shop with this many orders of three units, all ready to ship.
async fn ready_orders(orders: usize) -> (World, Vec<String>) {
    let world = World::new().await.selling(&["lamp"]).await;
    world.arrive("lamp", 3 * i64::try_from(orders).unwrap()).await;
    let orders = join_all((0..orders).map(|_| world.order("lamp", 3).placed())).await;
    world.settle().await;
    (world, orders)
}

fn ship(id: &str) -> (&'static str, Value) {
    let body = json!({ "shipment_id": id, "warehouse": "east", "carrier": "UPS", "tracking_number": "1Z999" });
    ("shipments", body)
}

fn cancel() -> (&'static str, Value) {
    ("cancel", json!({ "change_id": "c" }))
}

fn status_and_code(answer: Result<ApiResponse, String>) -> (u16, String) {
    let answer = answer.unwrap();
    (answer.status, answer.code().to_owned())
}

async fn race(world: &World, order: &str, one: (&str, Value), other: (&str, Value)) -> [(u16, String); 2] {
    let (one_path, other_path) = (format!("/orders/{order}/{}", one.0), format!("/orders/{order}/{}", other.0));
    let (one, other) = join(world.shop.post(&one_path, &one.1), world.shop.post(&other_path, &other.1)).await;
    [one, other].map(status_and_code)
}

fn refunded(order: &Value) -> i64 {
    order["refunded"]["amount"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_two_shipments_of_one_order_have_one_winner() {
    let (world, orders) = ready_orders(ROUNDS).await;
    let races = orders.iter().map(|order| race(&world, order, ship("a"), ship("b")));
    for mut outcome in join_all(races).await {
        outcome.sort();
        assert_eq!(outcome, [(200, String::new()), (409, "already-shipped".to_owned())]);
    }
    assert_shipped_once(&world, &orders).await;
}

async fn assert_shipped_once(world: &World, orders: &[String]) {
    world.settle_and_assert_sound().await;
    for order in orders {
        let shown = world.look(order).await.body;
        let shipments = shown["shipments"].as_array().unwrap().len();
        assert_eq!((&shown["status"], shipments), (&json!("shipped"), 1), "{shown}");
        assert_eq!(world.mails(order).await, ["order-confirmation", "shipped"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_one_shipment_said_twice_at_once_is_one_shipment() {
    let (world, orders) = ready_orders(ROUNDS).await;
    let races = orders.iter().map(|order| race(&world, order, ship("a"), ship("a")));
    for outcome in join_all(races).await {
        assert_eq!(outcome.map(|(status, _)| status), [200, 200]);
    }
    assert_shipped_once(&world, &orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_shipment_and_a_cancel_have_one_winner_and_the_money_goes_with_it() {
    let (world, orders) = ready_orders(2 * ROUNDS).await;
    let mut won = [0, 0];
    let races = orders.iter().enumerate().map(|(at, order)| {
        let world = &world;
        async move {
            if at % 2 == 0 {
                return race(world, order, ship("a"), cancel()).await;
            }
            let [cancel, ship] = race(world, order, cancel(), ship("a")).await;
            [ship, cancel]
        }
    });
    let outcomes = join_all(races).await;
    world.settle().await;
    for (order, [ship, cancel]) in orders.iter().zip(&outcomes) {
        let shown = world.look(order).await.body;
        let (code, last, money) = match (ship.0, cancel.0) {
            (200, 409) => (&cancel.1, "shipped", 0),
            (409, 200) => (&ship.1, "canceled", 3_000),
            _ => panic!("no clear winner: {ship:?} {cancel:?} {shown}"),
        };
        assert_eq!((code, &shown["status"], refunded(&shown)), (&format!("already-{last}"), &json!(last), money));
        won[usize::from(cancel.0 == 200)] += 1;
        assert_eq!(world.mails(order).await, ["order-confirmation", last]);
    }
    println!("{} shipments and {} cancels won", won[0], won[1]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_part_of_an_order_canceled_while_it_ships_is_either_in_the_parcel_or_refunded() {
    let (world, orders) = ready_orders(ROUNDS).await;
    let part = json!({ "change_id": "c", "lines": [{ "line": 1, "quantity": 1 }] });
    let races = orders.iter().map(|order| race(&world, order, ship("a"), ("cancel", part.clone())));
    let outcomes = join_all(races).await;
    world.settle().await;
    for (order, [ship, cancel]) in orders.iter().zip(&outcomes) {
        assert_eq!(ship.0, 200, "the remaining units can ship: {ship:?}");
        let shown = world.look(order).await.body;
        let shipped = shown["lines"][0]["shipped"].as_i64().unwrap();
        let answered = if cancel.0 == 200 { (2, 1_000) } else { (3, 0) };
        assert_eq!((shipped, refunded(&shown)), answered, "{cancel:?} {shown}");
        assert!(matches!((cancel.0, cancel.1.as_str()), (200, _) | (409, "already-shipped")), "{cancel:?}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_two_shipments_and_a_cancel_at_once_have_one_winner() {
    let (world, orders) = ready_orders(2 * ROUNDS).await;
    let pair = |order, id| race(&world, order, ship(id), cancel());
    let races = orders.iter().map(|order| join(pair(order, "a"), pair(order, "b")));
    for (order, (one, other)) in orders.iter().zip(join_all(races).await) {
        world.settle().await;
        let shown = world.look(order).await.body;
        let shipped = [&one[0], &other[0]].iter().filter(|answer| answer.0 == 200).count();
        let refunded = refunded(&shown);
        match shown["status"].as_str().unwrap() {
            "shipped" => assert_eq!((shipped, refunded), (1, 0), "{one:?} {other:?}"),
            "canceled" => assert_eq!((shipped, refunded), (0, 3_000), "{one:?} {other:?}"),
            status => panic!("{status}: {one:?} {other:?}"),
        }
        // The same cancel was sent twice, so both calls get the same answer.
        assert_eq!(one[1], other[1], "{shown}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_a_customer_who_buys_many_times_at_once_gets_no_more_than_the_limit() {
    const LIMIT: usize = 5;
    let world = World::new().await;
    world.set_policy(json!({ "limits": { "units_per_customer": LIMIT } })).await;
    world.product("lamp").await;
    world.arrive("lamp", 8).await;
    let bodies = join_all((0..16).map(|_| world.order("lamp", 1).body())).await;
    let answers = join_all(bodies.iter().map(|body| world.shop.post("/orders", body))).await;
    let answered: Vec<_> = answers.into_iter().map(status_and_code).collect();
    // A client that got "try again" repeats.
    let again = join_all(bodies.iter().map(|body| world.shop.post("/orders", body))).await;
    let told_again: Vec<_> = again.into_iter().map(status_and_code).collect();
    for _ in 0..3 {
        world.advance_and_settle("PT2M").await;
    }
    let bought = told_again.iter().filter(|(status, _)| *status == 200 || *status == 201).count();
    assert_eq!(bought, LIMIT, "{answered:?} {told_again:?}");
    assert!(told_again.iter().all(|(status, code)| *status < 300 || code == "limit-reached"), "{told_again:?}");
    let found = world.shop.post("/orders/search", &json!({ "email": "ann@example.com" })).await.unwrap().body;
    let refused = found["orders"].as_array().unwrap().iter().filter(|order| order["status"] == "refused").count();
    let mut back = 0;
    for body in &bodies {
        let payment = world.payment(body["payment_reference"].as_str().unwrap()).await;
        back += usize::from(payment["refunded"] == 1_000);
    }
    println!("{refused} orders were refused at their commit, {} earlier", 16 - LIMIT - refused);
    assert_eq!(back, refused, "refused orders get their money back, and no other order does");
    assert_eq!(world.availability("lamp").await.number("/available"), 3, "unsold units are for sale");
    world.assert_sound().await;
}

/// Equal requests at once, for an order that will be refused after its first line has a ticket.
#[tokio::test(flavor = "multi_thread")]
async fn r25_of_equal_requests_at_once_one_is_told_the_refusal_and_the_money_goes_back() {
    let world = World::new().await.selling(&["lamp"]).await;
    world.product_with("chair", json!({ "backorderable": false })).await;
    world.arrive("lamp", 2).await;
    world.settle().await;
    for equal in [2, 3, 4, 8].repeat(3) {
        let body = world.order_of(&[("lamp", 2), ("chair", 1)]).body().await;
        let answers = join_all((0..equal).map(|_| world.shop.post("/orders", &body))).await;
        let refusals: Vec<_> = answers.into_iter().map(status_and_code).filter(|(status, _)| *status != 503).collect();
        assert!(!refusals.is_empty(), "{equal} equal requests at once all have to ask again");
        assert!(refusals.iter().all(|(status, _)| *status == 409), "{refusals:?}");
        world.settle().await;
        let payment = world.payment(body["payment_reference"].as_str().unwrap()).await;
        assert_eq!(payment["refunded"], payment["captured"], "{payment}");
    }
    assert_eq!(world.availability("lamp").await.body["available"], 2);
    world.settle_and_assert_sound().await;
}

//! Two concurrent calls on the same order: exactly one wins, and the stored data agrees.

use futures::future::{join, join_all};
use serde_json::{Value, json};
use tests::World;

const ROUNDS: usize = 12;

async fn ready_orders(world: &World, orders: usize) -> Vec<String> {
    world.product("lamp").await;
    world.arrive("lamp", 3 * i64::try_from(orders).unwrap()).await;
    let orders = join_all((0..orders).map(|_| world.order("lamp", 3).placed())).await;
    world.settle().await;
    orders
}

fn shipment(id: &str) -> Value {
    json!({ "shipment_id": id, "warehouse": "east", "carrier": "UPS", "tracking_number": "1Z999" })
}

async fn race(world: &World, order: &str, one: (&str, Value), other: (&str, Value)) -> [(u16, String); 2] {
    let (one_path, other_path) = (format!("/orders/{order}/{}", one.0), format!("/orders/{order}/{}", other.0));
    let (one, other) = join(world.shop.post(&one_path, &one.1), world.shop.post(&other_path, &other.1)).await;
    [one, other].map(|answer| {
        let answer = answer.unwrap();
        (answer.status, answer.code().to_owned())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_two_shipments_of_one_order_have_one_winner() {
    let world = World::new().await;
    let orders = ready_orders(&world, ROUNDS).await;
    let races =
        orders.iter().map(|order| race(&world, order, ("shipments", shipment("a")), ("shipments", shipment("b"))));
    for mut outcome in join_all(races).await {
        outcome.sort();
        assert_eq!(outcome, [(200, String::new()), (409, "already-shipped".to_owned())]);
    }
    world.settle().await;
    for order in &orders {
        let shown = world.look(order).await.body;
        assert_eq!(
            (&shown["status"], &shown["shipments"].as_array().unwrap().len()),
            (&json!("shipped"), &1),
            "{shown}"
        );
        assert_eq!(world.mails(order).await, ["order-confirmation", "shipped"]);
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_one_shipment_said_twice_at_once_is_one_shipment() {
    let world = World::new().await;
    let orders = ready_orders(&world, ROUNDS).await;
    let races =
        orders.iter().map(|order| race(&world, order, ("shipments", shipment("a")), ("shipments", shipment("a"))));
    for outcome in join_all(races).await {
        assert_eq!(outcome.map(|(status, _)| status), [200, 200]);
    }
    world.settle().await;
    for order in &orders {
        assert_eq!(world.look(order).await.body["shipments"].as_array().unwrap().len(), 1);
        assert_eq!(world.mails(order).await, ["order-confirmation", "shipped"]);
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_shipment_and_a_cancel_have_one_winner_and_the_money_goes_with_it() {
    let world = World::new().await;
    let orders = ready_orders(&world, 2 * ROUNDS).await;
    let mut won = [0, 0];
    let races = orders.iter().enumerate().map(|(at, order)| {
        let (ship, cancel) = (("shipments", shipment("a")), ("cancel", json!({ "change_id": "c" })));
        let world = &world;
        async move {
            if at % 2 == 0 {
                race(world, order, ship, cancel).await
            } else {
                let [cancel, ship] = race(world, order, cancel, ship).await;
                [ship, cancel]
            }
        }
    });
    let outcomes = join_all(races).await;
    world.settle().await;
    for (order, [ship, cancel]) in orders.iter().zip(&outcomes) {
        let shown = world.look(order).await.body;
        let refunded = shown["refunded"]["amount"].as_i64().unwrap();
        match (ship.0, cancel.0) {
            (200, 409) => {
                assert_eq!((cancel.1.as_str(), &shown["status"], refunded), ("already-shipped", &json!("shipped"), 0))
            }
            (409, 200) => assert_eq!(
                (ship.1.as_str(), &shown["status"], refunded),
                ("already-canceled", &json!("canceled"), 3_000)
            ),
            _ => panic!("no clear winner: {ship:?} {cancel:?} {shown}"),
        }
        won[usize::from(cancel.0 == 200)] += 1;
        let last = if ship.0 == 200 { "shipped" } else { "canceled" };
        assert_eq!(world.mails(order).await, ["order-confirmation", last]);
    }
    println!("{} shipments and {} cancels won", won[0], won[1]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_part_of_an_order_canceled_while_it_ships_is_either_in_the_parcel_or_refunded() {
    let world = World::new().await;
    let orders = ready_orders(&world, ROUNDS).await;
    let part = json!({ "change_id": "c", "lines": [{ "line": 1, "quantity": 1 }] });
    let races = orders.iter().map(|order| race(&world, order, ("shipments", shipment("a")), ("cancel", part.clone())));
    let outcomes = join_all(races).await;
    world.settle().await;
    for (order, [ship, cancel]) in orders.iter().zip(&outcomes) {
        assert_eq!(ship.0, 200, "the remaining units can ship: {ship:?}");
        let shown = world.look(order).await.body;
        let (shipped, refunded) =
            (shown["lines"][0]["shipped"].as_i64().unwrap(), shown["refunded"]["amount"].as_i64().unwrap());
        let answered = if cancel.0 == 200 { (2, 1_000) } else { (3, 0) };
        assert_eq!((shipped, refunded), answered, "{cancel:?} {shown}");
        assert!(matches!((cancel.0, cancel.1.as_str()), (200, _) | (409, "already-shipped")), "{cancel:?}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_two_shipments_and_a_cancel_at_once_have_one_winner() {
    let world = World::new().await;
    let orders = ready_orders(&world, 2 * ROUNDS).await;
    let races = orders.iter().map(|order| {
        let ship = |id| race(&world, order, ("shipments", shipment(id)), ("cancel", json!({ "change_id": "c" })));
        join(ship("a"), ship("b"))
    });
    for (order, (one, other)) in orders.iter().zip(join_all(races).await) {
        world.settle().await;
        let shown = world.look(order).await.body;
        let shipped = [&one[0], &other[0]].iter().filter(|answer| answer.0 == 200).count();
        let refunded = shown["refunded"]["amount"].as_i64().unwrap();
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
    let answered: Vec<_> =
        answers.into_iter().map(Result::unwrap).map(|it| (it.status, it.code().to_owned())).collect();
    // A client that got "try again" repeats.
    let again = join_all(bodies.iter().map(|body| world.shop.post("/orders", body))).await;
    let told_again: Vec<_> =
        again.into_iter().map(Result::unwrap).map(|it| (it.status, it.code().to_owned())).collect();
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

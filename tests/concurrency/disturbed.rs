//! Stream records and messages come twice, late and out of order; scheduled runs come twice, late and at once. The
//! invariants hold all the same, each due mail is sent once, and each due refund is paid once.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::{join, join_all};
use local::Disturbance;
use serde_json::{Value, json};
use tests::World;

use crate::chance::{lost_draws, of_actor, seed, strike_some};
use crate::load::Load;
use crate::verification::{Orders, orders, verify};

/// The number of mails of each kind that an order must have led to.
fn due(order: &Value) -> BTreeMap<String, usize> {
    let lines = order["lines"].as_array().unwrap();
    let placed = lines.iter().all(|line| line["ticket"] != json!(0));
    let backordered = lines.iter().any(|line| line["backordered"] == json!(true));
    let changes = order["refunds"].as_array().unwrap().len();
    let shipments = order["shipments"].as_array().unwrap().len();
    let due = [
        ("order-confirmation", usize::from(placed)),
        ("backorder-notice", usize::from(placed && backordered)),
        ("canceled", changes),
        ("shipped", shipments),
    ];
    due.into_iter().filter(|(_, mails)| *mails > 0).map(|(kind, mails)| (kind.to_owned(), mails)).collect()
}

/// Asserts that the inbox has each mail once and the provider each refund once.
async fn assert_once(world: &World, orders: &Orders) {
    let mut sent: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for mail in world.inbox().await {
        let (order, kind) = (mail["order_id"].as_str().unwrap(), mail["kind"].as_str().unwrap());
        *sent.entry(order.to_owned()).or_default().entry(kind.to_owned()).or_default() += 1;
    }
    for (id, order) in orders {
        assert_eq!(sent.remove(id).unwrap_or_default(), due(order), "mails of {order}");
    }
    assert!(sent.is_empty(), "mails for unknown orders: {sent:?}");
    let mut refunds: BTreeMap<(String, String), i64> = BTreeMap::new();
    for refund in world.stack().state().refunds().unwrap() {
        let about: Value = serde_json::from_str(&refund.metadata).unwrap();
        let key = (about["order_id"].as_str().unwrap().to_owned(), about["change_id"].as_str().unwrap().to_owned());
        assert!(refunds.insert(key, refund.amount).is_none(), "a change was refunded twice: {about}");
    }
    for (id, order) in orders {
        for due in order["refunds"].as_array().unwrap() {
            let key = (id.clone(), due["change_id"].as_str().unwrap().to_owned());
            let paid = refunds.remove(&key).unwrap_or_default();
            assert_eq!((json!(paid), &due["status"]), (due["amount"]["amount"].clone(), &json!("paid")), "{key:?}");
        }
    }
    assert!(refunds.is_empty(), "refunds for unknown changes: {refunds:?}");
}

fn basket(chance: &mut fastrand::Rng) -> Vec<(&'static str, i64)> {
    match chance.u8(0..4) {
        0 => vec![("lamp", 1)],
        1 => vec![("bulb", 2)],
        _ => vec![("lamp", chance.i64(1..=2)), ("bulb", 1)],
    }
}

fn disturbance() -> Disturbance {
    Disturbance { duplicates: 0.5, longest_delay: Duration::from_millis(30), reorder: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_i7_records_and_messages_that_come_twice_late_and_reordered_change_nothing() {
    let seed = seed("disturbed deliveries", 31);
    let world = World::new().await.selling(&["lamp", "bulb"]).await;
    world.stack().delivery().disturb(disturbance());
    strike_some(&world, seed, 0.05, lost_draws);
    let load = Load::new(&world, seed);
    let buyers = join_all((0..16).map(|actor| load.buyer(actor, 4, basket)));
    let cancelers = join_all((0..4).map(|actor| load.canceler(actor, [12, 30, 50])));
    let trucks = join(load.truck("lamp", &[9, 20, 5, 12], 12), load.truck("bulb", &[4, 14, 20, 2], 13));
    join(buyers, join(cancelers, trucks)).await;
    world.settle().await;
    let mut chance = of_actor(seed, 9_999);
    let ready: Vec<Value> = world.ready().await.body["parcels"].as_array().unwrap().clone();
    join_all(ready.iter().filter(|_| chance.bool()).map(|parcel| async {
        let (order, warehouse) = (parcel["order_id"].as_str().unwrap(), parcel["warehouse"].as_str().unwrap());
        let shipped = world.ship(order, warehouse).await;
        assert!(matches!(shipped.status, 200 | 409), "{:?}", shipped.body);
    }))
    .await;
    let (count, orders) = verify(load, &["lamp", "bulb"]).await;
    assert!(count.canceled > 5 && orders.values().any(|order| order["status"] == "shipped"), "{count:?}");
    assert_once(&world, &orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_r23_schedules_that_fire_twice_late_and_at_once_cancel_and_refund_once() {
    let seed = seed("disturbed schedules", 32);
    let world = World::with_policy("bodybuilding").await.selling(&["lamp"]).await;
    world.stack().delivery().disturb(Disturbance { duplicates: 1.0, ..disturbance() });
    strike_some(&world, seed, 0.2, lost_draws);
    let load = Load::new(&world, seed);
    join_all((0..8).map(|actor| load.buyer(actor, 3, |chance| vec![("lamp", chance.i64(1..=3))]))).await;
    world.tap().spare();
    world.arrive_and_settle("lamp", 11).await;
    // The clock passes the day on which everything expires while no schedule fires. Then all schedules fire, twice and
    // concurrently.
    let now = world.stack().clock().now();
    world.stack().clock().move_to(now + Duration::from_secs(32 * 86_400));
    let delivery = world.stack().delivery();
    let late = json!({ "time": (now + Duration::from_secs(31 * 86_400)).to_string() });
    let runs = join_all((0..3).map(|_| world.invoke("daily-expiry", late.clone())));
    let sweeps = join_all((0..3).map(|_| world.invoke("reconcile", late.clone())));
    let (runs, _) = join(
        join(runs, sweeps),
        join(delivery.run_schedules_of("daily-expiry"), delivery.run_schedules_of("reconcile")),
    )
    .await;
    assert!(runs.0.iter().chain(&runs.1).all(Result::is_ok), "{runs:?}");
    let (count, orders) = verify(load, &["lamp"]).await;
    assert!(count.canceled >= 8 && count.canceled < 24, "only full orders stay: {count:?}");
    assert_once(&world, &orders).await;
    world.advance_and_settle("P2D").await;
    let again = self::orders(&world).await;
    assert_eq!(without_estimates(&again), without_estimates(&orders), "a later run finds no work");
    assert_once(&world, &again).await;
}

/// The orders without their estimates, which change with the day.
fn without_estimates(orders: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let mut orders = orders.clone();
    for order in orders.values_mut() {
        let lines = order["lines"].as_array_mut().into_iter().flatten();
        lines.for_each(|line| line["estimated_ship_date"] = Value::Null);
        order["estimated_ship_date"] = Value::Null;
    }
    orders
}

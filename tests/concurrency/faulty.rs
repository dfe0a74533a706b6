//! AWS refuses a random share of all functions' calls under concurrent load.

use std::time::Duration;

use futures::future::{join, join_all};
use serde_json::{Value, json};
use tests::{Call, Fault, World};

use crate::chance::{of_actor, seed, strike_some};
use crate::history::insist;
use crate::load::Load;
use crate::verification::verify;

/// The ways in which AWS and the payment provider may refuse a call. A read never meets a conflict.
pub fn refusals(call: &Call) -> &'static [Fault] {
    match call.operation.as_str() {
        "GetItem" | "Query" | "BatchGetItem" | "GetSecretValue" | "SendEmail" | "SendMessageBatch" => {
            &[Fault::Throttled, Fault::ServerError]
        }
        _ => &[Fault::Conflict, Fault::Throttled, Fault::ServerError],
    }
}

fn basket(chance: &mut fastrand::Rng) -> Vec<(&'static str, i64)> {
    match chance.u8(0..3) {
        0 => vec![("lamp", chance.i64(1..=2))],
        1 => vec![("bulb", 1)],
        _ => vec![("lamp", 1), ("bulb", chance.i64(1..=2))],
    }
}

/// The pick list. Reads it until the request succeeds.
async fn pick_list(load: &Load<'_>) -> Vec<Value> {
    loop {
        let answer = load.world.ready().await;
        if answer.status != 503 {
            return answer.body["parcels"].as_array().unwrap().clone();
        }
    }
}

/// Ships a part of the pick list from time to time. At the end it waits for a parcel and ships the whole list.
async fn shipper(load: &Load<'_>, moments: &[usize]) {
    let mut chance = of_actor(load.seed, 5_000);
    for (at, moment) in moments.iter().enumerate() {
        load.after(*moment).await;
        let last = at + 1 == moments.len();
        let mut parcels = pick_list(load).await;
        while last && parcels.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            parcels = pick_list(load).await;
        }
        for parcel in parcels.iter().filter(|_| last || chance.bool()) {
            let (order, warehouse) = (parcel["order_id"].as_str().unwrap(), &parcel["warehouse"]);
            let body = json!({
                "shipment_id": format!("shipment-{order}-{moment}"), "warehouse": warehouse,
                "carrier": "UPS", "tracking_number": "1Z999",
            });
            let answer = insist(load.world, &format!("/orders/{order}/shipments"), &body).await;
            assert!(matches!(answer.status, 200 | 409 | 503), "{}", answer.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_a_quarter_of_all_calls_refused_leaves_everything_sound_after_repeats() {
    let seed = seed("a quarter refused", 41);
    let world = World::new().await.selling(&["lamp", "bulb"]).await;
    strike_some(&world, seed, 0.25, refusals);
    let load = Load::new(&world, seed);
    let buyers = join_all((0..16).map(|actor| load.buyer(actor, 3, basket)));
    let cancelers = join_all((0..6).map(|actor| load.canceler(actor, [8 + actor, 25, 40])));
    let trucks = join(load.truck("lamp", &[20, 14, 5, 12], 6), load.truck("bulb", &[16, 11, 13, 4], 7));
    join(join(buyers, cancelers), join(trucks, shipper(&load, &[20, 30, 40, 48]))).await;
    let (count, orders) = verify(load, &["lamp", "bulb"]).await;
    let shipped = orders.values().filter(|order| order["status"] == "shipped").count();
    println!("{shipped} shipped");
    assert_eq!(count.placed, 48);
    assert!(count.faulted > 200 && count.canceled > 5 && shipped > 0, "{count:?}");
}

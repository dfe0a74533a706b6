//! Concurrent buyers and cancelers of one and of two products, while goods arrive in pieces and draws are lost.

use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::{join, join_all};
use serde_json::json;
use tests::{Fault, World};

use crate::chance::{lost_draws, seed, strike_some};
use crate::load::Load;
use crate::verification::verify;

const BUYERS: usize = 44;
const CANCELERS: usize = 20;
const ORDERS_EACH: usize = 3;

async fn buy_all_at_once(
    seed: u64,
    skus: &[&'static str],
    basket: impl Fn(&mut fastrand::Rng) -> Vec<(&'static str, i64)> + Copy,
) {
    let world = World::new().await.selling(skus).await;
    strike_some(&world, seed, 0.15, lost_draws);
    let load = Load::new(&world, seed);
    let buyers = join_all((0..BUYERS).map(|actor| load.buyer(actor, ORDERS_EACH, basket)));
    let cancelers = (0..CANCELERS).map(|actor| load.canceler(actor, [5 + actor, 40 + 3 * actor, 115]));
    let trucks = skus.iter().map(|sku| load.truck(sku, &[20, 1, 40, 7, 40, 30, 25, 30], 15));
    join(buyers, join(join_all(cancelers), join_all(trucks))).await;
    let (count, _) = verify(load, skus).await;
    assert_eq!(count.placed, BUYERS * ORDERS_EACH);
    assert!(count.faulted > 20 && count.canceled > 20 && count.one_after_another > 1_000, "{count:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_to_i6_hold_after_64_at_once_on_one_product() {
    let seed = seed("64 on one product", 11);
    buy_all_at_once(seed, &["lamp"], |chance| vec![("lamp", chance.i64(1..=3))]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_to_i6_hold_after_64_at_once_on_two_products_bought_together() {
    let seed = seed("64 on two products", 12);
    buy_all_at_once(seed, &["lamp", "bulb"], |chance| match chance.u8(0..6) {
        0 => vec![("lamp", 1)],
        1 => vec![("bulb", chance.i64(1..=2))],
        2 | 3 => vec![("bulb", 1), ("lamp", chance.i64(1..=3))],
        _ => vec![("lamp", chance.i64(1..=2)), ("bulb", 2)],
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_i4_a_product_without_backorders_is_never_oversold_and_who_is_refused_pays_nothing() {
    let seed = seed("sold out", 13);
    let world = World::new().await;
    world.product_with("last", json!({ "backorderable": false })).await;
    strike_some(&world, seed, 0.15, lost_draws);
    let load = Load::new(&world, seed);
    let buyers = join_all((0..32).map(|actor| load.buyer(actor, 3, |chance| vec![("last", chance.i64(1..=2))])));
    let cancelers = join_all((0..4).map(|actor| load.canceler(actor, [20, 50, 80])));
    join(buyers, join(cancelers, load.truck("last", &[15, 10, 20, 5], 15))).await;
    let (count, orders) = verify(load, &["last"]).await;
    assert!(count.placed > 10 && count.refused > 10 && count.faulted > 10, "{count:?}");
    for order in orders.values().filter(|order| order["status"] != "refused") {
        assert!(matches!(order["status"].as_str().unwrap(), "ready" | "canceled"), "{order}");
        assert_eq!(order["lines"][0]["backordered"], json!(false), "{order}");
    }
    assert_eq!(world.line("last").await.body["waiting"], json!([]));
}

/// The unit may have gone to the buyer's own lost draw, so "sold out" would be wrong.
#[tokio::test(flavor = "multi_thread")]
async fn i8_whose_own_lost_draw_took_the_last_unit_is_asked_to_try_again_and_gets_it() {
    let world = World::new().await;
    world.product_with("last", json!({ "backorderable": false })).await;
    world.arrive_and_settle("last", 1).await;
    let lost = AtomicBool::new(false);
    world.tap().fault_where(move |call| {
        let draw = call.function == "place-order" && call.operation == "UpdateItem";
        (draw && !lost.swap(true, Ordering::SeqCst)).then_some(Fault::Lost)
    });
    let body = world.order("last", 1).body().await;
    for _ in 0..2 {
        let answer = world.shop.post("/orders", &body).await.unwrap();
        assert_eq!((answer.status, answer.code()), (503, "try-again"), "{}", answer.body);
    }
    world.settle().await;
    let answer = world.shop.post("/orders", &body).await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.body["lines"][0]["backordered"], json!(false));
    world.settle_and_assert_sound().await;
    assert_eq!(world.look(answer.text("/order_id")).await.text("/status"), "ready");
}

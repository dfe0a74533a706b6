//! Swaps while others cancel, ship, fill, buy and swap the same orders, and draws are lost. Each unit has one fate,
//! each payment is kept or refunded, and no order loses its old place without a new one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::{join, join_all};
use local::client::ApiResponse;
use serde_json::{Value, json};
use tests::world::usd;
use tests::{Call, Fault, World};

const ORDERS: usize = 36;

async fn ask(world: &World, path: &str, body: &Value) -> ApiResponse {
    for _ in 0..40 {
        let answer = world.shop.post(path, body).await.unwrap();
        if answer.status != 503 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(fastrand::u64(5..60))).await;
    }
    panic!("{path} never gets a final answer");
}

/// One swap: its answer, its payment, and the moments when it began and ended.
struct Swap {
    order: String,
    answer: ApiResponse,
    payment: String,
    change: &'static str,
    reserved: bool,
    began: usize,
    ended: usize,
}

async fn swap(world: &World, moments: &AtomicUsize, order: &str, change: &'static str) -> Swap {
    let reserved = fastrand::bool();
    let payment = world.shop.pay(250, if reserved { "requires_capture" } else { "succeeded" }).await.unwrap();
    let body = json!({ "change_id": change, "sku": "dear", "payment_reference": payment });
    tokio::time::sleep(Duration::from_millis(fastrand::u64(..300))).await;
    let began = moments.fetch_add(1, Ordering::SeqCst);
    let answer = ask(world, &format!("/orders/{order}/lines/1/swap"), &body).await;
    let ended = moments.fetch_add(1, Ordering::SeqCst);
    Swap { order: order.to_owned(), answer, payment, change, reserved, began, ended }
}

/// Cancels the order, ships it, or leaves it alone, depending on its index.
async fn disturb(world: &World, order: &str, at: usize) {
    tokio::time::sleep(Duration::from_millis(fastrand::u64(..300))).await;
    let (path, body) = match at % 3 {
        0 => ("cancel", json!({ "change_id": "gone" })),
        1 => {
            ("shipments", json!({ "shipment_id": "s", "warehouse": "east", "carrier": "UPS", "tracking_number": "1" }))
        }
        _ => return,
    };
    let answer = ask(world, &format!("/orders/{order}/{path}"), &body).await;
    let known = ["", "not-released", "not-that-many", "already-canceled", "already-shipped"];
    assert!(known.contains(&answer.code()), "{path}: {:?}", answer.body);
}

async fn trucks(world: &World) {
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(40)).await;
        world.arrive("led", 2).await;
        world.arrive("dear", 2).await;
        world.order("dear", 1).place().await;
    }
}

/// Checks that the payment of each swap is kept if the swap was made and refunded if not.
async fn verify(world: &World, swaps: &[Swap]) -> (usize, usize) {
    let (mut made, mut not) = (0, 0);
    for swap in swaps {
        let shown = world.look(&swap.order).await.body;
        let lines = shown["lines"].as_array().unwrap();
        let paid = world.payment(&swap.payment).await;
        let (captured, refunded) = (paid["captured"].as_i64().unwrap(), paid["refunded"].as_i64().unwrap());
        let canceled = shown["status"] == "canceled";
        match swap.answer.status {
            200 => {
                assert_eq!((lines.len(), captured), (2, 250), "{shown:#}");
                assert_eq!(refunded, if canceled { 250 } else { 0 }, "{shown:#}");
                made += 1;
            }
            status => {
                let known = ["already-canceled", "already-shipped"].contains(&swap.answer.code());
                assert!(known, "{status} {:?}", swap.answer.body);
                // A swap that began refunds what it captured. The payment of a swap that never began is untouched.
                let begun = shown["refunds"].as_array().unwrap().iter().any(|it| it["change_id"] == swap.change);
                let untouched = (if swap.reserved { 0 } else { 250 }, 0);
                let right = if begun { captured == refunded } else { (captured, refunded) == untouched };
                assert!(right, "captured {captured} and refunded {refunded}: {shown:#}");
                not += 1;
            }
        }
        if canceled {
            assert_eq!(shown["refunded"], shown["total"], "{shown:#}");
        }
    }
    (made, not)
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_i5_swaps_against_cancels_parcels_fills_and_each_other_leave_each_unit_one_fate() {
    let world = World::new().await;
    world.product_with("led", json!({ "similar": ["dear"] })).await;
    world.product_with("dear", json!({ "price": usd(1250) })).await;
    let orders = join_all((0..ORDERS).map(|_| world.order("led", 1).placed())).await;
    world.arrive("led", i64::try_from(ORDERS / 2).unwrap()).await;
    world.arrive_and_settle("dear", 6).await;
    let lost = |call: &Call| call.function == "swap" && call.operation == "UpdateItem" && fastrand::u32(..8) == 0;
    world.tap().fault_where(move |call| lost(call).then_some(Fault::Lost));
    let moments = AtomicUsize::new(0);
    // Each order is swapped twice concurrently, under two ids with a payment each. At most one swap is made.
    let twice = orders.iter().flat_map(|order| ["one", "two"].map(|change| (order, change)));
    let swaps = join_all(twice.map(|(order, change)| swap(&world, &moments, order, change)));
    let others = join_all(orders.iter().enumerate().map(|(at, order)| disturb(&world, order, at)));
    let (swaps, _) = join(swaps, join(others, trucks(&world))).await;
    world.tap().spare();
    for _ in 0..3 {
        world.settle().await;
        world.advance("PT3M").await;
    }
    world.settle_and_assert_sound().await;
    let (made, not) = verify(&world, &swaps).await;
    let ticket = |swap: &Swap| swap.answer.number("/lines/1/ticket");
    let done: Vec<&Swap> = swaps.iter().filter(|swap| swap.answer.status == 200).collect();
    let pairs = done.iter().flat_map(|one| done.iter().map(move |other| (one, other)));
    let apart: Vec<_> = pairs.filter(|(one, other)| one.ended < other.began).collect();
    assert!(apart.iter().all(|(one, other)| ticket(one) < ticket(other)), "the earlier swap is ahead (I3)");
    println!("{made} swaps made, {not} refused; {} pairs did not overlap", apart.len());
    assert!(made >= 8 && not >= ORDERS, "too few swaps: {made} made, {not} refused");
}

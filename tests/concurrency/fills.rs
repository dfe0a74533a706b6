//! Long backlogs are filled while customers cancel and draw. There is no dead end, and fills that share orders make
//! progress.

use futures::future::{join, join_all};
use futures::stream::{self, StreamExt as _};
use tests::{Call, Fault, World};

use crate::chance::{of_actor, seed, strike_some};
use crate::history::give_up;
use crate::load::Load;
use crate::verification::{i8_nobody_waits_beside_units, orders, verify};

const WAITING: usize = 300;

fn calls(world: &World, function: &str, operation: &str) -> usize {
    world.tap().calls().iter().filter(|call| call.function == function && call.operation == operation).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_r12_three_hundred_waiting_orders_are_filled_while_people_cancel() {
    let seed = seed("three hundred", 61);
    let world = World::new().await.selling(&["lamp", "bulb"]).await;
    let mut chance = of_actor(seed, 0);
    let baskets: Vec<Vec<(&str, i64)>> = (0..WAITING)
        .map(|_| match chance.u8(0..4) {
            0 | 1 => vec![("lamp", 1)],
            2 => vec![("bulb", 1)],
            _ => vec![("lamp", 1), ("bulb", 1)],
        })
        .collect();
    let placed = stream::iter(&baskets).map(|lines| world.order_of(lines).placed()).buffered(24);
    let placed: Vec<String> = placed.collect().await;
    world.settle().await;
    let leaving: Vec<&String> = placed.iter().filter(|_| chance.u8(0..5) == 0).collect();
    let wanted = |sku: &str| baskets.iter().filter(|lines| lines.iter().any(|(it, _)| *it == sku)).count();
    world.tap().clear();
    // Of each product, 60 units too few arrive. The cancels free fewer than 60, so some orders still wait at the end.
    let (lamps, bulbs) = (i64::try_from(wanted("lamp")).unwrap() - 60, i64::try_from(wanted("bulb")).unwrap() - 60);
    let arrivals = join(world.arrive("lamp", lamps), world.arrive_at("bulb", "west", bulbs));
    let cancels = stream::iter(&leaving).map(|order| give_up(&world, order)).buffer_unordered(8).collect::<Vec<u16>>();
    let (_, statuses) = join(arrivals, cancels).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    world.settle_and_assert_sound().await;
    i8_nobody_waits_beside_units(&world, &["lamp", "bulb"]).await;
    let shown = orders(&world).await;
    let (mut ready, mut waiting) = (0, 0);
    for id in &placed {
        match (shown[id]["status"].as_str().unwrap(), leaving.contains(&id)) {
            ("canceled", true) => assert_eq!(shown[id]["refunded"], shown[id]["total"]),
            ("ready", false) => ready += 1,
            ("waiting", false) => waiting += 1,
            (status, left) => panic!("{status}, left: {left}: {}", shown[id]),
        }
    }
    let commits = calls(&world, "fill", "TransactWriteItems");
    println!("{} canceled, {ready} ready, {waiting} waiting, {commits} commits of the fill", leaving.len());
    assert!(ready > 100 && waiting > 0);
    assert!(commits < WAITING / 4, "the fill works in batches: {commits} commits");
}

/// The shares of a fill's commits that fail with a conflict, because other fills and cancels write the same orders.
fn fill_conflicts(call: &Call) -> &'static [Fault] {
    match (call.function.as_str(), call.operation.as_str()) {
        ("fill", "TransactWriteItems") => &[Fault::Conflict],
        _ => &[],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_a_hot_counter_and_fills_that_share_orders_stand_in_nobodys_way() {
    let seed = seed("hot counter", 71);
    let world = World::new().await.selling(&["lamp", "bulb"]).await;
    strike_some(&world, seed, 0.4, fill_conflicts);
    let load = Load::new(&world, seed);
    let both = |chance: &mut fastrand::Rng| match chance.u8(0..5) {
        0 => vec![("lamp", 1)],
        1 => vec![("bulb", 1), ("lamp", 1)],
        _ => vec![("lamp", 1), ("bulb", 1)],
    };
    let buyers = join_all((0..40).map(|actor| load.buyer(actor, 4, both)));
    let trucks = join(load.truck("lamp", &[12; 16], 10), load.truck("bulb", &[10; 16], 10));
    join(buyers, trucks).await;
    // Only the fills' own work is left. They finish it without any further event.
    world.settle_and_assert_sound().await;
    i8_nobody_waits_beside_units(&world, &["lamp", "bulb"]).await;
    let commits = calls(&world, "fill", "TransactWriteItems");
    let (count, _) = verify(load, &["lamp", "bulb"]).await;
    println!("{commits} commits of the fill");
    assert_eq!(count.placed, 40 * 4);
    assert!(commits < 2 * 160, "the attempts are bounded: {commits} commits");
}

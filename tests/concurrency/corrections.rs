//! Stock adjustments up and down while customers buy, cancel and get units. Conservation and order hold at the end, and
//! orders that lost a unit are first in line.

use futures::future::{join, join_all};
use serde_json::json;
use tests::World;

use crate::chance::{of_actor, seed};
use crate::load::Load;
use crate::verification::{i8_nobody_waits_beside_units, verify};

#[tokio::test(flavor = "multi_thread")]
async fn i1_i4_corrections_while_people_buy_and_cancel_leave_the_counts_true() {
    let seed = seed("corrections", 91);
    let world = World::new().await.selling(&["lamp"]).await;
    let load = Load::new(&world, seed);
    let buyers = join_all((0..12).map(|actor| load.buyer(actor, 5, |chance| vec![("lamp", chance.i64(1..=3))])));
    let cancelers = join_all((0..3).map(|actor| load.canceler(actor, [10, 25, 60])));
    let trucks = load.truck("lamp", &[15, 15, 15, 15, 15, 15], 6);
    let clerks = join_all((0..3).map(|actor| {
        let world = &world;
        async move {
            let mut chance = of_actor(seed, 500 + actor);
            let mut answers = Vec::new();
            for count in 0..10 {
                let quantity = if chance.bool() { chance.i64(1..=4) } else { -chance.i64(1..=8) };
                let id = format!("count-{actor}-{count}");
                let body = json!({
                    "adjustment_id": id, "sku": "lamp", "warehouse": "east", "quantity": quantity, "reason": "count"
                });
                answers.push(world.shop.post("/stock-adjustments", &body).await.unwrap().status);
            }
            answers
        }
    }));
    let (_, answers) = join(join(buyers, cancelers), join(trucks, clerks)).await;
    let taken = answers.1.iter().flatten().filter(|status| **status == 202).count();
    assert!(answers.1.iter().flatten().all(|status| [202, 409, 503].contains(status)), "{:?}", answers.1);
    // The sweep finishes losses that were left half done.
    world.advance("PT3M").await;
    world.settle_and_assert_sound().await;
    i8_nobody_waits_beside_units(&world, &["lamp"]).await;
    println!("{taken} adjustments accepted");
    assert!(taken >= 10, "only {taken} adjustments were accepted");
    verify(load, &["lamp"]).await;
}

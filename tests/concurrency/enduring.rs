//! Faults that no client sees: one operation of a function behind the stream, a queue or a schedule fails repeatedly
//! and then works. Redelivery makes the outcome equal that of a run without faults.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use serde_json::{Value, json};
use tests::{Call, Fault, World};

use crate::faulty::refusals;

/// Functions that no client waits for.
const BEHIND: [&str; 6] = ["daily-expiry", "dispatch", "fill", "reconcile", "refund", "send-email"];
const AT_ONCE: usize = 8;

/// Number of failing calls of an operation: more than one invocation makes. A fill tries many times before it gives up.
/// A scheduled run gives up after a few attempts, and the next run does the work. A mail whose mark cannot be written
/// is sent again, so the write of the mark is tried for some seconds.
fn enough(function: &str, operation: &str) -> usize {
    match (function, operation) {
        ("fill", "TransactWriteItems") => 90,
        ("daily-expiry" | "reconcile", _) => 6,
        ("send-email", "PutItem") => 11,
        _ => 18,
    }
}

/// Fails the first calls of one operation of one function, with each kind of fault in turn. In every run the first draw
/// is lost, too, and the process that places the second order ends before it commits.
fn fault_where(world: &World, victim: Option<(String, String)>) {
    let (draws, commits, faulted) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    world.tap().fault_where(move |call| {
        let first = |counter: &AtomicUsize| counter.fetch_add(1, Ordering::SeqCst);
        match (call.function.as_str(), call.operation.as_str()) {
            ("place-order", "UpdateItem") => (first(&draws) == 0).then_some(Fault::Lost),
            ("place-order", "TransactWriteItems") => (first(&commits) == 1).then_some(Fault::DiedBeforeSend),
            (function, operation) => {
                victim.as_ref().filter(|(it, of)| it == function && of == operation)?;
                let number = first(&faulted);
                let faults = refusals(call);
                (number < enough(function, operation)).then(|| faults[number / 4 % faults.len()])
            }
        }
    });
}

/// Moves the clock by so many seconds and runs a schedule.
async fn later(world: &World, seconds: u64, function: &str) {
    let clock = world.stack().clock();
    clock.move_to(clock.now() + Duration::from_secs(seconds));
    assert_eq!(world.stack().delivery().run_schedules_of(function).await, 1);
    world.settle().await;
}

/// Plays the life of a small shop (gaps, a dead process, arrivals, a parcel, a cancel, damage, expiry) and returns its
/// final state.
async fn life(victim: Option<(String, String)>) -> (Value, Vec<Call>) {
    let world = World::with_policy("bodybuilding").await.selling(&["lamp"]).await;
    fault_where(&world, victim.clone());
    let mut bodies = Vec::new();
    for quantity in [2, 1, 1, 3, 2] {
        let body = world.order("lamp", quantity).paid("requires_capture").body().await;
        let answer = world.shop.post("/orders", &body).await.unwrap();
        assert_eq!(answer.status, if bodies.len() == 1 { 503 } else { 201 }, "{}", answer.body);
        bodies.push(body);
    }
    world.arrive_and_settle("lamp", 3).await;
    // The next run does the work of a failed run of reconcile.
    for _ in 0..8 {
        later(&world, 180, "reconcile").await;
    }
    let mut orders = Vec::new();
    for body in &bodies {
        let answer = world.shop.post("/orders", body).await.unwrap();
        assert_eq!(answer.status, 200, "{victim:?}: {}", answer.body);
        orders.push(answer.text("/order_id").to_owned());
    }
    assert_eq!(world.ship(&orders[0], "east").await.status, 200);
    assert_eq!(world.cancel(&orders[3]).await.status, 200);
    world.settle().await;
    assert_eq!(world.adjust("lamp", "east", -1).await.status, 202);
    later(&world, 31 * 86_400, "daily-expiry").await;
    let mut end = Vec::new();
    for (order, body) in orders.iter().zip(&bodies) {
        let shown = world.look(order).await.body;
        let payment = world.payment(body["payment_reference"].as_str().unwrap()).await;
        end.push(json!({
            "status": shown["status"], "refunded": shown["refunded"], "back": payment["refunded"],
            "mails": world.mails(order).await,
        }));
    }
    let line = world.line("lamp").await.body;
    let what = format!("{victim:?}: {end:?}");
    let audit = world.shop.get("/_local/audit").await.unwrap().body;
    assert_eq!(audit, json!({ "violations": [] }), "{what}");
    let dead = world.shop.get("/_local/dead-letters").await.unwrap().body;
    // A failed run of reconcile becomes a dead letter. The next run does the work.
    let runs = victim.as_ref().is_some_and(|(function, _)| function == "reconcile");
    let is_run = |letter: &Value| letter["queue"].as_str().is_some_and(|queue| queue.contains("ScheduleDeadLetters"));
    let dead: Vec<&Value> = dead.as_array().unwrap().iter().filter(|letter| !runs || !is_run(letter)).collect();
    assert!(dead.is_empty(), "{what}: {dead:?}");
    (json!({ "orders": end, "stock": line["stock"], "available": line["available"] }), world.tap().calls())
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_i7_i8_behind_the_scenes_whatever_fails_for_a_while_ends_as_if_nothing_had() {
    let (end, calls) = life(None).await;
    println!("{end}");
    let behind = calls.iter().filter(|call| BEHIND.contains(&call.function.as_str()));
    let victims: BTreeSet<_> = behind.map(|call| (call.function.clone(), call.operation.clone())).collect();
    let functions: BTreeSet<_> = victims.iter().map(|(function, _)| function.as_str()).collect();
    assert_eq!(functions, BTreeSet::from(BEHIND));
    let lives = stream::iter(victims).map(|victim| async {
        let (other, calls) = life(Some(victim.clone())).await;
        let made = calls.iter().filter(|call| (&call.function, &call.operation) == (&victim.0, &victim.1)).count();
        assert_eq!(other, end, "the outcome after {victim:?} failed");
        (victim, made)
    });
    for ((function, operation), made) in lives.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await {
        println!("{function}: {operation} failed {} times of {made}", enough(&function, &operation).min(made));
    }
}

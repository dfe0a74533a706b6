//! Sales at full pace while goods arrive. No buyer is told "backordered" while there are units that nobody waits for.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use futures::future::{join, join_all};
use local::Options;
use serde_json::json;
use tests::World;
use tokio::sync::watch;

use crate::chance::seed;
use crate::history::{PlacingCall, call, receive};
use crate::verification::{i8_nobody_waits_beside_units, orders};

const BUYERS: usize = 24;
/// Number of arrivals, and the number of purchases before each arrival.
const ARRIVALS: i64 = 6;
const EVERY: i64 = 50;
/// Number of units by which all arrivals so far exceed the orders that began before the latest arrival.
const BEYOND: i64 = 60;

struct Arrival {
    began: Instant,
    returned: Instant,
    units: i64,
}

/// The progress of a shop at full pace: orders begun, calls finished, goods arrived.
struct Launch<'a> {
    world: &'a World,
    begun: AtomicI64,
    over: watch::Sender<i64>,
    calls: Mutex<Vec<PlacingCall>>,
    arrivals: Mutex<Vec<Arrival>>,
}

impl Launch<'_> {
    /// Buys one unit after the other as long as goods are still to come.
    async fn buyer(&self) {
        while *self.over.borrow() < (ARRIVALS + 1) * EVERY {
            let body = self.world.order("phone", 1).body().await;
            self.begun.fetch_add(1, Ordering::SeqCst);
            let placed = call(self.world, &body).await;
            assert_eq!(placed.status, 201, "{placed:?}");
            self.calls.lock().unwrap().push(placed);
            self.over.send_modify(|over| *over += 1);
        }
    }

    /// Repeatedly receives a few units more than were ever ordered. Each time some are in stock, then all are sold.
    async fn truck(&self) {
        let mut arrived = 0;
        for moment in 1..=ARRIVALS {
            self.over.subscribe().wait_for(|over| *over >= moment * EVERY).await.unwrap();
            let units = self.begun.load(Ordering::SeqCst) - arrived + BEYOND;
            let began = Instant::now();
            receive(self.world, "phone", ["east", "west"][usize::from(moment % 2 == 0)], units).await;
            self.arrivals.lock().unwrap().push(Arrival { began, returned: Instant::now(), units });
            arrived += units;
        }
    }
}

/// The answers that buyers got, compared with the answers that they had to get.
#[derive(Debug, Default)]
struct AnswerCounts {
    in_stock: usize,
    backordered: usize,
    /// Had to be in stock: the arrivals that returned before this call began cover all orders that began before this
    /// call returned.
    free_units: usize,
    /// Had to be in stock: the arrivals that returned before this call began cover the call's ticket.
    covered: usize,
    /// Could not be in stock: the call's ticket is beyond all arrivals that began before this call returned.
    not_there: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_r7_nobody_is_told_backordered_beside_units_that_nobody_waits_for() {
    seed("full pace", 0);
    let parameters = BTreeMap::from([("HoleGraceSeconds".to_owned(), "600".to_owned())]);
    let world = World::with(Options { parameters, ..Options::default() }).await;
    world.product("phone").await;
    let launch = Launch {
        world: &world,
        begun: AtomicI64::new(0),
        over: watch::Sender::new(0),
        calls: Mutex::default(),
        arrivals: Mutex::default(),
    };
    let began = Instant::now();
    join(join_all((0..BUYERS).map(|_| launch.buyer())), launch.truck()).await;
    let (calls, arrivals) = (launch.calls.into_inner().unwrap(), launch.arrivals.into_inner().unwrap());
    println!("{} orders in {:?}", calls.len(), began.elapsed());
    world.settle().await;
    let tickets: BTreeMap<String, i64> =
        orders(&world).await.iter().map(|(id, it)| (id.clone(), it["lines"][0]["ticket"].as_i64().unwrap())).collect();
    let mut counts = AnswerCounts::default();
    for call in &calls {
        judge(call, &calls, &arrivals, tickets[&call.order_id], &mut counts);
    }
    println!("{counts:?}");
    assert!(counts.in_stock > 100 && counts.backordered > 20, "{counts:?}");
    assert!(counts.free_units > 20 && counts.covered > 100 && counts.not_there > 20, "{counts:?}");
    world.assert_sound().await;
    i8_nobody_waits_beside_units(&world, &["phone"]).await;
}

/// Every order has one unit and no number is lost, so a ticket's number equals the units drawn up to it.
fn judge(call: &PlacingCall, calls: &[PlacingCall], arrivals: &[Arrival], ticket: i64, counts: &mut AnswerCounts) {
    let sum = |meant: &dyn Fn(&&Arrival) -> bool| arrivals.iter().filter(meant).map(|it| it.units).sum::<i64>();
    let certain = sum(&|arrival| arrival.returned < call.began);
    let possible = sum(&|arrival| arrival.began < call.returned);
    let orders = calls.iter().filter(|other| other.began < call.returned).count();
    if certain >= i64::try_from(orders).unwrap() {
        assert!(!call.backordered, "{certain} units had arrived for {orders} orders, so it was in stock: {call:?}");
        counts.free_units += 1;
    }
    if certain >= ticket {
        assert!(!call.backordered, "{certain} units had arrived, so ticket {ticket} was in stock: {call:?}");
        counts.covered += 1;
    }
    if possible < ticket {
        assert!(call.backordered, "at most {possible} units had arrived, so ticket {ticket} was backordered: {call:?}");
        counts.not_there += 1;
    }
    counts.in_stock += usize::from(!call.backordered);
    counts.backordered += usize::from(call.backordered);
}

/// While there are no sales, the product page and the counter agree.
#[tokio::test(flavor = "multi_thread")]
async fn r5_who_waits_takes_all_of_an_arrival_before_it_is_for_sale() {
    let world = World::new().await.selling(&["phone"]).await;
    join_all((0..20).map(|_| world.order("phone", 2).placed())).await;
    world.stack().delivery().pause();
    for (arrived, available) in [(39, 0), (1, 0), (2, 2)] {
        world.arrive("phone", arrived).await;
        let shown = world.availability("phone").await.body;
        assert_eq!(shown["available"], json!(available), "the page is right at once, before any fill: {shown}");
    }
    world.stack().delivery().resume();
    world.settle_and_assert_sound().await;
    i8_nobody_waits_beside_units(&world, &["phone"]).await;
}

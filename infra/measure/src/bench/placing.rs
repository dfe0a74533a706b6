//! Placing at full pace, and the same calls replayed beside it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use local::{Surroundings, Wiring, functions};

use super::cpu;
use super::record::{Call, Recorder};
use super::replay::{Endpoints, Replayed, by_order, replay};
use super::shop::{Placing, Shop};

const SKU: &str = "led-panel-60";
/// The functions whose calls are replayed.
const OF_AN_ORDER: [&str; 3] = ["place-order", "dispatch", "send-email"];

/// What was measured.
#[derive(Debug)]
pub struct Placed {
    /// The calls of the clients.
    pub placing: Placing,
    /// From the first call until all that follows (mails, stream, queues) was done.
    pub settled: Duration,
    /// What the process used in that time.
    pub cpu: Option<Duration>,
    /// The calls of each function in that time.
    pub calls: BTreeMap<String, usize>,
    /// Of all these, begun until the last client had its answer.
    pub calls_meanwhile: usize,
    /// All calls again, by bare clients.
    pub replayed: Replayed,
}

/// Places `count` orders after a warm-up, then replays the calls in a fresh shop.
pub async fn measure(warm_up: usize, count: usize) -> Result<Placed, String> {
    let recorder = Recorder::default();
    let endpoints = Arc::new(OnceLock::new());
    let (recording, seen) = (recorder.clone(), Arc::clone(&endpoints));
    let shop = Shop::open(true, move |around: Surroundings| -> BoxFuture<'static, Result<Wiring, String>> {
        seen.get_or_init(|| endpoints_of(&around));
        Box::pin(async move { recording.wire(&around) })
    });
    let shop = shop.await?;
    shop.product(SKU).await?;
    let payments = shop.payments(warm_up + count)?;
    let (early, payments) = payments.split_at(warm_up);
    recorder.turn(true);
    let warm = shop.place(SKU, early).await?;
    shop.settle().await?;
    let warm_calls = recorder.take();

    eprintln!("  placing {count} orders");
    let (start, used) = (Instant::now(), cpu::used());
    let placing = shop.place(SKU, payments).await?;
    let calls_meanwhile = recorder.count();
    shop.settle().await?;
    let (settled, cpu) = (start.elapsed(), cpu::since(used));
    recorder.turn(false);
    let calls = recorder.take();
    let mut by_function = BTreeMap::new();
    for call in &calls {
        *by_function.entry(call.function.clone()).or_default() += 1;
    }
    shop.stack.shutdown().await;

    eprintln!("  replaying their {} calls", calls.len());
    let from = endpoints.get().cloned().unwrap_or_default();
    let (fresh, to) = quiet_shop(warm_up + count).await?;
    // The line must be as long as it was, else its rows are read for less.
    replay(by_order(of_orders(warm_calls), &warm.orders, &from, &to)?).await?;
    let replayed = replay(by_order(of_orders(calls), &placing.orders, &from, &to)?).await?;
    fresh.stack.shutdown().await;
    Ok(Placed { placing, settled, cpu, calls: by_function, calls_meanwhile, replayed })
}

/// The calls that are an order's. What a fill or a sweep may do depends on where the first run stood.
fn of_orders(calls: Vec<Call>) -> Vec<Call> {
    calls.into_iter().filter(|call| OF_AN_ORDER.contains(&call.function.as_str())).collect()
}

/// A shop with the product and the payments whose functions nobody calls.
async fn quiet_shop(payments: usize) -> Result<(Shop, Endpoints), String> {
    let endpoints = Arc::new(OnceLock::new());
    let seen = Arc::clone(&endpoints);
    let shop = Shop::open(false, move |around: Surroundings| {
        seen.get_or_init(|| endpoints_of(&around));
        functions::wire(around)
    });
    let shop = shop.await?;
    shop.product(SKU).await?;
    shop.payments(payments)?;
    shop.stack.delivery().pause();
    Ok((shop, endpoints.get().cloned().unwrap_or_default()))
}

fn endpoints_of(around: &Surroundings) -> Endpoints {
    Endpoints { dynamodb: around.dynamodb_url.clone(), services: around.services_url.clone() }
}

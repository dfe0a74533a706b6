//! Measures placing at full load, and a replay of the same calls without the SDK and the functions.

use std::collections::BTreeMap;
use std::future::ready;
use std::time::{Duration, Instant};

use local::{Stack, functions};

use super::cpu;
use super::record::{Call, Recorder};
use super::replay::{Endpoints, Replayed, by_order, replay};
use crate::shop::{BenchShop, Placing};

const SKU: &str = "led-panel-60";
/// The functions whose calls are replayed.
const OF_AN_ORDER: [&str; 3] = ["place-order", "dispatch", "send-email"];

#[derive(Debug)]
pub struct Placed {
    pub placing: Placing,
    /// The time from the first call until the mails, the stream and the queues are done.
    pub settled: Duration,
    /// The processor time of the process in that time.
    pub cpu: Option<Duration>,
    /// The calls of each function in that time.
    pub calls: BTreeMap<String, usize>,
    /// The calls that began before the last client had its answer.
    pub calls_meanwhile: usize,
    /// The replay of all calls with bare clients.
    pub replayed: Replayed,
}

/// Places `count` orders after a warm-up, then replays the calls in a fresh shop.
pub async fn measure(warm_up: usize, count: usize) -> Result<Placed, String> {
    let recorder = Recorder::default();
    let recording = recorder.clone();
    let shop = BenchShop::open(true, move |endpoints| ready(recording.connect(&endpoints))).await?;
    shop.product(SKU).await?;
    let payments = shop.payments(warm_up + count)?;
    let (early, payments) = payments.split_at(warm_up);
    recorder.set_recording(true);
    let warm = shop.place(SKU, early).await?;
    shop.settle().await?;
    let warm_calls = recorder.take();

    eprintln!("  placing {count} orders");
    let (start, used) = (Instant::now(), cpu::used());
    let placing = shop.place(SKU, payments).await?;
    let calls_meanwhile = recorder.count();
    shop.settle().await?;
    let (settled, cpu) = (start.elapsed(), cpu::since(used));
    recorder.set_recording(false);
    let calls = recorder.take();
    let mut by_function = BTreeMap::new();
    for call in &calls {
        *by_function.entry(call.function.clone()).or_default() += 1;
    }
    let from = endpoints_of(&shop.stack);
    shop.stack.shutdown().await;

    eprintln!("  replaying their {} calls", calls.len());
    let fresh = quiet_shop(warm_up + count).await?;
    let to = endpoints_of(&fresh.stack);
    // The backlog must be as long as in the recorded run. Reading a shorter one costs less.
    replay(by_order(of_orders(warm_calls), &warm.orders, &from, &to)?).await?;
    let replayed = replay(by_order(of_orders(calls), &placing.orders, &from, &to)?).await?;
    fresh.stack.shutdown().await;
    Ok(Placed { placing, settled, cpu, calls: by_function, calls_meanwhile, replayed })
}

/// The calls for single orders. Calls of a fill or a sweep depend on the state of the first run.
fn of_orders(calls: Vec<Call>) -> Vec<Call> {
    calls.into_iter().filter(|call| OF_AN_ORDER.contains(&call.function.as_str())).collect()
}

/// Opens a shop with the product and the payments. Its functions are not invoked.
async fn quiet_shop(payments: usize) -> Result<BenchShop, String> {
    let shop = BenchShop::open(false, functions::connect).await?;
    shop.product(SKU).await?;
    shop.payments(payments)?;
    shop.stack.delivery().pause();
    Ok(shop)
}

fn endpoints_of(stack: &Stack) -> Endpoints {
    Endpoints { dynamodb: stack.dynamodb_url().to_owned(), services: stack.services_url().to_owned() }
}

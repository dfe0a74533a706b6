//! Measures a night on which many orders expire, and the end of a long backlog of a discontinued product: time and units.

use std::future::ready;
use std::time::{Duration, Instant};

use local::Options;
use serde_json::json;

use crate::meter::Meter;
use crate::shop::{BenchShop, expect};

/// After this time an order expires under the policy.
const TOO_LONG: Duration = Duration::from_secs(31 * 86_400);
/// The interval of polls for the end of the backlog.
const LOOK: Duration = Duration::from_millis(20);

#[derive(Clone, Copy, Debug)]
pub struct Night {
    /// Canceled orders.
    pub orders: usize,
    /// The time of the function or of its messages.
    pub took: Duration,
    /// Write and read units per order in that function.
    pub units: (f64, f64),
    /// New dead letters of all queues.
    pub dead: usize,
}

pub async fn run(orders: usize, as_json: bool) -> Result<(), String> {
    for (key, night) in ["expired", "discontinued"].into_iter().zip(measure(orders).await?) {
        let (took, (writes, reads)) = (night.took.as_secs_f64(), night.units);
        let each = took * 1_000.0 / count(night.orders);
        if as_json {
            println!(
                "{}",
                json!({ "what": key, "orders": night.orders, "s": took, "wru": writes, "rru": reads, "dead_letters": night.dead })
            );
        } else {
            println!(
                "{key:<14} {:>6} orders in {took:>6.1} s, {each:.1} ms, {writes:.2} write and {reads:.2} read units each; \
                 dead letters: {}",
                night.orders, night.dead
            );
        }
    }
    Ok(())
}

/// Measures a night on which all `orders` of one product expire, then the end of another product's equal backlog.
pub async fn measure(orders: usize) -> Result<[Night; 2], String> {
    let meter = Meter::default();
    let wired = meter.clone();
    let options = Options { policy: Some("bodybuilding".to_owned()), silent_schedules: true, ..Options::default() };
    let shop = BenchShop::open_with(options, move |endpoints| ready(wired.connect(&endpoints))).await?;
    let payments = shop.payments(2 * orders)?;
    let (first, second) = payments.split_at(orders);
    wait_in_line(&shop, "led-panel-30", first).await?;
    let clock = shop.stack.clock();
    clock.move_to(clock.now() + TOO_LONG);
    eprintln!("  the night of {orders} orders");
    let expired = timed(orders, &meter, "daily-expiry", async || {
        shop.stack.delivery().run_schedules_of("daily-expiry").await;
        Ok(())
    });
    let expired = settled(&shop, expired.await?, 0).await?;
    nobody_waits(&shop, "led-panel-30").await?;
    wait_in_line(&shop, "led-panel-60", second).await?;
    eprintln!("  the end of a backlog of {orders} orders");
    let ended = timed(orders, &meter, "end-line", async || {
        let path = "/products/led-panel-60/discontinue";
        expect(202, shop.client.post(path, &json!({})).await?)?;
        while nobody_waits(&shop, "led-panel-60").await.is_err() {
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    });
    let ended = settled(&shop, ended.await?, expired.dead).await?;
    shop.stack.shutdown().await;
    Ok([expired, ended])
}

async fn wait_in_line(shop: &BenchShop, sku: &str, payments: &[String]) -> Result<(), String> {
    shop.product(sku).await?;
    eprintln!("  placing {} orders", payments.len());
    let placing = shop.place(sku, payments).await?;
    shop.settle().await?;
    if placing.errors > 0 { Err(format!("{} orders were not placed", placing.errors)) } else { Ok(()) }
}

async fn timed(
    orders: usize,
    meter: &Meter,
    function: &str,
    work: impl AsyncFnOnce() -> Result<(), String>,
) -> Result<Night, String> {
    meter.take();
    let start = Instant::now();
    work().await?;
    let took = start.elapsed();
    let of = |write: bool| -> f64 {
        meter.units_of(function).iter().filter(|(account, _)| account.write == write).map(|(_, units)| units).sum()
    };
    Ok(Night { orders, took, units: (of(true) / count(orders), of(false) / count(orders)), dead: 0 })
}

/// Adds the new dead letters to a night, once nothing is pending. `before` counts the older dead letters.
async fn settled(shop: &BenchShop, night: Night, before: usize) -> Result<Night, String> {
    shop.settle().await?;
    let dead = expect(200, shop.client.get("/_local/dead-letters").await?)?;
    let dead = dead.body.as_array().map_or(0, Vec::len);
    Ok(Night { dead: dead.saturating_sub(before), ..night })
}

fn count(orders: usize) -> f64 {
    f64::from(u32::try_from(orders).unwrap_or(u32::MAX))
}

/// Fails if an order waits for the product.
async fn nobody_waits(shop: &BenchShop, sku: &str) -> Result<(), String> {
    let line = expect(200, shop.client.get(&format!("/products/{sku}/line?limit=1")).await?)?;
    let waiting = line.body.pointer("/waiting/0").is_some();
    if waiting { Err(format!("an order still waits for {sku}")) } else { Ok(()) }
}

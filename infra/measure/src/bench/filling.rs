//! One arrival that covers a whole line of waiting orders.

use std::time::{Duration, Instant};

use local::functions;
use serde_json::Value;

use super::cpu;
use crate::shop::BenchShop;

const SKU: &str = "led-panel-120";
/// How often to look whether the fill is done.
const LOOK: Duration = Duration::from_millis(5);
/// How long a fill may take.
const MAX_DURATION: Duration = Duration::from_secs(300);

#[derive(Clone, Copy, Debug)]
pub struct Filled {
    /// From the call of the arrival until the line is filled and the fill queue is empty.
    pub took: Duration,
    /// What the process used in that time.
    pub cpu: Option<Duration>,
    /// How many orders waited.
    pub orders: usize,
}

/// Lets `count` orders of one unit wait, then receives as many units.
pub async fn measure(count: usize) -> Result<Filled, String> {
    let shop = BenchShop::open(false, functions::connect).await?;
    shop.product(SKU).await?;
    eprintln!("  placing {count} orders");
    let placing = shop.place(SKU, &shop.payments(count)?).await?;
    if placing.errors > 0 {
        return Err(format!("{} of {count} orders were not placed", placing.errors));
    }
    shop.settle().await?;
    eprintln!("  filling {count} orders");
    let (start, used) = (Instant::now(), cpu::used());
    shop.arrive(SKU, count).await?;
    while !filled(&shop, count)? {
        if start.elapsed() > MAX_DURATION {
            return Err(format!("{count} orders were not filled in {MAX_DURATION:?}"));
        }
        tokio::time::sleep(LOOK).await;
    }
    let took = start.elapsed();
    let cpu = cpu::since(used);
    shop.settle().await?;
    shop.stack.shutdown().await;
    Ok(Filled { took, cpu, orders: count })
}

/// Whether the cursor has passed the last ticket and nothing is left in the fill's queues.
fn filled(shop: &BenchShop, last: usize) -> Result<bool, String> {
    let (stock, _) = shop.item(&format!("SKU#{SKU}"), "STOCK")?;
    let through =
        stock.pointer("/filled_through/N").and_then(Value::as_str).and_then(|text| text.parse::<usize>().ok());
    if through.is_none_or(|through| through < last) {
        return Ok(false);
    }
    let fill = shop.stack.template().functions.iter().find(|function| function.name == "fill");
    for mapping in fill.into_iter().flat_map(|function| &function.queues) {
        if shop.stack.state().backlog(&mapping.queue).map_err(|error| error.to_string())? > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

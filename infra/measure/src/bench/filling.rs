//! Measures one arrival that covers the whole backlog of a product.

use std::time::{Duration, Instant};

use local::functions;
use serde_json::Value;

use super::cpu;
use crate::shop::BenchShop;

const SKU: &str = "led-panel-120";
/// The interval of polls for the end of the fill.
const LOOK: Duration = Duration::from_millis(5);
const MAX_DURATION: Duration = Duration::from_secs(300);

#[derive(Clone, Copy, Debug)]
pub struct Filled {
    /// The time from the call of the arrival until the backlog is filled and the fill queue is empty.
    pub took: Duration,
    /// The processor time of the process in that time.
    pub cpu: Option<Duration>,
    pub orders: usize,
}

/// Places `count` backorders of one unit, then receives as many units.
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

/// Whether the fill watermark has passed the last ticket and the fill's queues are empty.
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

//! `cargo measure cost`: the cost of a million orders. It counts usage on a local stack, measures the functions as processes,
//! multiplies by list prices, and writes `infra/cost.md`.

mod bill;
mod count;
mod page;
mod prices;

use std::path::Path;

use bill::Bill;
use prices::Prices;

use crate::start;

/// The numbers of orders that go through the lifecycle: `TOGETHER` at once, `ALONE` one by one.
const TOGETHER: usize = 90;
const ALONE: usize = 12;
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../cost.md");

/// Counts, measures, prints and writes the page.
pub async fn run(options: &start::Options) -> Result<(), String> {
    let prices = Prices::read()?;
    eprintln!("counting the usage of {TOGETHER} orders together");
    let together = count::lives(TOGETHER, true).await?;
    eprintln!("counting the usage of {ALONE} orders one by one");
    let alone = count::lives(ALONE, false).await?;
    let functions = together.invocations.keys().chain(alone.invocations.keys()).cloned();
    let mut functions: Vec<String> = functions.collect();
    functions.sort();
    functions.dedup();
    let measured = start::measure(&start::Options { functions, ..options.clone() }).await?;
    let runs = together.runs;
    let together = Bill::new(&together, &measured, &prices)?;
    let alone = Bill::new(&alone, &measured, &prices)?;
    let page = page::write(&together, &alone, runs, &prices, options.release)?;
    print!("{page}");
    std::fs::write(Path::new(PAGE), page).map_err(|error| format!("{PAGE}: {error}"))
}

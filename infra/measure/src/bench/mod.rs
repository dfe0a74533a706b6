//! `cargo measure bench`: orders a second, the time of a fill, and the DynamoDB units of an order. Everything runs in this
//! process. Each measurement has its own file.

mod cpu;
mod filling;
mod lines;
mod nights;
mod place_order;
mod record;
mod replay;
mod report;
mod units;

use std::process::Command;

use report::Report;

#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Prints one JSON object instead of tables.
    pub json: bool,
    /// Fewer orders, no fill of 10,000, no long backlog, and no optimized build.
    pub quick: bool,
    /// Only the night of 10,000 expiring orders (1,000 if quick), and the end of a backlog of that length.
    pub nights: bool,
    /// Only the cost of a place in line.
    pub lines: bool,
}

/// The cargo profile that is as fast as a release.
const PROFILE: &str = "bench-local";

/// Measures and prints. A debug build starts an optimized one, unless only units are measured, which no build changes.
pub async fn run(options: Options) -> Result<(), String> {
    if cfg!(debug_assertions) && !options.lines && !options.quick {
        return run_fast(options);
    }
    if options.nights {
        return nights::run(if options.quick { 1_000 } else { 10_000 }, options.json).await;
    }
    let report = measure(options).await?;
    if options.json {
        println!("{}", report.json());
    } else {
        report.print();
    }
    Ok(())
}

fn run_fast(options: Options) -> Result<(), String> {
    eprintln!("this is a debug build: building and running one with --profile {PROFILE}");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The manifest of the workspace, so that the dependencies get the features of every other build.
    cargo.args(["run", "--profile", PROFILE, "--bin", "measure", "--manifest-path"]);
    cargo.args([concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"), "--", "bench"]);
    cargo.args(options.json.then_some("--json")).args(options.nights.then_some("--nights"));
    let ended = cargo.status().map_err(|error| format!("cargo cannot be run: {error}"))?;
    if ended.success() { Ok(()) } else { Err(format!("the benchmark ended with {ended}")) }
}

async fn measure(options: Options) -> Result<Report, String> {
    let (warm_up, orders) = if options.quick { (100, 600) } else { (500, 3_000) };
    let fills: &[usize] = if options.quick { &[1_000] } else { &[1_000, 10_000] };
    let lines: &[usize] = if options.quick { &[100, 1_000] } else { &[100, 1_000, 10_000, 100_000] };
    let mut report = Report::default();
    eprintln!("places in line");
    report.lines = lines::measure(lines).await?;
    if options.lines {
        return Ok(report);
    }
    eprintln!("units");
    report.metered = Some(units::measure().await?);
    eprintln!("placing");
    report.placed = Some(place_order::measure(warm_up, orders).await?);
    for orders in fills {
        eprintln!("an arrival for {orders}");
        report.fills.push(filling::measure(*orders).await?);
    }
    Ok(report)
}

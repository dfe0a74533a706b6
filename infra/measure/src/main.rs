//! `cargo measure`: throughput of the shop, resources of its functions as processes, and the cost of a million orders. Each measurement
//! starts its own local stack in memory.

mod bench;
mod cost;
mod meter;
mod shop;
mod start;

use std::process::ExitCode;

use lexopt::prelude::*;
use tracing_subscriber::EnvFilter;

/// The default log. A failed condition is no reason for a warning: the shop counts on it.
const LOG: &str = "warn,dynoxide::server=error";

const HELP: &str = "\
What the shop does in a second, what its functions take as processes, and what a million orders cost.

Usage: cargo measure COMMAND [OPTIONS]

Commands:
  bench          measures: orders a second, fills, units of DynamoDB (as fast as a release, which it builds first;
                 without the way over a debug build: cargo run --profile bench-local --package measure -- bench)
  start [NAME..] measures functions as processes: their start, invocations, memory and size; all, or those named
  cost           counts what a million orders cost, with start's measurements, and writes infra/cost.md

Options:
  --json         of bench: prints one JSON object
  --nights       of bench: only a night in which 10,000 orders are due, and the end of a line as long
  --quick        of bench: with fewer orders, in half a minute
  --lines        of bench: only what a place in line costs, in lines of 100 to 100,000 orders
  --release      of start and cost: measures what `cargo lambda build --release --compiler cargo` built
  -h, --help     prints this

RUST_LOG=info says more of what happens.
";

enum Command {
    Help,
    Bench(bench::Options),
    Cost(start::Options),
    Start(start::Options),
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match arguments().map_err(|error| error.to_string()).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("measure: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_env();
    let mut command = None;
    let mut started = start::Options::default();
    let mut measured = bench::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("json") => measured.json = true,
            Long("nights") => measured.nights = true,
            Long("quick") => measured.quick = true,
            Long("lines") => measured.lines = true,
            Long("release") => started.release = true,
            Short('h') | Long("help") => return Ok(Command::Help),
            Value(name) if command.is_none() => command = Some(name.string()?),
            Value(name) if command.as_deref() == Some("start") => started.functions.push(name.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match command.as_deref() {
        None => Ok(Command::Help),
        Some("bench") => Ok(Command::Bench(measured)),
        Some("cost") => Ok(Command::Cost(started)),
        Some("start") => Ok(Command::Start(started)),
        Some(other) => Err(format!("there is no command {other:?}; see --help").into()),
    }
}

fn run(command: Command) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    match command {
        Command::Help => {
            print!("{HELP}");
            Ok(())
        }
        Command::Bench(options) => runtime.block_on(bench::run(options)),
        Command::Cost(options) => runtime.block_on(cost::run(&options)),
        Command::Start(options) => runtime.block_on(start::run(&options)),
    }
}

//! `cargo measure`: the shop's throughput, the resources of its functions as processes, and the cost of a million orders. Each
//! measurement starts its own local stack in memory.

mod bench;
mod cost;
mod meter;
mod shop;
mod start;

use std::process::ExitCode;

use lexopt::prelude::*;
use tracing_subscriber::EnvFilter;

/// The default log filter. The emulator logs each failed condition as a warning, but the shop expects those.
const LOG: &str = "warn,dynoxide::server=error";

const HELP: &str = "\
Measures the shop's throughput, its functions as processes, and the cost of a million orders.

Usage: cargo measure COMMAND [OPTIONS]

Commands:
  bench          measures orders a second, fills and DynamoDB units, in an optimized build that it makes first (to skip
                 the debug build: cargo run --profile bench-local --package measure -- bench)
  start [NAME..] measures all or the named functions as processes: start, invocations, memory and size
  cost           computes the cost of a million orders with the measurements of start, and writes infra/cost.md

Options:
  --json         bench: prints one JSON object
  --nights       bench: only a night on which 10,000 orders expire, and the end of a backlog of 10,000
  --quick        bench: fewer orders, half a minute
  --lines        bench: only the cost of a place in line, for backlogs of 100 to 100,000 orders
  --release      start and cost: measures the output of `cargo lambda build --release --compiler cargo`
  -h, --help     prints this help

RUST_LOG=info prints more details.
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

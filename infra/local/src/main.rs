//! `cargo local`: the shop on one machine, from the command line. What it consists of is in the library.

mod bench;
mod cost;
mod demo;
mod mails;
mod operate;
mod start;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::prelude::*;
use local::{Options, Stack, functions, watched};
use operate::Operation;
use tracing_subscriber::EnvFilter;

const DEFAULT_PORT: u16 = 9000;

/// What is logged by default. That a condition failed is nothing to warn of: the shop counts on it.
const LOG: &str = "warn,dynoxide::server=error";

/// Where the environment of functions that run elsewhere is written.
const ENVIRONMENT: &str = "target/functions.env";

const HELP: &str = "\
The shop on one machine, driven by template.yaml.

Usage: cargo local [COMMAND] [OPTIONS]

Commands:
  serve          serves the shop until it is interrupted (this is the default)
  demo           plays a story for each of the three shops, on a fresh stack each, and checks it
  bench          measures: orders a second, fills, units of DynamoDB (as fast as a release, which it builds first;
                 without the way over a debug build: cargo run --profile bench-local --package local -- bench)
  start [NAME..] measures functions as processes: their start, invocations, memory and size; all, or those named
  mails          writes a page with every mail that the shop can send: light, dark, narrow, as text
  cost           counts what a million orders cost, with start's measurements, and writes infra/cost.md

For a shop on AWS (see infra/deploying.md and infra/restoring.md; keys come on standard input):
  token          makes a shop's token: --scopes orders,stock,products --days 90
  smoke          tries a deployed stack: --api URL [--payment pi_… --amount N --currency USD --email ADDRESS]
  policy FILE    checks a policy's file, naming all that is wrong; --check: no more than that; --shop URL: and sets it there
  restore        makes the shop's table what a restored one is: --from TABLE --to TABLE

Options:
  --port N       the port; 0 takes a free one, which the first line printed says [default: 9000]
  --data DIR     keeps everything in DIR; without it, everything is gone at the end
  --policy NAME  the shop's policy: ledriven, add-to-cart-backorder or bodybuilding
  --functions U  invokes the functions at U, where `cargo lambda watch` runs them; see CONTRIBUTING.md
  --json         of bench: prints one JSON object
  --nights       of bench: only a night in which 10,000 orders are due, and the end of a line as long
  --quick        of bench: with fewer orders, in half a minute
  --lines        of bench: only what a place in line costs, in lines of 100 to 100,000 orders
  --release      of start and cost: measures what `cargo lambda build --release --compiler cargo` built
  -h, --help     prints this

RUST_LOG=info says more of what happens.
";

/// What the command line asks for.
enum Command {
    Help,
    Bench(bench::Options),
    Cost(start::Options),
    Demo,
    Mails,
    Operate(Operation),
    Start(start::Options),
    /// The functions run at the address, or in this process.
    Serve(Options, Option<String>),
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match arguments().map_err(|error| error.to_string()).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("local: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_env();
    let mut command = None;
    let mut options = Options { port: DEFAULT_PORT, ..Options::default() };
    let mut functions = None;
    let mut started = start::Options::default();
    let mut measured = bench::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => options.port = parser.value()?.parse()?,
            Long("data") => options.data = Some(PathBuf::from(parser.value()?)),
            Long("policy") => options.policy = Some(parser.value()?.string()?),
            Long("functions") => functions = Some(parser.value()?.string()?),
            Long("json") => measured.json = true,
            Long("nights") => measured.nights = true,
            Long("quick") => measured.quick = true,
            Long("lines") => measured.lines = true,
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("release") => started.release = true,
            Value(name) if command.is_none() => {
                let name = name.string()?;
                if let Some(operation) = operate::parse(&name, &mut parser)? {
                    return Ok(Command::Operate(operation));
                }
                command = Some(name);
            }
            Value(name) if command.as_deref() == Some("start") => started.functions.push(name.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match command.as_deref() {
        None | Some("serve") => Ok(Command::Serve(options, functions)),
        Some("bench") => Ok(Command::Bench(measured)),
        Some("cost") => Ok(Command::Cost(started)),
        Some("start") => Ok(Command::Start(started)),
        Some("demo") => Ok(Command::Demo),
        Some("mails") => Ok(Command::Mails),
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
        Command::Mails => mails::run(),
        Command::Demo => runtime.block_on(demo::play()),
        Command::Cost(options) => runtime.block_on(cost::run(&options)),
        Command::Start(options) => runtime.block_on(start::run(&options)),
        Command::Serve(options, None) => runtime.block_on(serve(options)),
        Command::Serve(options, Some(functions)) => runtime.block_on(serve_watched(options, &functions)),
        Command::Operate(operation) => runtime.block_on(operate::run(operation)),
    }
}

async fn serve(options: Options) -> Result<(), String> {
    let stack = Stack::start(options, functions::wire).await.map_err(|error| error.to_string())?;
    until_interrupted(stack).await
}

/// Serves with functions that run elsewhere; they must find the stack at the same ports after each of its starts.
async fn serve_watched(mut options: Options, functions: &str) -> Result<(), String> {
    if options.port > 0 {
        options.inner_ports = [options.port.saturating_add(2), options.port.saturating_add(3)];
    }
    let wire = |around| watched::wire(around, functions, Path::new(ENVIRONMENT));
    let stack = Stack::start(options, wire).await.map_err(|error| error.to_string())?;
    eprintln!("functions are invoked at {functions}, with the environment in {ENVIRONMENT}: see CONTRIBUTING.md");
    until_interrupted(stack).await
}

async fn until_interrupted(stack: Stack) -> Result<(), String> {
    println!("listening on {}", stack.url());
    tokio::signal::ctrl_c().await.map_err(|error| error.to_string())?;
    stack.shutdown().await;
    Ok(())
}

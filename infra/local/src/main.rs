//! `cargo local`: the command line of the shop on one machine. The shop itself is in the library.

mod bench;
mod cost;
mod demo;
mod mails;
mod operate;
mod serve;
mod start;

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::*;
use operate::Operation;
use tracing_subscriber::EnvFilter;

const DEFAULT_PORT: u16 = 9000;

/// The default filter of the log. The shop counts on conditions that fail, so the table's server logs errors only.
const LOG: &str = "warn,dynoxide::server=error";

const HELP: &str = "\
The shop on one machine, driven by template.yaml.

Usage: cargo local [COMMAND] [OPTIONS]

Commands:
  serve          serves the shop until Ctrl-C (the default)
  demo           plays a story for each of the three shops, each in a fresh shop in memory, and checks it
  bench          measures: orders a second, fills, units of DynamoDB (as fast as a release, which it builds first;
                 without the way over a debug build: cargo run --profile bench-local --package local -- bench)
  start [NAME..] measures functions as processes: their start, invocations, memory and size; all, or those named
  mails          writes a page with every mail that the shop can send: light, dark, narrow and as text
  cost           counts what a million orders cost, with start's measurements, and writes infra/cost.md

For a shop on AWS (see infra/deploying.md and infra/restoring.md; keys come on standard input):
  token          makes a shop's token: --scopes orders,stock,products --days 90
  smoke          tries a deployed stack: --api URL [--payment pi_… --amount N --currency USD --email ADDRESS]
  policy FILE    checks a policy's file, naming all that is wrong; --check: no more than that; --shop URL: and sets it there
  restore        makes the shop's table what a restored one is: --from TABLE --to TABLE

Options:
  --port N       the port; 0 takes a free one, and the first line printed says which [default: 9000]
  --data DIR     keeps all data in DIR; without it, all data is gone at the end
  --policy P     the shop's policy: ledriven (the default), add-to-cart-backorder or bodybuilding; or a FILE of your
                 own, such as ./my-shop.toml: infra/policies/reference.toml explains each line of it
  --functions U  invokes the functions at U, where `cargo lambda watch` runs them; see CONTRIBUTING.md
  --json         of bench: prints one JSON object
  --nights       of bench: only a night in which 10,000 orders are due, and the end of a line as long
  --quick        of bench: with fewer orders, in half a minute
  --lines        of bench: only what a place in line costs, in lines of 100 to 100,000 orders
  --release      of start and cost: measures what `cargo lambda build --release --compiler cargo` built
  -h, --help     prints this

RUST_LOG=info logs more.
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
    Serve(serve::Request),
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
    let mut served = serve::Request::default();
    served.options.port = DEFAULT_PORT;
    let mut started = start::Options::default();
    let mut measured = bench::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => served.options.port = parser.value()?.parse()?,
            Long("data") => served.options.data = Some(PathBuf::from(parser.value()?)),
            Long("policy") => served.set_policy(parser.value()?.string()?),
            Long("functions") => served.functions = Some(parser.value()?.string()?),
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
        None | Some("serve") => Ok(Command::Serve(served)),
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
        Command::Serve(request) => runtime.block_on(serve::run(request)),
        Command::Operate(operation) => runtime.block_on(operate::run(operation)),
    }
}

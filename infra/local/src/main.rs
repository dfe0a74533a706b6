//! `cargo local`: the shop on one machine, from the command line. What it consists of is in the library.

mod demo;
mod mails;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::prelude::*;
use local::{Options, Stack, functions, watched};
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
  mails          writes a page with every mail that the shop can send: light, dark, narrow, as text

`cargo measure` measures the shop; `cargo ops` is for a shop on AWS.

Options:
  --port N       the port; 0 takes a free one, which the first line printed says [default: 9000]
  --data DIR     keeps everything in DIR; without it, everything is gone at the end
  --policy NAME  the shop's policy: ledriven, add-to-cart-backorder or bodybuilding
  --functions U  invokes the functions at U, where `cargo lambda watch` runs them; see CONTRIBUTING.md
  -h, --help     prints this

RUST_LOG=info says more of what happens.
";

enum Command {
    Help,
    Demo,
    Mails,
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
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => options.port = parser.value()?.parse()?,
            Long("data") => options.data = Some(PathBuf::from(parser.value()?)),
            Long("policy") => options.policy = Some(parser.value()?.string()?),
            Long("functions") => functions = Some(parser.value()?.string()?),
            Short('h') | Long("help") => return Ok(Command::Help),
            Value(name) if command.is_none() => command = Some(name.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match command.as_deref() {
        None | Some("serve") => Ok(Command::Serve(options, functions)),
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
        Command::Mails => mails::run(),
        Command::Demo => runtime.block_on(demo::play()),
        Command::Serve(options, None) => runtime.block_on(serve(options)),
        Command::Serve(options, Some(functions)) => runtime.block_on(serve_watched(options, &functions)),
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

//! `cargo local`: the command line of the shop on one machine. The shop itself is in the library.

mod demo;
mod mails;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::*;
use tracing_subscriber::EnvFilter;

const DEFAULT_PORT: u16 = 9000;

/// The default log filter. Conditional writes fail in normal use, so the table's server logs errors only.
const LOG: &str = "warn,dynoxide::server=error";

const HELP: &str = "\
The shop on one machine, driven by template.yaml.

Usage: cargo local [COMMAND] [OPTIONS]

Commands:
  serve          serves the shop until Ctrl-C (the default)
  demo           plays a story for each of the three shops, each in a fresh shop in memory, and checks it
  mails          writes a page with every mail that the shop can send: light, dark, narrow and as text

`cargo measure` measures the shop; `cargo ops` is for a shop on AWS.

Options:
  --port N       the port; 0 takes a free one, and the first line printed says which [default: 9000]
  --data DIR     keeps all data in DIR; without it, all data is gone at the end
  --policy P     the shop's policy: ledriven (the default), add-to-cart-backorder or bodybuilding; or a FILE of your
                 own, such as ./my-shop.toml: infra/policies/reference.toml explains each line of it
  --functions U  invokes the functions at U, where `cargo lambda watch` runs them; see CONTRIBUTING.md
  -h, --help     prints this

RUST_LOG=info logs more.
";

enum Command {
    Help,
    Demo,
    Mails,
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
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => served.options.port = parser.value()?.parse()?,
            Long("data") => served.options.data = Some(PathBuf::from(parser.value()?)),
            Long("policy") => served.set_policy(parser.value()?.string()?),
            Long("functions") => served.functions = Some(parser.value()?.string()?),
            Short('h') | Long("help") => return Ok(Command::Help),
            Value(name) if command.is_none() => command = Some(name.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match command.as_deref() {
        None | Some("serve") => Ok(Command::Serve(served)),
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
        Command::Serve(request) => runtime.block_on(serve::run(request)),
    }
}

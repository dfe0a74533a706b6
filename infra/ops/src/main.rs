//! `cargo ops`: the command line of the operator's tools.

use std::path::PathBuf;
use std::process::ExitCode;

use aws::clock::Clock;
use lexopt::Parser;
use lexopt::prelude::*;
use ops::smoke::{Paid, Trial};
use ops::{policy, restore, smoke, token};
use tracing_subscriber::EnvFilter;

const HELP: &str = "\
Operates a shop on AWS. See infra/deploying.md and infra/restoring.md. Keys are read from standard input.

Usage: cargo ops COMMAND [OPTIONS]

Commands:
  token          makes a shop's token: --scopes orders,stock,products --days 90
  smoke          tests a deployed stack: --api URL [--payment pi_… --amount N --currency USD --email ADDRESS]
  policy FILE    checks a policy file and prints all its errors; --check: only that; --shop URL: also sets the policy there
  restore        copies a restored table into the shop's table: --from TABLE --to TABLE

Options:
  -h, --help     prints this help

RUST_LOG=info prints more details.
";

enum Operation {
    Help,
    Token { scopes: String, days: i64 },
    Policy { file: PathBuf, shop: Option<String> },
    Restore { from: String, to: String },
    Smoke(Trial),
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string());
    let done = arguments()
        .map_err(|error| error.to_string())
        .and_then(|operation| runtime.and_then(|runtime| runtime.block_on(run(operation))));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ops: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Operation, lexopt::Error> {
    let mut parser = Parser::from_env();
    match parser.next()? {
        None | Some(Short('h') | Long("help")) => Ok(Operation::Help),
        Some(Value(name)) => match name.string()?.as_str() {
            "token" => token_options(&mut parser),
            "smoke" => trial(&mut parser).map(Operation::Smoke),
            "policy" => policy_file(&mut parser),
            "restore" => tables(&mut parser),
            other => Err(format!("there is no command {other:?}; see --help").into()),
        },
        Some(other) => Err(other.unexpected()),
    }
}

/// Reads options of the form `--name value`, and no others.
fn options<const N: usize>(parser: &mut Parser, names: [&str; N]) -> Result<[Option<String>; N], lexopt::Error> {
    let mut values = [const { None }; N];
    while let Some(argument) = parser.next()? {
        let place = names.iter().position(|name| argument == Long(name));
        let Some(value) = place.and_then(|place| values.get_mut(place)) else { return Err(argument.unexpected()) };
        *value = Some(parser.value()?.string()?);
    }
    Ok(values)
}

fn token_options(parser: &mut Parser) -> Result<Operation, lexopt::Error> {
    let [scopes, days] = options(parser, ["scopes", "days"])?;
    let days = days.map_or(Ok(90), |days| number("--days", &days))?;
    Ok(Operation::Token { scopes: scopes.unwrap_or_default(), days })
}

fn tables(parser: &mut Parser) -> Result<Operation, lexopt::Error> {
    let [from, to] = options(parser, ["from", "to"])?;
    Ok(Operation::Restore {
        from: needed(from, "--from, the restored table")?,
        to: needed(to, "--to, the shop's table")?,
    })
}

fn policy_file(parser: &mut Parser) -> Result<Operation, lexopt::Error> {
    let (mut file, mut check, mut shop) = (None, false, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("check") => check = true,
            Long("shop") => shop = Some(parser.value()?.string()?),
            Value(path) if file.is_none() => file = Some(PathBuf::from(path)),
            other => return Err(other.unexpected()),
        }
    }
    match file {
        None => Err("give the policy's FILE; infra/policies/reference.toml explains every line".into()),
        Some(_) if check == shop.is_some() => Err("give either --check or --shop URL, the URL of the API".into()),
        Some(file) => Ok(Operation::Policy { file, shop }),
    }
}

fn trial(parser: &mut Parser) -> Result<Trial, lexopt::Error> {
    let [api, reference, amount, currency, email] = options(parser, ["api", "payment", "amount", "currency", "email"])?;
    let api = needed(api, "--api, the output ApiUrl of the stack")?;
    let payment = match reference.filter(|reference| !reference.is_empty()) {
        None => None,
        Some(reference) => {
            let email = needed(email, "--email, an address that may get the mails")?;
            let amount = amount.map_or(Ok(0), |amount| number("--amount", &amount))?;
            if amount < 1 {
                return Err("give --amount, the paid sum in minor units".into());
            }
            let currency = currency.unwrap_or_else(|| "USD".to_owned()).to_uppercase();
            Some(Paid { reference, amount, currency, email })
        }
    };
    Ok(Trial { api, key: String::new(), payment })
}

fn number(option: &str, value: &str) -> Result<i64, lexopt::Error> {
    value.parse().map_err(|_| format!("{option} must be an integer, not {value:?}").into())
}

fn needed(value: Option<String>, what: &str) -> Result<String, lexopt::Error> {
    value.filter(|value| !value.is_empty()).ok_or_else(|| format!("give {what}").into())
}

async fn run(operation: Operation) -> Result<(), String> {
    let clock = Clock::default();
    match operation {
        Operation::Help => print!("{HELP}"),
        Operation::Token { scopes, days } => {
            println!("{}", token::make(&key()?, &scopes, days, clock.now())?);
        }
        Operation::Restore { from, to } => {
            let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
            let client = aws_sdk_dynamodb::Client::new(&config);
            let said = |what: &str, count: usize| {
                if count.is_multiple_of(1_000) {
                    eprintln!("{what} {count}");
                }
            };
            let done = restore::restore(&client, &from, &to, said).await?;
            println!("{} items deleted from {to}, {} items put from {from}", done.removed, done.put);
        }
        Operation::Policy { file, shop } => {
            let name = file.display();
            let text = std::fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"))?;
            let read = contract::policy_file::read(&text)
                .map_err(|errors| format!("{name} is not a valid policy:\n{errors}"))?;
            match shop {
                None => println!("{name} is valid; its hash is {}", read.hash()),
                Some(api) => {
                    let hash = policy::set(&read, &api, &key()?, &clock).await?;
                    println!("the policy {hash} is set; every function applies it within half a minute");
                }
            }
        }
        Operation::Smoke(trial) => {
            smoke::try_out(&Trial { key: key()?, ..trial }, &clock, |step| println!("ok: {step}")).await?;
            println!("every step succeeded");
        }
    }
    Ok(())
}

/// Reads the key that signs tokens from standard input.
fn key() -> Result<String, String> {
    std::io::read_to_string(std::io::stdin()).map_err(|error| error.to_string())
}

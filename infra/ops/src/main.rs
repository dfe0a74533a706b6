//! The commands of whoever runs the shop on AWS, from the command line. What they do stands in the library's `operator`.

use std::path::PathBuf;

use aws::clock::Clock;
use lexopt::Parser;
use lexopt::prelude::*;
use local::operator::smoke::{Paid, Trial};
use local::operator::{policy, restore, smoke, token};

/// What an operator asks for.
pub enum Operation {
    /// A shop's token.
    Token { scopes: String, days: i64 },
    /// A policy's file, checked, and set in the shop of that address.
    Policy { file: PathBuf, shop: Option<String> },
    /// The shop's table as the restored one is.
    Restore { from: String, to: String },
    /// A trial of a deployed stack, its key still missing.
    Smoke(Trial),
}

/// Reads what follows the name of the command; `None` where it is not an operator's.
pub fn parse(name: &str, parser: &mut Parser) -> Result<Option<Operation>, lexopt::Error> {
    let operation = match name {
        "token" => {
            let (mut scopes, mut days) = (String::new(), 90);
            while let Some(argument) = parser.next()? {
                match argument {
                    Long("scopes") => scopes = parser.value()?.string()?,
                    Long("days") => days = parser.value()?.parse()?,
                    other => return Err(other.unexpected()),
                }
            }
            Operation::Token { scopes, days }
        }
        "restore" => {
            let (mut from, mut to) = (String::new(), String::new());
            while let Some(argument) = parser.next()? {
                match argument {
                    Long("from") => from = parser.value()?.string()?,
                    Long("to") => to = parser.value()?.string()?,
                    other => return Err(other.unexpected()),
                }
            }
            needed(&[("--from, the restored table", &from), ("--to, the shop's table", &to)])?;
            Operation::Restore { from, to }
        }
        "policy" => policy_file(parser)?,
        "smoke" => Operation::Smoke(trial(parser)?),
        _ => return Ok(None),
    };
    Ok(Some(operation))
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
        None => Err("give the policy's FILE; infra/policies/reference.toml says what may stand in it".into()),
        Some(_) if check == shop.is_some() => Err("give either --check, or --shop, where the API answers".into()),
        Some(file) => Ok(Operation::Policy { file, shop }),
    }
}

fn trial(parser: &mut Parser) -> Result<Trial, lexopt::Error> {
    let (mut api, mut reference, mut email) = (String::new(), String::new(), String::new());
    let (mut amount, mut currency) = (0, "USD".to_owned());
    while let Some(argument) = parser.next()? {
        match argument {
            Long("api") => api = parser.value()?.string()?,
            Long("payment") => reference = parser.value()?.string()?,
            Long("amount") => amount = parser.value()?.parse()?,
            Long("currency") => currency = parser.value()?.string()?.to_uppercase(),
            Long("email") => email = parser.value()?.string()?,
            other => return Err(other.unexpected()),
        }
    }
    needed(&[("--api, the output ApiUrl of the stack", &api)])?;
    let payment = if reference.is_empty() {
        None
    } else {
        needed(&[("--email, where the mails may go", &email)])?;
        if amount < 1 {
            return Err("give --amount, what was paid in minor units".into());
        }
        Some(Paid { reference, amount, currency, email })
    };
    Ok(Trial { api, key: String::new(), payment })
}

fn needed(arguments: &[(&str, &str)]) -> Result<(), lexopt::Error> {
    match arguments.iter().find(|(_, value)| value.is_empty()) {
        Some((argument, _)) => Err(format!("give {argument}").into()),
        None => Ok(()),
    }
}

/// Does it.
pub async fn run(operation: Operation) -> Result<(), String> {
    let clock = Clock::default();
    match operation {
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
            println!("{} items removed from {to}, {} put into it from {from}", done.removed, done.put);
        }
        Operation::Policy { file, shop } => {
            let name = file.display();
            let text = std::fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"))?;
            let read = policy::read(&text).map_err(|faults| format!("{name} is no policy:\n{faults}"))?;
            match shop {
                None => println!("{name} is in order; its hash is {}", read.hash()),
                Some(api) => {
                    let hash = policy::set(&read, &api, &key()?, &clock).await?;
                    println!("the policy {hash} is set; every function goes by it within half a minute");
                }
            }
        }
        Operation::Smoke(trial) => {
            smoke::try_out(&Trial { key: key()?, ..trial }, &clock, |step| println!("ok: {step}")).await?;
            println!("all is well");
        }
    }
    Ok(())
}

/// The key that signs tokens, from standard input.
fn key() -> Result<String, String> {
    std::io::read_to_string(std::io::stdin()).map_err(|error| error.to_string())
}

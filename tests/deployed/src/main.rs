//! `cargo deployed` deploys the real programs with the real template to ministack on this machine. Then it runs the
//! scenarios of the embedded stack against them, and a chaos run.

mod answer;
mod aws;
mod bootstraps;
mod chaos;
mod deploy;
mod deployment;
mod faults;
mod front;
mod gaps;
mod post;
mod process;
mod scenarios;
mod settle;

use std::process::ExitCode;
use std::time::Instant;

use deployment::Plan;
use futures::future::try_join_all;
use lexopt::prelude::*;
use scenarios::SuiteOutcome;

const HELP: &str = "\
Deploys the functions' programs by template.yaml to ministack on this machine.

Usage: cargo deployed [COMMAND] [OPTIONS]

Commands:
  all            runs the scenarios, then a short chaos run (the default)
  scenarios      runs tests/scenarios against the deployed shops
  chaos          chaos run: clients buy while calls fail and processes are killed; then verifies that nothing was lost
  serve          serves a deployed shop until it is interrupted, as cargo local does

Options:
  --policy NAME  for serve: the shop's policy [default: ledriven]
  --seed N       for chaos: the random seed [default: a new one, which is printed]
  --long         for chaos: four times as long
  -h, --help     prints this

Logs are in target/deployed.
";

struct Asked {
    command: String,
    policy: String,
    chaos: chaos::Options,
}

impl Asked {
    fn plan(&self, policy: &str, functions: &[String]) -> Plan {
        Plan { policy: policy.to_owned(), functions: functions.to_vec(), faulty: false }
    }
}

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("deployed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<(), String> {
    let Some(asked) = arguments().map_err(|error| error.to_string())? else {
        print!("{HELP}");
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(async {
        tokio::select! {
            ended = run(&asked) => ended,
            _ = tokio::signal::ctrl_c() => Err("interrupted".to_owned()),
        }
    })
}

fn arguments() -> Result<Option<Asked>, lexopt::Error> {
    let mut parser = lexopt::Parser::from_env();
    let chaos = chaos::Options { seed: fastrand::u64(..1_000_000), long: false };
    let mut asked = Asked { command: "all".to_owned(), policy: "ledriven".to_owned(), chaos };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("policy") => asked.policy = parser.value()?.string()?,
            Long("seed") => asked.chaos.seed = parser.value()?.parse()?,
            Long("long") => asked.chaos.long = true,
            Short('h') | Long("help") => return Ok(None),
            Value(name) => asked.command = name.string()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(asked))
}

async fn run(asked: &Asked) -> Result<(), String> {
    let known = ["all", "scenarios", "chaos", "serve"];
    if !known.contains(&asked.command.as_str()) {
        return Err(format!("there is no command {:?}; see --help", asked.command));
    }
    let _workplace = process::claim_workplace()?;
    let start = Instant::now();
    println!("building the functions");
    let functions = tokio::task::spawn_blocking(bootstraps::build).await.map_err(|error| error.to_string())??;
    println!("{} functions are built ({} s)", functions.len(), start.elapsed().as_secs());
    match asked.command.as_str() {
        "serve" => return serve(asked, functions).await,
        "chaos" => return chaos::run(functions, asked.chaos).await,
        _ => {}
    }
    let SuiteOutcome { passed, failed, skipped } = run_scenarios(asked, &functions, &start).await?;
    gaps::print();
    let chaos = if asked.command == "all" { chaos::run(functions, asked.chaos).await } else { Ok(()) };
    println!("\n{passed} passed, {failed} failed, {skipped} skipped, after {} s", start.elapsed().as_secs());
    if failed == 0 { chaos } else { Err(format!("{failed} scenarios failed")) }
}

async fn run_scenarios(asked: &Asked, functions: &[String], start: &Instant) -> Result<SuiteOutcome, String> {
    let plans: Vec<Plan> = scenarios::shops().into_iter().map(|policy| asked.plan(policy, functions)).collect();
    let shops = try_join_all(plans.iter().map(front::start)).await?;
    println!("{} shops are deployed ({} s)", shops.len(), start.elapsed().as_secs());
    let fronts = plans.iter().zip(&shops).map(|(plan, (shop, _))| format!("{}={}", plan.policy, shop.url));
    let fronts = fronts.collect::<Vec<_>>().join(",");
    tokio::task::spawn_blocking(move || scenarios::run(&fronts)).await.map_err(|error| error.to_string())?
}

async fn serve(asked: &Asked, functions: Vec<String>) -> Result<(), String> {
    let plan = asked.plan(&asked.policy, &functions);
    let (shop, _served) = front::start(&plan).await?;
    println!("listening on {}; Ctrl-C ends it", shop.url);
    std::future::pending().await
}

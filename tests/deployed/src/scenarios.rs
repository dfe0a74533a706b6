//! Runs `tests/scenarios` against deployed shops, a front for each policy, and says which scenarios cannot run there.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::process::root;

/// The policies that scenarios ask for; the first is what most of them run by, on several shops side by side.
pub const SHOPS: [&str; 4] = ["ledriven", "ledriven", "bodybuilding", "add-to-cart-backorder"];

/// Scenarios that need the embedded stack, and for what.
const NOT_RUN: &[(&str, &str)] = &[
];

/// What became of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Scenarios that passed.
    pub passed: usize,
    /// Scenarios that failed.
    pub failed: usize,
    /// Scenarios that were not run.
    pub skipped: usize,
}

/// Runs them; `fronts` is what tells the tests where the shops are.
///
/// # Errors
/// The tests cannot be built or listed, or one that is named as not run does not exist.
pub fn run(fronts: &str) -> Result<Outcome, String> {
    let known = list()?;
    if let Some((stale, _)) = NOT_RUN.iter().find(|(name, _)| !known.contains(*name)) {
        return Err(format!("there is no scenario {stale}: take it off the list in tests/deployed/src/scenarios.rs"));
    }
    let skips = NOT_RUN.iter().flat_map(|(name, _)| ["--skip", name]);
    let threads = SHOPS.len().to_string();
    let mut command = tests();
    command.args(["--exact", "--test-threads", &threads]).args(skips).env("BACKORDER_DEPLOYED", fronts);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("cargo: {error}"))?;
    let mut outcome = Outcome { skipped: NOT_RUN.len(), ..Outcome::default() };
    let total = known.len() - NOT_RUN.len();
    for line in child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()).map_while(Result::ok) {
        let told = line.strip_prefix("test ").and_then(|told| told.split_once(" ... "));
        match told {
            Some((name, verdict @ ("ok" | "FAILED"))) => {
                outcome.passed += usize::from(verdict == "ok");
                outcome.failed += usize::from(verdict == "FAILED");
                println!("{:>4}/{total} {verdict:<6} {name}", outcome.passed + outcome.failed);
            }
            _ => println!("{line}"),
        }
    }
    child.wait().map_err(|error| error.to_string())?;
    outcome.failed = outcome.failed.max(total - outcome.passed); // what was never told of has not passed
    for (name, why) in NOT_RUN {
        println!("not run: {name}: {why}");
    }
    Ok(outcome)
}

/// The names of all scenarios.
fn list() -> Result<BTreeSet<String>, String> {
    let listed = tests().args(["--list", "--format", "terse"]).stderr(Stdio::inherit()).output();
    let listed = listed.map_err(|error| format!("cargo: {error}"))?;
    if !listed.status.success() {
        return Err("the scenarios cannot be built: see above".to_owned());
    }
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
}

fn tests() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(["test", "--quiet", "--locked", "--package", "tests", "--test", "scenarios", "--"]);
    command
}

//! Prints the results of the model: each size with its states, each flaw with a shortest run that breaks it. `--deep`
//! adds the sizes that take minutes.

use model::flaws;
use model::properties;
use model::protocol::Protocol;
use model::report::{break_property, check};
use model::sizes;

fn main() -> std::process::ExitCode {
    let deep = std::env::args().any(|argument| argument == "--deep");
    let held = sizes_hold(deep);
    let caught = flaws_are_caught();
    if held && caught { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}

fn sizes_hold(deep: bool) -> bool {
    let names: Vec<_> = properties::all_properties().iter().map(|p| p.name).collect();
    println!("Checked in every state of every size: {}.\n", names.join("; "));
    println!("{:<48} {:>12} {:>12} {:>6} {:>8}", "size", "states", "different", "depth", "seconds");
    let mut held = true;
    let wanted = sizes::everyday().into_iter().chain(deep.then(sizes::deep).into_iter().flatten());
    for size in wanted {
        let outcome = check(Protocol::new(size.clone()));
        println!("{}", outcome.row(size.name));
        held &= outcome.broken.is_empty();
    }
    held
}

fn flaws_are_caught() -> bool {
    let mut caught = true;
    for flaws::Broken { flaw, property, size } in flaws::all_flaws() {
        match break_property(&Protocol { size, flaw }, property) {
            Some(steps) => {
                println!("\n{flaw:?} breaks \"{property}\" in {} steps:\n  {}", steps.len(), steps.join("\n  "));
            }
            None => {
                println!("\n{flaw:?} was NOT caught breaking \"{property}\"");
                caught = false;
            }
        }
    }
    caught
}

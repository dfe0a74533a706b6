//! Prints the results with their goals.

use std::time::Duration;

use super::function::Took;

/// The goal for the processor time of a start.
const START: Duration = Duration::from_millis(3);
/// The goal for the processor time of placing an order.
const PLACING: Duration = Duration::from_millis(2);
/// The goal for the size of a zip in bytes.
const ZIP: usize = 6_000_000;

#[derive(Clone, Debug)]
pub struct Measured {
    pub name: String,
    pub start: Took,
    pub first: Took,
    pub warm: Took,
    /// Peak memory in KiB.
    pub memory: Option<u64>,
    /// The size of the binary in bytes.
    pub file: usize,
    /// The size of the zip in bytes.
    pub zip: usize,
}

#[derive(Clone, Copy, Debug)]
pub struct Placed {
    pub each: Took,
    pub orders: usize,
}

#[derive(Clone, Debug, Default)]
pub struct Report {
    pub release: bool,
    pub functions: Vec<Measured>,
    pub placed: Option<Placed>,
}

impl Report {
    /// Processor time of a later invocation; for `place-order`, that of a real order.
    pub fn cpu_of(&self, function: &str) -> Option<Duration> {
        if let Some(placed) = self.placed.as_ref().filter(|_| function == "place-order") {
            return placed.each.cpu;
        }
        self.functions.iter().find(|it| it.name == function)?.warm.cpu
    }

    /// Prints a table. `!` marks a missed goal.
    pub fn print(&self) {
        println!("medians in milliseconds: processor time / wall-clock time; invocations use events/<function>.json");
        println!(
            "{:<17} {:>15} {:>15} {:>15} {:>9} {:>9} {:>9}",
            "function", "start", "first", "later", "peak MB", "file MB", "zip MB"
        );
        for it in &self.functions {
            let zip = format!("{}{}", megabytes(it.zip), mark(self.release && it.zip > ZIP));
            let memory = it.memory.map_or_else(|| "-".to_owned(), |kib| format!("{:.1}", f64_of(kib) / 1_024.0));
            let start = format!("{}{}", cell(it.start), mark(it.start.cpu.is_some_and(|cpu| cpu > START)));
            println!(
                "{:<17} {start:>15} {:>15} {:>15} {memory:>9} {:>9} {zip:>9}",
                it.name,
                cell(it.first),
                cell(it.warm),
                megabytes(it.file)
            );
        }
        println!("goals: at most {START:?} of processor time for a start; at most {ZIP} bytes for a release's zip");
        if !self.release {
            println!("not a release (--release measures one): files contain symbols, and zips have no goal");
        }
        if let Some(placed) = &self.placed {
            let missed = mark(placed.each.cpu.is_some_and(|cpu| cpu > PLACING));
            println!(
                "placing an order (median of {}): {}{missed}; goal: at most {PLACING:?} of processor time",
                placed.orders,
                cell(placed.each)
            );
        }
    }
}

fn cell(took: Took) -> String {
    let cpu = took.cpu.map_or_else(|| "-".to_owned(), millis);
    format!("{cpu} / {}", millis(took.wall))
}

fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1_000.0)
}

fn megabytes(bytes: usize) -> String {
    format!("{:.2}", f64_of(u64::try_from(bytes).unwrap_or(u64::MAX)) / 1e6)
}

fn f64_of(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn mark(missed: bool) -> &'static str {
    if missed { "!" } else { " " }
}

//! The results with their goals.

use std::time::Duration;

use super::function::Took;

/// A start may take so much of the processor.
const START: Duration = Duration::from_millis(3);
/// Placing an order, too.
const PLACING: Duration = Duration::from_millis(2);
/// The largest zip, in bytes: six million.
const ZIP: usize = 6_000_000;

#[derive(Clone, Debug)]
pub struct Measured {
    pub name: String,
    pub start: Took,
    pub first: Took,
    pub warm: Took,
    /// KiB.
    pub memory: Option<u64>,
    /// Bytes.
    pub file: usize,
    /// Bytes.
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
    /// Processor time of an invocation that is not the first; of placing, that of a real order.
    pub fn cpu_of(&self, function: &str) -> Option<Duration> {
        if let Some(placed) = self.placed.as_ref().filter(|_| function == "place-order") {
            return placed.each.cpu;
        }
        self.functions.iter().find(|it| it.name == function)?.warm.cpu
    }

    /// A table; `!` stands behind what misses its goal.
    pub fn print(&self) {
        println!(
            "milliseconds of the processor / of the clock, medians; first and later invocations take events/<function>.json"
        );
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
        println!("goals: a start takes {START:?} of the processor at most; a release's zip has {ZIP} bytes at most");
        if !self.release {
            println!("not a release (--release measures one): files have their symbols, zips are not judged");
        }
        if let Some(placed) = &self.placed {
            let missed = mark(placed.each.cpu.is_some_and(|cpu| cpu > PLACING));
            println!(
                "placing an order, {} of them: {}{missed}; goal: {PLACING:?} of the processor at most",
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

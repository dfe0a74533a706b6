//! The processor time of this process.

use std::time::Duration;

/// Ticks of a second in `/proc`, as Linux has it for every program.
const TICKS: u64 = 100;

/// What all threads of this process have used so far; `None` where the system does not tell (it is asked as Linux is).
pub fn used() -> Option<Duration> {
    let line = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold anything.
    let fields: Vec<&str> = line.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = |field: usize| fields.get(field).and_then(|text| text.parse::<u64>().ok());
    Some(Duration::from_millis((ticks(11)? + ticks(12)?) * 1_000 / TICKS))
}

pub fn since(then: Option<Duration>) -> Option<Duration> {
    used().zip(then).map(|(now, then)| now.saturating_sub(then))
}

//! The processor time of this process.

use std::time::Duration;

/// Clock ticks per second in `/proc`: Linux reports 100 to every program.
const TICKS: u64 = 100;

/// The processor time of all threads of this process so far; `None` on systems other than Linux.
pub fn used() -> Option<Duration> {
    let line = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, in parentheses, may contain blanks.
    let fields: Vec<&str> = line.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = |field: usize| fields.get(field).and_then(|text| text.parse::<u64>().ok());
    Some(Duration::from_millis((ticks(11)? + ticks(12)?) * 1_000 / TICKS))
}

pub fn since(then: Option<Duration>) -> Option<Duration> {
    used().zip(then).map(|(now, then)| now.saturating_sub(then))
}

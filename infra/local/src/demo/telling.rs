//! Prints the demo: tables, and lines that name the promises they show. The text behind an arrow is the shop's answer, which must
//! equal the story's expectation. Only a terminal gets color and pauses.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::thread::sleep;
use std::time::Duration;

const BOLD: &str = "1";
const SOFT: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const CYAN: &str = "36";

/// The pause after a line.
const LINE: Duration = Duration::from_millis(1_200);
/// The pause after a table.
const TABLE: Duration = Duration::from_secs(4);

/// Prints a story and collects the promises that it showed.
pub(super) struct Teller {
    terminal: bool,
    shown: BTreeSet<u8>,
}

impl Teller {
    pub(super) fn new() -> Self {
        Self { terminal: std::io::stdout().is_terminal(), shown: BTreeSet::new() }
    }

    pub(super) fn title(&self, name: &str, about: &str) -> Result<(), String> {
        line(&format!("{} · {about}", self.in_colour(BOLD, name)))?;
        self.pause(LINE);
        Ok(())
    }

    pub(super) fn scene(&self, what: &str) -> Result<(), String> {
        line(&format!("\n  {}", self.in_colour(BOLD, what)))?;
        self.pause(LINE);
        Ok(())
    }

    pub(super) fn rest(&self) {
        self.pause(TABLE);
    }

    /// Waits if a person reads. It blocks this thread only; the shop runs on other threads.
    fn pause(&self, time: Duration) {
        if self.terminal {
            sleep(time);
        }
    }

    /// Prints an action and its result. It is an error if the result is not the expected one.
    pub(super) fn shows(&mut self, promises: &str, done: &str, expected: &str, seen: &str) -> Result<(), String> {
        let names = self.in_colour(CYAN, &format!("{promises:<8}"));
        if seen != expected {
            line(&format!("  {names} {done} → {}", self.in_colour(RED, seen)))?;
            return Err(format!("{promises}: {done}: expected {expected:?}, saw {seen:?}"));
        }
        self.shown.extend(promises.split(' ').filter_map(|name| name.trim_start_matches('R').parse::<u8>().ok()));
        line(&format!("  {names} {done} → {}", self.in_colour(GREEN, seen)))?;
        self.pause(LINE);
        Ok(())
    }

    /// The promises shown so far, in order. Three or more in a row are written `R1-R3`.
    pub(super) fn promises(&self) -> String {
        let mut runs: Vec<(u8, u8)> = Vec::new();
        for number in &self.shown {
            match runs.last_mut().filter(|(_, last)| last + 1 == *number) {
                Some((_, last)) => *last = *number,
                None => runs.push((*number, *number)),
            }
        }
        let say = |(first, last): (u8, u8)| match last - first {
            0 => format!("R{first}"),
            1 => format!("R{first} R{last}"),
            _ => format!("R{first}-R{last}"),
        };
        runs.into_iter().map(say).collect::<Vec<_>>().join(" ")
    }

    /// Prints a table. The first row is its head. The columns in `right` are aligned to the right.
    pub(super) fn table(&self, rows: &[Vec<String>], right: &[usize]) -> Result<(), String> {
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (at, row) in rows.iter().enumerate() {
            let mut text = String::from(" ");
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let padded = if right.contains(&column) {
                    write!(text, " {cell:>width$} ")
                } else {
                    write!(text, " {cell:<width$} ")
                };
                padded.map_err(|error| error.to_string())?;
            }
            let text = text.trim_end();
            line(&if at == 0 { self.in_colour(SOFT, text) } else { text.to_owned() })?;
        }
        Ok(())
    }

    /// Prints in green or red.
    pub(super) fn verdict(&self, good: bool, text: &str) -> Result<(), String> {
        line(&self.in_colour(if good { GREEN } else { RED }, text))
    }

    fn in_colour(&self, colour: &str, text: &str) -> String {
        if self.terminal { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Prints a line. A closed pipe ends the demo with an error, not a panic.
pub(super) fn line(text: &str) -> Result<(), String> {
    writeln!(std::io::stdout(), "{text}").map_err(|error| error.to_string())
}

/// Cents as `$19.99`.
pub(super) fn dollars(cents: i64) -> String {
    format!("${}.{:02}", cents / 100, cents % 100)
}

/// `1 order`, `2 orders`.
pub(super) fn count(number: i64, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

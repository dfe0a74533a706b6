//! Upgrades and accidents: items of the last version are read, items of a later one are refused, a table that was restored
//! to an earlier moment is brought back.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on ends")]

mod day;
mod restore;
mod upgrade;

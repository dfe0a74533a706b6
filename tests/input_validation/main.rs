//! Input validation: each bad request gets its status, its code and its field, and changes nothing (R26, R27).

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on ends")]

mod bodies;
mod codes;
mod fields;
mod fixture;
mod missing;
mod mutations;
mod paths;
mod policies;
mod raw_bodies;
mod row;
mod several;
mod states;
mod tokens;

//! Input validation: each bad request gets its status, its code and its field, and changes nothing (R26, R27).

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on ends")]

mod bodies;
mod codes;
mod fields;
mod ground;
mod missing;
mod mutations;
mod paths;
mod policies;
mod row;
mod several;
mod states;
mod tokens;
mod wire;

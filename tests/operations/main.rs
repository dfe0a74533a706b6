//! Operations: reads items of the last version and refuses those of a later one, recovers from a table that was
//! restored to an earlier moment, and smoke-tests a deployed stack.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod day;
mod nights;
mod policy;
mod restore;
mod smoke;
mod staff;
mod upgrade;

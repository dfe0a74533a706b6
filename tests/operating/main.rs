//! Operating the shop: items of the last version are read and those of a later one refused, a table that was restored to an
//! earlier moment is brought back, a deployed stack is tried out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod day;
mod nights;
mod policy;
mod restore;
mod smoke;
mod staff;
mod upgrade;

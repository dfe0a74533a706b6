//! The base of the tests: a shop on one machine with the user's actions as methods, and a tap under the SDK that counts
//! calls and injects faults.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on ends")]
#![expect(missing_docs, reason = "tests are no API")]

pub mod day;
pub mod deployed;
pub mod mail;
pub mod order;
mod post;
pub mod tap;
pub mod world;

pub use order::OrderBuilder;
pub use tap::{Call, Fault, Tap};
pub use world::World;

//! What the tests stand on: a shop on one machine whose verbs are the user's, and a tap under the SDK that counts calls
//! and pulls plugs.

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

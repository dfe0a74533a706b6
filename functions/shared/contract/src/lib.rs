//! The HTTP contract: reading and checking requests, permissions, and rendering answers and problems. This crate never
//! reads or writes the table. The use cases do that and pass each renderer everything that it shows.

pub mod answer;
pub mod availability;
pub mod call;
pub mod caller;
pub mod cancel;
pub mod contact;
pub mod expected;
mod json;
pub mod order;
pub mod placement;
pub mod policy;
pub mod policy_file;
pub mod problem;
pub mod product;
pub mod read;
pub mod search;
pub mod shipment;
pub mod staff;
pub mod stock;
pub mod swap;
pub mod token;

pub use problem::{Code, Problem};

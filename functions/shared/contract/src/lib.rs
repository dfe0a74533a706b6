//! The HTTP contract: reading and checking requests, who may send them, and rendering answers and problems. Nothing here
//! reads or writes a store: the use cases do, and a renderer gets what it shows.

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
pub mod shipment;
pub mod staff;
pub mod stock;
pub mod swap;
pub mod token;

pub use problem::{Code, Problem};

//! The HTTP contract: what a request says, who may say it, and how answers and problems look. What happens then is not
//! decided here.

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
pub mod problem;
pub mod product;
pub mod read;
pub mod shipment;
pub mod staff;
pub mod stock;
pub mod swap;
pub mod token;

pub use problem::{Code, Problem};

//! The domain: what an order, a ticket, a line and its stock are, and the rules by which they change.
//!
//! Pure code decides here. There is no AWS, no HTTP, no clock, no randomness and no async in this crate: whoever
//! calls brings the instant, the keys and what was read, and gets back what should be committed.

pub mod adjustment;
pub mod audit;
pub mod block;
pub mod calendar;
pub mod cancel;
pub mod dates;
pub mod ending;
pub mod estimate;
pub mod expected;
pub mod fault;
pub mod fill;
pub mod identity;
pub mod mailing;
pub mod money;
pub mod names;
pub mod order;
pub mod parcels;
pub mod place_in_line;
pub mod placement;
pub mod policy;
pub mod product;
pub mod refund;
pub mod shipment;
pub mod stock;
pub mod swap;
pub mod task;
pub mod ticket;

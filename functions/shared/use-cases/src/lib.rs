//! The commands and queries that more than one function needs. What only one function does lives in that function's crate.
//!
//! A command reads, decides by the domain, and commits under conditions; where somebody else was quicker, it starts again, a
//! bounded number of times. Every command can be repeated safely: [`RetryableError`] says only that it is not finished now.

pub mod adjust_stock;
pub mod cancel;
mod draw_ticket;
mod lease;
pub mod line_walk;
pub mod links;
pub mod payment;
pub mod place_order;
pub mod policy;
pub mod publish;
pub mod queries;
pub mod recover;
pub mod retry;
pub mod swap_line;
pub mod undeliverable;

pub use retry::RetryableError;

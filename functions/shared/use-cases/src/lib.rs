//! Commands and queries that more than one function needs. A task of a single function lives in its crate.
//!
//! A command reads, lets the domain decide, and commits under conditions. If another write came first, it starts again,
//! a bounded number of times. Every command can be repeated safely: [`RetryableError`] only says "not finished yet".

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

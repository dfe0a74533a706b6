//! The use cases that more than one function needs: first this, then that, again a bounded number of times.
//!
//! What only one function does lives in that function's crate.

pub mod adjusting;
pub mod canceling;
pub mod delivering;
mod drawing;
pub mod finishing;
pub mod place;
pub mod placing;
mod promising;
pub mod publishing;
pub mod retry;
pub mod setting;
mod swap;
pub mod swapping;
pub mod viewing;
pub mod walking;

pub use retry::Trouble;

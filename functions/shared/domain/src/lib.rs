//! The domain: orders, tickets, products and their stock, and the rules by which they change.
//!
//! The code is pure: no AWS, no HTTP, no clock, no randomness and no async. The caller passes the instant, the keys and
//! the data that it read, and gets back the writes to commit.

pub mod adjustment;
pub mod audit;
pub mod block;
pub mod calendar;
pub mod cancel;
pub mod dates;
pub mod estimate;
pub mod expected;
pub mod field_error;
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

/// For serde: a field that has its default value is not stored.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

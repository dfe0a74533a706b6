//! What the shop says of itself: log lines under one id, metrics, and nothing that a log must not know. The lines are
//! those of production, at the finest level; one test at a time writes them.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on ends")]

mod following;
mod measuring;
mod said;
mod silent;

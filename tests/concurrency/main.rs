//! Concurrency: many clients at once, on one product and on two, while goods arrive, draws are lost and messages come
//! twice.
//!
//! Each test prints its seed and its counts. To set the seed: `CONCURRENCY_SEED=7 cargo test --test concurrency`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends"
)]

mod busy_counter;
mod chance;
mod corrections;
mod disturbed;
mod enduring;
mod faulty;
mod fills;
mod hanging;
mod history;
mod keys;
mod load;
mod mails;
mod orders;
mod pace;
mod races;
mod refusing;
mod swaps;
mod sweep;
mod verification;

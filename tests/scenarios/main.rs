//! One scenario for each promise of the shops, through the HTTP contract. A test's name starts with the promise that it
//! proves. No scenario reads the table. Crashes, concurrency and bad requests have their own test targets.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on ends")]

mod access;
mod buying;
mod canceling;
mod captures;
mod damage;
mod dates;
mod discontinued;
mod expiry;
mod line;
mod mails;
mod parcels;
mod policies;
mod purchase;
mod refunds;
mod refusals;
mod repeats;
mod restart;
mod shipping;
mod shops;
mod stock;
mod swapping;
mod swapping_protocol;
mod truth;
mod undelivered;
mod writing;

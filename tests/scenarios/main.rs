//! One scenario for each promise of the shops, told through the HTTP contract. A test's name starts with the promise
//! that it proves. Nothing here looks into the store; crashes, crowds and tables of bad requests have targets of their own.

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

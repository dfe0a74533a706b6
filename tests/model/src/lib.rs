//! The protocol of the line as an explicit model, checked to the end: every order in which the atomic
//! steps of concurrent calls can happen, at small sizes.
//!
//! **What is modelled.** Each [`steps::Step`] is one atomic call of DynamoDB (a conditional update, one
//! transaction, one consistent read) or of the payment provider, named like the store's method. A call
//! keeps what it read in its own memory ([`calls`]), where it may be stale by the time it writes.
//! * *Placing*: put, pay, draw, commit or refuse; orders over two products; a draw whose answer is lost;
//!   a row found sealed, and the redraw; a second call for the same order, at once or after a crash.
//! * *Filling*: stock, counter, rows, orders are four reads; then the commit, then the publish; two fills
//!   at once; sealing at any moment, so that safety never leans on the grace period.
//! * *Stock*: arrivals and their publishing; losses out of unassigned units, and out of assigned ones.
//! * *Canceling* of an order in line or still `placing`, and reducing; refunds; parcels.
//! * *Swapping*: noted in the order; a draw in the new line; one commit that brings the new place and gives the
//!   old one up; refused, overtaken by a cancel or a parcel, its row found sealed, taken up after a crash.
//! * *Crashes* of a placing call, a swap, a fill, or a call that has not published yet, after any of its writes.
//!   A crash between two reads is the same run as never having read, so it is no step of its own.
//! * *Wake-ups*: by whoever knows that a fill is owed (the weakest assumption for safety), or by the queue's
//!   message and the sweep's mark alone (to show that they are enough).
//!
//! **What is checked** ([`properties`]) holds in every state, not only in the last: I1 to I6 and I8. I8 says
//! that a state without a next step leaves nothing undone; the runs have no cycle (a test walks them),
//! so every run, however it is scheduled, ends in such a state.
//!
//! **How it is known to look.** [`protocol::Flaw`] switches off one rule at a time; each is caught.
//!
//! **How to run it.** `cargo test -p model` searches the everyday sizes; `cargo run -p model` prints them as
//! a table, and the run that each flaw allows; `cargo run --release -p model -- --deep` adds the sizes that
//! take minutes. How often something goes wrong in one run is bounded by the size ([`state::Left`]): also how
//! often a row is sealed before its owner came, which in the shop the grace period bounds.
//!
//! **What is not modelled.** Several warehouses (units are one heap); time, dates and the grace period;
//! expiry (a cancel with another caller); the payment of a swap (money is that of the order); mail (I7); receipts and
//! adjustments that come twice; losses of more than one unit at once (they are several); partial
//! shipments; numbers beyond the first block of tickets and its counts; the fill log; throttling and
//! spurious conflicts (a call that fails without effect is a call that has not happened yet); queues
//! that give up on a message; declined cards.
#![expect(
    clippy::indexing_slicing,
    reason = "a proof: an index out of bounds is a mistake of the model and must stop it"
)]
#![expect(missing_docs, reason = "a proof is no API")]

pub mod calls;
mod canceling;
pub mod configurations;
mod filling;
pub mod flaws;
mod orders;
mod placing;
mod planning;
pub mod properties;
pub mod protocol;
pub mod report;
mod search;
pub mod sizes;
pub mod state;
pub mod steps;
mod stock;
pub mod stored;
mod swapping;

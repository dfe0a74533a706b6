//! An explicit model of the backlog protocol, checked exhaustively at small sizes: every order in which the atomic
//! steps of concurrent calls can happen.
//!
//! **What is modelled.** Each [`steps::Step`] is one atomic call of DynamoDB (a conditional update, one transaction,
//! one consistent read) or of the payment provider, named like the store's method. A call keeps what it read in its own
//! memory ([`calls`]), which may be stale by the time it writes.
//! * *Placing*: put, pay, draw, commit or refuse; orders over two products; a draw whose answer is lost; a number found
//!   closed, and the redraw; a second call for the same order, concurrently or after a crash.
//! * *Filling*: four reads (stock, counter, tickets, orders), then the commit, then the publish; two fills at once; a
//!   gap may be closed at any moment, so safety never depends on the grace period.
//! * *Stock*: arrivals and their publishing; losses of unassigned and of assigned units.
//! * *Canceling* of an order in line or still `placing`; reductions; refunds; parcels.
//! * *Swapping*: noted in the order; a draw in the new backlog; one commit that adds the new ticket and gives the old
//!   one up. A swap may be refused, overtaken by a cancel or a parcel, find its number closed, or be continued after a
//!   crash.
//! * *Crashes* of a placing call, a swap, a fill, or a call that has not published yet, after any of its writes. A
//!   crash between two reads equals a run without the reads, so it is no step of its own.
//! * *Wake-ups*: at any time while a fill is owed (the weakest assumption for safety), or only by the queue's message
//!   and the sweep's mark (to show that they are enough).
//!
//! **What is checked.** The [`properties`] hold in every state, not only in the last: I1 to I6 and I8. I8 says that a
//! state without a next step has no work left. A test shows that the runs have no cycle, so every run ends in such a
//! state, whatever the scheduling.
//!
//! **Why the check can be trusted.** [`protocol::Flaw`] switches off one rule at a time; the search finds each flaw.
//!
//! **How to run it.** `cargo test -p model` searches the everyday sizes. `cargo run -p model` prints them as a table,
//! with the run that each flaw allows. `cargo run --release -p model -- --deep` adds the sizes that take minutes. Each
//! size bounds how often something goes wrong in one run ([`state::Left`]), including how often a number is closed
//! while its owner is still at work. In the shop the grace period bounds that.
//!
//! **What is not modelled.** Several warehouses (all units are one heap); time, dates and the grace period; expiry (a
//! cancel by another caller); the payment of a swap (only the order's money counts); mail (I7); repeated receipts and
//! adjustments; losses of more than one unit at once (they are several losses); partial shipments; numbers beyond the
//! first block of tickets and its counts; the fill log; throttling and spurious conflicts (a call that fails without
//! effect has not happened yet); queues that give up on a message; declined cards.
#![expect(
    clippy::indexing_slicing,
    reason = "a proof: an index out of bounds is a mistake of the model and must stop it"
)]
#![expect(missing_docs, reason = "a proof is no API")]

pub mod calls;
mod cancel;
pub mod configurations;
mod fill;
pub mod flaws;
mod orders;
mod placement;
mod plan;
pub mod properties;
pub mod protocol;
pub mod report;
mod search;
pub mod sizes;
pub mod state;
pub mod steps;
mod stock;
pub mod stored;
mod swap;

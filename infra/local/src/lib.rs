//! The shop on one machine, driven by template.yaml: its table (DynamoDB), its queues (SQS), its mails both ways (SES, S3,
//! EventBridge), its payments (Stripe) and its functions, from crates alone and without containers. What the shop does is in the
//! functions; nothing here knows it.
//!
//! ```text
//! http ──────┐                      ┌── dynamodb   the table and its stream
//! delivery ──┴── invoke: functions ─┤
//!  (stream, queues, schedules)      └── services   sqs, ses, s3, stripe ── state: SQLite
//! ```
//!
//! [`Stack::start`] is the way in, for `main.rs` and for tests alike.

pub mod books;
pub mod bus;
pub mod client;
mod clock;
mod data;
mod delivery;
mod dynamodb;
mod filter;
pub mod functions;
mod ground;
mod http;
mod invoke;
pub mod operator;
pub mod policy_file;
pub mod processes;
mod s3;
mod schedule;
mod secrets;
mod services;
pub mod ses;
mod sqs;
mod stack;
pub mod state;
mod stripe;
pub mod template;
#[cfg(test)]
mod testing;
pub mod watched;

pub use clock::{Clock, later, system_millis};
pub use data::StartError;
pub use delivery::{Delivery, Disturbance, Source};
pub use dynamodb::{Record, Table, creation};
pub use dynoxide;
pub use filter::Filter;
pub use http::{Audit, MakeToken, TokenFor};
pub use invoke::Functions;
pub use schedule::{Due, Expression, MOST_FIRINGS, Schedule, due};
pub use secrets::Secrets;
pub use stack::{Options, Stack, Surroundings, TEMPLATE, Wiring, local_parameters};
pub use stripe::{API_VERSION, Provider};

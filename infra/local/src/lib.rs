//! The local stack: the whole shop on one machine, as template.yaml describes it. It emulates the table (DynamoDB), the queues
//! (SQS), mail in both directions (SES, S3, EventBridge) and payments (Stripe), and it invokes the functions. It needs no
//! containers. The functions hold the rules of the shop; this crate holds none of them.
//!
//! ```text
//! http ──────┐                      ┌── dynamodb   the table and its stream
//! delivery ──┴── invoke: functions ─┤
//!  (stream, queues, schedules)      └── services   sqs, ses, s3, stripe ── state: SQLite
//! ```
//!
//! `main.rs` and the tests enter through [`Stack::start`].

pub mod audit;
mod backend;
pub mod bus;
mod clock;
mod delivery;
mod dynamodb;
mod filter;
pub mod functions;
mod http;
mod invoke;
mod options;
pub mod processes;
mod s3;
mod schedule;
mod secrets;
mod services;
pub mod ses;
mod sqs;
mod stack;
pub mod state;
mod storage;
mod stripe;
pub mod template;
#[cfg(test)]
mod testing;
pub mod watched;

pub use client;
pub use clock::{Clock, later, system_millis};
pub use delivery::{Delivery, Disturbance, Source};
pub use dynamodb::{Record, Table, creation};
pub use dynoxide;
pub use filter::Filter;
pub use http::{Audit, MakeToken, TokenFor};
pub use invoke::Functions;
pub use options::{Options, TEMPLATE, local_parameters};
pub use schedule::{Due, Expression, MAX_FIRINGS, Schedule, due};
pub use secrets::Secrets;
pub use stack::{Bindings, Stack, StackEndpoints};
pub use storage::StartError;
pub use stripe::{API_VERSION, Provider};

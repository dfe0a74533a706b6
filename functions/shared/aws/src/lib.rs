//! The AWS side: the table and its atomic writes, the queues, the mailer, the payment provider, and the start of a
//! function. Each service has one adapter, which calls the real SDK. The use cases decide the order of steps.

pub mod account;
pub mod app;
pub mod clock;
pub mod correlation;
pub mod http_connector;
pub mod invocation;
pub mod lazily;
pub mod log;
pub mod mailer;
pub mod mailroom;
pub mod messages;
pub mod metrics;
pub mod payments;
pub mod policies;
pub mod queues;
pub mod secrets;
pub mod service_error;
pub mod settings;
pub mod start;
pub mod table;

pub use app::App;
pub use correlation::CorrelationId;
pub use metrics::Metric;
pub use service_error::ServiceError;

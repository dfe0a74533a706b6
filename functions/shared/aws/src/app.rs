//! The context of a function: its settings, clients and invocation.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::StalledStreamProtectionConfig;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::{SharedHttpConnector, http_client_fn};
use aws_types::SdkConfig;

use domain::order::Order;
use domain::policy::Policy;
use tracing::Instrument as _;
use tracing::instrument::Instrumented;

use crate::clock::Clock;
use crate::correlation::CorrelationId;
use crate::invocation::Invocation;
use crate::lazily::Lazily;
use crate::mailer::Mailer;
use crate::mailroom::{self, Mailroom};
use crate::metrics::Metric;
use crate::payments::Payments;
use crate::policies::Policies;
use crate::queues::Queues;
use crate::secrets::{self, Secrets};
use crate::service_error::ServiceError;
use crate::settings::Settings;
use crate::table::{Table, WriteError};

/// Tries of one call to AWS, the first included.
const TRIES: u32 = 4;
/// The longest wait between two tries.
const MAX_WAIT: Duration = Duration::from_millis(800);
/// The timeout of one try.
const TRY_TIMEOUT: Duration = Duration::from_secs(3);
/// The timeout of one call with all its tries.
const CALL_TIMEOUT: Duration = Duration::from_secs(8);

/// The context of a function. Clones are cheap and share the clients.
#[derive(Clone)]
#[expect(missing_docs, reason = "each field is documented at its type")]
pub struct App {
    pub settings: Arc<Settings>,
    pub clock: Clock,
    pub table: Table,
    pub queues: Queues,
    pub mailer: Mailer,
    pub mailroom: Mailroom,
    pub payments: Payments,
    pub policies: Arc<Policies>,
    pub secrets: Arc<Secrets>,
    pub invocation: Invocation,
}

impl App {
    /// Builds all clients over one connector. `aws` has the region, the credentials and the endpoints.
    pub fn new(settings: Settings, clock: Clock, aws: &SdkConfig, http_connector: &SharedHttpConnector) -> Self {
        let connector = http_connector.clone();
        let client = http_client_fn(move |_, _| connector.clone());
        let retries = RetryConfig::standard()
            .with_max_attempts(TRIES)
            .with_initial_backoff(Duration::from_millis(40))
            .with_max_backoff(MAX_WAIT);
        let timeouts =
            TimeoutConfig::builder().operation_attempt_timeout(TRY_TIMEOUT).operation_timeout(CALL_TIMEOUT).build();
        let shared = aws
            .to_builder()
            .http_client(client)
            .retry_config(retries)
            .timeout_config(timeouts)
            // Responses are small and each try has a timeout. A second guard against slow bytes adds nothing.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        let invocation = Invocation::new(&settings.stack, "none", CorrelationId::new(), clock.clone());
        let once = shared.to_builder().retry_config(RetryConfig::disabled()).build();
        let hasty = TimeoutConfig::builder()
            .operation_attempt_timeout(secrets::TRY_TIMEOUT)
            .operation_timeout(CALL_TIMEOUT)
            .build();
        let vault =
            Lazily::new(&shared.to_builder().timeout_config(hasty).build(), aws_sdk_secretsmanager::Client::new);
        let secrets = Arc::new(Secrets::new(vault, clock.clone(), &settings.secrets));
        Self {
            table: Table::new(
                aws_sdk_dynamodb::Client::new(&shared),
                Lazily::new(&once, aws_sdk_dynamodb::Client::new),
                settings.table.clone(),
                invocation.clone(),
            ),
            queues: Queues::new(Lazily::new(&shared, aws_sdk_sqs::Client::new)),
            mailer: Mailer::new(Lazily::new(&shared, aws_sdk_sesv2::Client::new), &settings),
            mailroom: Mailroom::new(Lazily::new(&shared, mailroom::client), settings.inbound_mails.clone()),
            payments: Payments::new(http_connector.clone(), &settings.stripe_url, Arc::clone(&secrets)),
            policies: Arc::new(Policies::new(settings.first_policy.clone())),
            secrets,
            settings: Arc::new(settings),
            clock,
            invocation,
        }
    }

    /// The context of one invocation. Its metrics are logged when the last clone is dropped.
    pub fn invoked(&self, function: &'static str, correlation: CorrelationId) -> Self {
        self.within(Invocation::new(&self.settings.stack, function, correlation, self.clock.clone()))
    }

    /// The context for a part of the invocation under its own correlation id.
    pub fn under(&self, correlation: CorrelationId) -> Self {
        self.within(self.invocation.under(correlation))
    }

    fn within(&self, invocation: Invocation) -> Self {
        Self { table: self.table.within(invocation.clone()), invocation, ..self.clone() }
    }

    /// The present policy, at most half a minute old. It fails only if this process has never read a policy.
    pub async fn policy(&self) -> Result<Arc<Policy>, ServiceError> {
        self.policies.present(&self.table, self.clock.now(), false).await
    }

    /// The present policy, read from the table now.
    pub async fn policy_anew(&self) -> Result<Arc<Policy>, ServiceError> {
        self.policies.present(&self.table, self.clock.now(), true).await
    }

    /// Stores a policy permanently, before an order refers to it.
    pub async fn keep_policy(&self, policy: &Policy) -> Result<(), WriteError> {
        self.policies.keep(&self.table, policy).await
    }

    /// The policy that an order was placed under.
    pub async fn policy_of(&self, order: &Order) -> Result<Arc<Policy>, ServiceError> {
        self.policies.by_hash(&self.table, &order.policy, self.clock.now()).await
    }

    /// Adds to a count, or records one value of a size or a duration.
    pub fn measure(&self, metric: Metric, value: i64) {
        self.invocation.measure(metric, value);
    }

    /// Runs `work` in the invocation's span, which each log line names. Boxed: the futures of the use cases are large.
    pub fn in_span<F: Future>(&self, work: F) -> Instrumented<Pin<Box<F>>> {
        Box::pin(work).instrument(self.invocation.span())
    }
}

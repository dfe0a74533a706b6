//! Everything a function works with, put together in one place.

use std::time::Duration;

use aws_sdk_dynamodb::config::StalledStreamProtectionConfig;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::{SharedHttpConnector, http_client_fn};
use aws_types::SdkConfig;

use crate::clock::Clock;
use crate::mailer::Mailer;
use crate::payments::Payments;
use crate::queues::Queues;
use crate::settings::Settings;
use crate::table::Table;

/// Tries of one call to AWS, the first included.
const TRIES: u32 = 4;
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_millis(800);
/// How long one try may take.
const TRY_TIMEOUT: Duration = Duration::from_secs(3);
/// How long one call may take with all its tries.
const CALL_TIMEOUT: Duration = Duration::from_secs(8);

/// What a function works with.
#[derive(Clone)]
pub struct Shop {
    /// What it was told.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    /// The table.
    pub table: Table,
    /// The queues.
    pub queues: Queues,
    /// The mailer.
    pub mailer: Mailer,
    /// The payment provider.
    pub payments: Payments,
}

impl Shop {
    /// Puts it together: all clients over one connector. `aws` brings region, credentials and endpoints.
    #[must_use]
    pub fn new(settings: Settings, clock: Clock, aws: &SdkConfig, wire: &SharedHttpConnector) -> Self {
        let connector = wire.clone();
        let client = http_client_fn(move |_, _| connector.clone());
        let retries = RetryConfig::standard()
            .with_max_attempts(TRIES)
            .with_initial_backoff(Duration::from_millis(40))
            .with_max_backoff(LONGEST_WAIT);
        let timeouts =
            TimeoutConfig::builder().operation_attempt_timeout(TRY_TIMEOUT).operation_timeout(CALL_TIMEOUT).build();
        let shared = aws
            .to_builder()
            .http_client(client)
            .retry_config(retries)
            .timeout_config(timeouts)
            // Every try has its timeout: nobody needs to watch how fast the bytes of a small answer come.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        let once = shared.to_builder().retry_config(RetryConfig::disabled()).build();
        Self {
            table: Table::new(
                aws_sdk_dynamodb::Client::new(&shared),
                aws_sdk_dynamodb::Client::new(&once),
                settings.table.clone(),
            ),
            queues: Queues::new(aws_sdk_sqs::Client::new(&shared)),
            mailer: Mailer::new(aws_sdk_sesv2::Client::new(&shared)),
            payments: Payments::new(wire.clone(), &settings.stripe_url, &settings.stripe_key),
            settings,
            clock,
        }
    }
}

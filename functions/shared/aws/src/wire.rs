//! The one HTTP connector under every client: DynamoDB, SQS, SES and the payment provider. Tests put their own in front
//! of it to count calls, to lose answers and to pull plugs.

use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};

/// How long a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long an answer may take to begin.
const READ_TIMEOUT: Duration = Duration::from_secs(5);

/// The connector of production: HTTPS by rustls, connections kept.
#[must_use]
pub fn connector() -> SharedHttpConnector {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build();
    let connector = Connector::builder()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .connector_settings(settings)
        .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
        .build();
    SharedHttpConnector::new(connector)
}

/// The connector of a machine without TLS between its parts: the local stack.
#[must_use]
pub fn plain_connector() -> SharedHttpConnector {
    plain_connector_within(READ_TIMEOUT)
}

/// The same for calls whose answer may take longer to begin, as that of a client that waits until all is settled.
#[must_use]
pub fn plain_connector_within(read_timeout: Duration) -> SharedHttpConnector {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(read_timeout).build();
    let connector = Connector::builder()
        .connector_settings(settings)
        .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
        .build_http();
    SharedHttpConnector::new(connector)
}

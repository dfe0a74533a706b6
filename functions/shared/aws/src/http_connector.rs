//! The HTTP connector of all clients. Tests wrap it to count calls, to lose responses and to cut connections.

use std::sync::LazyLock;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::byte_stream::ByteStream;

/// The most time for opening a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The most time until a response begins.
const READ_TIMEOUT: Duration = Duration::from_secs(5);

const AMAZON_ROOTS: &str = include_str!("amazon-roots.pem");
/// The domain of AWS's endpoints.
const AMAZON: &str = ".amazonaws.com";

/// HTTPS by rustls over kept connections. Amazon's root certificates are built in: reading the system's certificates
/// takes longer than the rest of a start. The first call to a host outside AWS reads them, to verify that host.
pub fn connector() -> SharedHttpConnector {
    SharedHttpConnector::new(ByHost {
        amazon: secure(TrustStore::empty().with_pem_certificate(AMAZON_ROOTS)),
        others: LazyLock::new(|| secure(TrustStore::default())),
    })
}

#[derive(Debug)]
struct ByHost {
    amazon: SharedHttpConnector,
    others: LazyLock<SharedHttpConnector>,
}

impl HttpConnector for ByHost {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if needs_others(request.uri()) { self.others.call(request) } else { self.amazon.call(request) }
    }
}

/// Whether a call goes to a TLS host other than AWS.
fn needs_others(uri: &str) -> bool {
    let Some(rest) = uri.strip_prefix("https://") else { return false };
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
    !host.ends_with(AMAZON)
}

fn secure(trusted: TrustStore) -> SharedHttpConnector {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build();
    let connector = Connector::builder()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .connector_settings(settings)
        .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new());
    let connector = match TlsContext::builder().with_trust_store(trusted).build() {
        Ok(context) => connector.tls_context(context),
        Err(_) => connector, // It trusts the system's certificates.
    };
    SharedHttpConnector::new(connector.build())
}

/// Opens a connection before the first call, with a request that is free and needs no permission. A failure is ignored:
/// the first call then opens a connection and reports the cause.
pub async fn open(connector: &SharedHttpConnector, url: &str) {
    let mut request = HttpRequest::empty();
    if request.set_uri(format!("{}/", url.trim_end_matches('/'))).is_ok()
        && let Ok(answer) = connector.call(request).await
    {
        let _read = ByteStream::new(answer.into_body()).collect().await;
    }
}

/// The connector of the local stack, without TLS.
pub fn plain_connector() -> SharedHttpConnector {
    plain_connector_within(READ_TIMEOUT)
}

/// As [`plain_connector`], for slow calls, for example of a client that waits until the stack is idle.
pub fn plain_connector_within(read_timeout: Duration) -> SharedHttpConnector {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(read_timeout).build();
    let connector = Connector::builder()
        .connector_settings(settings)
        .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
        .build_http();
    SharedHttpConnector::new(connector)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest as _, Sha256};

    use super::*;

    /// The SHA-256 fingerprints that Amazon publishes.
    const FINGERPRINTS: [&str; 5] = [
        "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
        "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
        "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
        "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
        "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
    ];

    #[test]
    fn the_certificates_are_those_that_amazon_publishes() {
        let blocks = AMAZON_ROOTS.split("-----BEGIN CERTIFICATE-----").skip(1);
        let found: Vec<String> = blocks
            .map(|block| {
                let body: String = block.lines().take_while(|line| !line.starts_with("-----END")).collect();
                let hash = Sha256::digest(STANDARD.decode(body).unwrap());
                hash.iter().map(|byte| format!("{byte:02x}")).collect()
            })
            .collect();
        assert_eq!(found, FINGERPRINTS);
    }

    #[test]
    fn only_amazon_is_known_by_its_own_certificates() {
        assert!(!needs_others("https://dynamodb.us-east-1.amazonaws.com/"));
        assert!(!needs_others("http://127.0.0.1:9000/v1"), "a connection without TLS needs no certificate");
        for other in
            ["https://api.stripe.com/v1", "https://dynamodb.cn-north-1.amazonaws.com.cn", "https://xamazonaws.com"]
        {
            assert!(needs_others(other), "{other}");
        }
    }

    #[tokio::test]
    async fn a_connection_that_cannot_be_opened_is_nobodys_concern() {
        open(&connector(), "http://127.0.0.1:9").await;
        open(&connector(), "https://127.0.0.1:9").await;
    }
}

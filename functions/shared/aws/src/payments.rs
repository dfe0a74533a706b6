//! The payment provider: a thin client of the few Stripe calls that the shop needs. Each call that moves money has an
//! idempotency key. Amounts are in minor units.

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use domain::names::PaymentReference;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::secrets::Secrets;
use crate::service_error::ServiceError;

const SERVICE: &str = "the payment provider";
/// The pinned version of the provider's API. The account's default version can change without a deployment.
const API_VERSION: &str = "2025-09-30.clover";
/// Tries of one call, the first included.
const TRIES: u32 = 3;

/// Why the provider did not do its work.
#[derive(Clone, Debug, Error)]
pub enum ProviderError {
    /// The provider knows no such payment.
    #[error("the payment provider knows no such payment")]
    Unknown,
    /// The provider refuses to move this money. Its code gives the reason.
    #[error("the payment provider declined: {0}")]
    Declined(String),
    /// The call failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The state of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// The money is captured.
    Captured,
    /// The money is reserved and can be captured.
    Capturable,
    /// The provider has not finished the capture.
    Processing,
    /// No money is captured or can be captured.
    Declined,
}

/// A payment as the provider has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Payment {
    status: String,
    /// The whole amount.
    pub amount: i64,
    /// The captured amount.
    #[serde(default)]
    pub amount_received: i64,
    /// The currency: three lower-case letters.
    pub currency: String,
    #[serde(default)]
    latest_charge: Option<Charge>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Charge {
    Expanded {
        #[serde(default)]
        amount_refunded: i64,
    },
    #[expect(dead_code, reason = "the shape of a response that was not expanded")]
    Id(String),
}

impl Payment {
    /// The payment's state.
    pub fn state(&self) -> PaymentState {
        match self.status.as_str() {
            "succeeded" => PaymentState::Captured,
            "requires_capture" => PaymentState::Capturable,
            "processing" => PaymentState::Processing,
            _ => PaymentState::Declined,
        }
    }

    /// Whether the payment was released, so that nothing can be captured any more.
    pub fn released(&self) -> bool {
        self.status == "canceled"
    }

    /// Whether a part was refunded. After a partial capture, the provider counts the rest as refunded.
    pub fn refunded(&self) -> bool {
        matches!(self.latest_charge, Some(Charge::Expanded { amount_refunded }) if amount_refunded > 0)
    }
}

/// A refund as the provider has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Refund {
    /// The amount.
    pub amount: i64,
    /// `succeeded`, `pending`, `failed` or `canceled`.
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    metadata: RefundMetadata,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct RefundMetadata {
    #[serde(default)]
    change_id: String,
}

impl Refund {
    /// Whether this refund pays back the money of this change.
    pub fn settles(&self, change_id: &str) -> bool {
        self.metadata.change_id == change_id && !matches!(self.status.as_str(), "failed" | "canceled")
    }
}

#[derive(Deserialize)]
struct RefundList {
    data: Vec<Refund>,
}

#[derive(Default, Deserialize)]
struct ErrorBody {
    error: ErrorDetail,
}

#[derive(Default, Deserialize)]
struct ErrorDetail {
    #[serde(default)]
    code: Option<String>,
}

/// The client of the payment provider.
#[derive(Clone)]
pub struct Payments {
    http_connector: SharedHttpConnector,
    url: String,
    secrets: Arc<Secrets>,
}

impl Payments {
    pub(crate) fn new(http_connector: SharedHttpConnector, url: &str, secrets: Arc<Secrets>) -> Self {
        Self { http_connector, url: url.trim_end_matches('/').to_owned(), secrets }
    }

    /// The payment as it is now.
    pub async fn retrieve(&self, payment: &PaymentReference) -> Result<Payment, ProviderError> {
        self.call("GET", &format!("/v1/payment_intents/{payment}?expand[]=latest_charge"), "", None).await
    }

    /// Captures all of a reserved payment. A repeat with the same `key` captures it once. Only the returned state and
    /// `amount_received` prove that all was captured.
    pub async fn capture(&self, payment: &PaymentReference, key: &str) -> Result<Payment, ProviderError> {
        self.call("POST", &format!("/v1/payment_intents/{payment}/capture"), "", Some(key)).await
    }

    /// Cancels a payment of which nothing was captured, so that nothing can be captured later. It fails with
    /// [`ProviderError::Declined`] if something was captured meanwhile.
    pub async fn release(&self, payment: &PaymentReference, key: &str) -> Result<Payment, ProviderError> {
        self.call("POST", &format!("/v1/payment_intents/{payment}/cancel"), "", Some(key)).await
    }

    /// Refunds `amount` for one change. A repeat with the same `key` refunds it once.
    pub async fn refund(
        &self,
        payment: &PaymentReference,
        amount: i64,
        order_id: &str,
        change_id: &str,
        key: &str,
    ) -> Result<Refund, ProviderError> {
        let form = format!(
            "payment_intent={payment}&amount={amount}&metadata[order_id]={order_id}&metadata[change_id]={change_id}"
        );
        self.call("POST", "/v1/refunds", &form, Some(key)).await
    }

    /// The last 100 refunds, newest first. The provider forgets idempotency keys after a day, but keeps refunds.
    pub async fn refunds(&self, payment: &PaymentReference) -> Result<Vec<Refund>, ProviderError> {
        let path = format!("/v1/refunds?payment_intent={payment}&limit=100");
        let list: RefundList = self.call("GET", &path, "", None).await?;
        Ok(list.data)
    }

    /// Calls the provider, and repeats the call if the answer is lost or the provider is busy.
    async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        form: &str,
        key: Option<&str>,
    ) -> Result<T, ProviderError> {
        let mut tried = 1;
        let mut secret = self.secrets.payment_key().await?;
        loop {
            match self.call_once(method, path, form, (key, &secret)).await {
                // The key may have rotated since it was read.
                Ok(None) => match self.secrets.payment_key_anew().await? {
                    renewed if renewed != secret => secret = renewed,
                    _ => return Err(ServiceError::broken(SERVICE, "it does not accept our key").into()),
                },
                Err(ProviderError::Service(failure)) if failure.passing() && tried < TRIES => {
                    tokio::time::sleep(Duration::from_millis(fastrand::u64(20..=50 << tried))).await;
                    tried += 1;
                }
                Ok(Some(answer)) => return Ok(answer),
                Err(error) => return Err(error),
            }
        }
    }

    /// One call; `None` if the provider does not accept the secret.
    async fn call_once<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        form: &str,
        keys: (Option<&str>, &str),
    ) -> Result<Option<T>, ProviderError> {
        let lost = |why: &str| ServiceError::unavailable(SERVICE, why);
        let request = self.request(method, path, form, keys)?;
        let answer = self.http_connector.call(request).await.map_err(|_| lost("no answer"))?;
        let status = answer.status().as_u16();
        let body = ByteStream::new(answer.into_body()).collect().await.map_err(|_| lost("the answer broke off"))?;
        let body = body.into_bytes();
        match status {
            200..=299 => Ok(Some(serde_json::from_slice(&body).map_err(|_| lost("the answer could not be read"))?)),
            404 => Err(ProviderError::Unknown),
            400 | 402 | 403 | 405..=408 | 410..=428 => {
                let error: ErrorBody = serde_json::from_slice(&body).unwrap_or_default();
                Err(ProviderError::Declined(error.error.code.unwrap_or_else(|| status.to_string())))
            }
            401 => Ok(None),
            _ => Err(lost(&format!("status {status}")).into()),
        }
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        form: &str,
        (key, secret): (Option<&str>, &str),
    ) -> Result<HttpRequest, ServiceError> {
        let broken = || ServiceError::broken(SERVICE, "the request could not be made");
        let mut request = HttpRequest::new(SdkBody::from(form));
        request.set_method(method).map_err(|_| broken())?;
        request.set_uri(format!("{}{path}", self.url)).map_err(|_| broken())?;
        let headers = request.headers_mut();
        headers.try_insert("authorization", format!("Bearer {secret}")).map_err(|_| broken())?;
        headers.try_insert("stripe-version", API_VERSION).map_err(|_| broken())?;
        headers.try_insert("content-type", "application/x-www-form-urlencoded").map_err(|_| broken())?;
        headers.try_insert("content-length", form.len().to_string()).map_err(|_| broken())?;
        if let Some(key) = key {
            headers.try_insert("idempotency-key", key.to_owned()).map_err(|_| broken())?;
        }
        Ok(request)
    }
}

//! The payment provider: a thin client of the few Stripe calls that the shop needs. Every call that moves money carries
//! an idempotency key.

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
/// The provider's API as this client knows it. Without it the provider answers in the version of the account, which can
/// change without a deployment.
const API_VERSION: &str = "2025-09-30.clover";
/// Tries of one call, the first included.
const TRIES: u32 = 3;

/// The provider did not do what it was asked.
#[derive(Clone, Debug, Error)]
pub enum ProviderError {
    /// It knows no such payment.
    #[error("the payment provider knows no such payment")]
    Unknown,
    /// It will not move this money; its code says why.
    #[error("the payment provider declined: {0}")]
    Declined(String),
    /// It failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// The money is taken.
    Captured,
    /// The money is reserved and can be taken.
    Capturable,
    /// The provider was asked to take it and has not finished.
    Processing,
    /// There is no money.
    Declined,
}

/// A payment as the provider has it; amounts in minor units.
#[derive(Clone, Debug, Deserialize)]
pub struct Payment {
    status: String,
    /// What it is for.
    pub amount: i64,
    /// What was taken of it.
    #[serde(default)]
    pub amount_received: i64,
    /// Three small letters.
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
    #[expect(dead_code, reason = "the shape of an answer that was not expanded")]
    Id(String),
}

impl Payment {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> PaymentState {
        match self.status.as_str() {
            "succeeded" => PaymentState::Captured,
            "requires_capture" => PaymentState::Capturable,
            "processing" => PaymentState::Processing,
            _ => PaymentState::Declined,
        }
    }

    /// Whether it was let go: nothing can be taken of it any more.
    #[must_use]
    pub fn released(&self) -> bool {
        self.status == "canceled"
    }

    /// Whether some of it went back already, or a capture took only a part: the provider counts the rest as given back.
    #[must_use]
    pub fn refunded(&self) -> bool {
        matches!(self.latest_charge, Some(Charge::Expanded { amount_refunded }) if amount_refunded > 0)
    }
}

/// A refund as the provider has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Refund {
    /// Minor units.
    pub amount: i64,
    /// `succeeded`, `pending`, `failed`, `canceled`.
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
    /// Whether it gave the money of this change back.
    #[must_use]
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
    /// The provider at `url`, asked with the key of `secrets`.
    pub(crate) fn new(http_connector: SharedHttpConnector, url: &str, secrets: Arc<Secrets>) -> Self {
        Self { http_connector, url: url.trim_end_matches('/').to_owned(), secrets }
    }

    /// The payment as it is now.
    pub async fn retrieve(&self, payment: &PaymentReference) -> Result<Payment, ProviderError> {
        self.call("GET", &format!("/v1/payment_intents/{payment}?expand[]=latest_charge"), "", None).await
    }

    /// Takes all of a reserved payment. Repeating it under the same `key` takes it once. An answer is no proof that all
    /// was taken: its state and `amount_received` are.
    pub async fn capture(&self, payment: &PaymentReference, key: &str) -> Result<Payment, ProviderError> {
        self.call("POST", &format!("/v1/payment_intents/{payment}/capture"), "", Some(key)).await
    }

    /// Lets a payment go of which nothing was taken, so that nothing can be taken later.
    ///
    /// # Errors
    /// [`ProviderError::Declined`] where something was taken meanwhile.
    pub async fn release(&self, payment: &PaymentReference, key: &str) -> Result<Payment, ProviderError> {
        self.call("POST", &format!("/v1/payment_intents/{payment}/cancel"), "", Some(key)).await
    }

    /// Gives `amount` back for one change. Repeating it under the same `key` gives it back once.
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

    /// What went back of a payment, the newest first: the provider forgets idempotency keys after a day, but not this.
    pub async fn refunds(&self, payment: &PaymentReference) -> Result<Vec<Refund>, ProviderError> {
        let path = format!("/v1/refunds?payment_intent={payment}&limit=100");
        let list: RefundList = self.call("GET", &path, "", None).await?;
        Ok(list.data)
    }

    /// Calls, and calls again where the answer is lost or the provider is busy.
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
                // The key may have been changed since it was read.
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

    /// One call; `None` where the provider does not take the key.
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

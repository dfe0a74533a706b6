//! `/_local/payments`, the test console of payments. It makes payments, as a shop's checkout does, and lists them. `stripe`
//! answers the functions' calls.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use axum::routing::{any, get};
use serde::Deserialize;
use serde_json::{Value, json};

use super::local::{HandlerResult, broken, read};
use super::problem::{Problem, json_response};
use crate::state::{CaptureOutcome, NewPayment};
use crate::stripe::{self, Provider};

/// Stripe's limit of an amount, in minor units.
const MAX_AMOUNT: i64 = 99_999_999;

impl Provider {
    /// The provider's calls below `/v1`, and the test console.
    pub fn router(&self) -> Router {
        Router::new().route("/v1/{*call}", any(on_call)).with_state(self.clone()).merge(test_console(self.clone()))
    }
}

async fn on_call(
    State(provider): State<Provider>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    stripe::call(&provider, &method, &uri, &headers, &body)
}

pub(super) fn test_console(provider: Provider) -> Router {
    Router::new().route("/_local/payments", get(list_payments).post(make)).with_state(provider)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentRequest {
    amount: i64,
    currency: String,
    outcome: Option<String>,
}

/// `POST /_local/payments`.
async fn make(State(provider): State<Provider>, body: Bytes) -> HandlerResult {
    let request: PaymentRequest = read(&body)?;
    if !(1..=MAX_AMOUNT).contains(&request.amount) {
        let detail = format!("An amount lies between 1 and {MAX_AMOUNT} minor units.");
        return Err(Problem::invalid("amount", detail));
    }
    if request.currency.len() != 3 || !request.currency.chars().all(|letter| letter.is_ascii_alphabetic()) {
        return Err(Problem::invalid("currency", "A currency has three letters."));
    }
    let (status, capture) = match request.outcome.as_deref() {
        None | Some("succeeded") => ("succeeded", CaptureOutcome::Whole),
        Some("requires_capture") => ("requires_capture", CaptureOutcome::Whole),
        Some("capture_partial") => ("requires_capture", CaptureOutcome::Part),
        Some("capture_processing") => ("requires_capture", CaptureOutcome::Processing),
        Some("processing") => ("processing", CaptureOutcome::Whole),
        Some("declined") => ("requires_payment_method", CaptureOutcome::Whole),
        Some(_) => {
            let detail = "An outcome is succeeded, declined, processing, requires_capture, capture_partial or \
                          capture_processing.";
            return Err(Problem::invalid("outcome", detail));
        }
    };
    let currency = request.currency.to_ascii_lowercase();
    let payment = NewPayment { amount: request.amount, currency, status: status.to_owned() };
    let id = provider.state.add_payment(&payment, provider.clock.now().as_second()).map_err(broken)?;
    if capture != CaptureOutcome::Whole {
        provider.state.play_capture(&id, capture).map_err(broken)?;
    }
    Ok(json_response(&json!({ "payment_reference": id })))
}

/// `GET /_local/payments`, oldest first.
async fn list_payments(State(provider): State<Provider>) -> HandlerResult {
    let payments = provider.state.payments().map_err(broken)?.into_iter().map(|payment| {
        json!({
            "payment_reference": payment.id,
            "amount": payment.amount,
            "captured": payment.captured,
            "refunded": payment.refunded,
        })
    });
    Ok(json_response(&Value::Array(payments.collect())))
}

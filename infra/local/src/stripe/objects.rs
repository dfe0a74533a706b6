//! Stripe's objects and errors in JSON.

use serde_json::{Map, Value, json};

use crate::state::{Payment, Refund};

#[derive(Clone, Debug)]
pub(super) struct StripeResponse {
    pub status: u16,
    pub body: Value,
    pub replayed: bool,
}

#[derive(Clone, Debug)]
pub(super) struct StripeError {
    status: u16,
    error: Map<String, Value>,
}

impl StripeError {
    fn new(status: u16, kind: &str, code: &str, message: impl Into<String>, param: Option<&str>) -> Self {
        let mut error = Map::new();
        error.insert("type".to_owned(), json!(kind));
        if !code.is_empty() {
            error.insert("code".to_owned(), json!(code));
        }
        error.insert("message".to_owned(), json!(message.into()));
        if let Some(param) = param {
            error.insert("param".to_owned(), json!(param));
        }
        Self { status, error }
    }

    /// 400: the request, or the payment's state, does not allow the call.
    pub(super) fn invalid(code: &str, message: impl Into<String>, param: Option<&str>) -> Self {
        Self::new(400, "invalid_request_error", code, message, param)
    }

    pub(super) fn invalid_integer(param: &str) -> Self {
        Self::invalid("parameter_invalid_integer", "Invalid integer", Some(param))
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(401, "invalid_request_error", "", "You did not provide an API key.", None)
    }

    pub(super) fn card_declined(payment: &Payment) -> Self {
        let mut refusal = Self::new(402, "card_error", "card_declined", "Your card was declined.", None);
        refusal.error.insert("decline_code".to_owned(), json!("generic_decline"));
        refusal.error.insert("payment_intent".to_owned(), payment_intent(payment));
        refusal
    }

    pub(super) fn missing(what: &str, id: &str, param: &str) -> Self {
        let message = format!("No such {what}: '{id}'");
        Self::new(404, "invalid_request_error", "resource_missing", message, Some(param))
    }

    pub(super) fn no_such_call(method: &http::Method, path: &str) -> Self {
        Self::new(404, "invalid_request_error", "", format!("Unrecognized request URL ({method}: {path})."), None)
    }

    /// 400: the idempotency key was used for another request.
    pub(super) fn other_params(key: &str) -> Self {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try \
             using a key other than '{key}' if you meant to execute a different request."
        );
        Self::new(400, "idempotency_error", "", message, None)
    }

    pub(super) fn api(message: String) -> Self {
        Self::new(500, "api_error", "", message, None)
    }

    pub(super) fn unexpected_state(payment: &Payment, call: &str) -> Self {
        let message = format!(
            "This PaymentIntent could not be {call} because it has a status of {}. ({})",
            payment.status, payment.id
        );
        let mut refusal = Self::invalid("payment_intent_unexpected_state", message, None);
        refusal.error.insert("payment_intent".to_owned(), payment_intent(payment));
        refusal
    }

    pub(super) fn into_answer(self) -> StripeResponse {
        StripeResponse { status: self.status, body: json!({ "error": self.error }), replayed: false }
    }
}

pub(super) fn payment_intent(payment: &Payment) -> Value {
    let capturable = if payment.status == "requires_capture" { payment.amount } else { 0 };
    let declined = payment.status == "requires_payment_method";
    let charge = if declined { Value::Null } else { json!(payment.id.replacen("pi_", "ch_", 1)) };
    let error = json!({
        "type": "card_error", "code": "card_declined", "decline_code": "generic_decline",
        "message": "Your card was declined.",
    });
    json!({
        "id": payment.id,
        "object": "payment_intent",
        "amount": payment.amount,
        "amount_capturable": capturable,
        "amount_received": payment.captured,
        "capture_method": if payment.status == "requires_capture" { "manual" } else { "automatic" },
        "created": payment.created,
        "currency": payment.currency,
        "last_payment_error": if declined { error } else { Value::Null },
        "latest_charge": charge,
        "livemode": false,
        "metadata": {},
        "status": payment.status,
    })
}

/// Every payment except a declined one has a charge. The amount that a partial capture leaves counts as refunded.
pub(super) fn charge(payment: &Payment) -> Value {
    let left = if payment.captured > 0 { payment.amount - payment.captured } else { 0 };
    json!({
        "id": payment.id.replacen("pi_", "ch_", 1),
        "object": "charge",
        "amount": payment.amount,
        "amount_captured": payment.captured,
        "amount_refunded": left + payment.refunded,
        "captured": payment.captured > 0,
        "created": payment.created,
        "currency": payment.currency,
        "payment_intent": payment.id,
        "refunded": payment.captured > 0 && payment.refunded >= payment.captured,
    })
}

pub(super) fn refund(refund: &Refund, currency: &str) -> Value {
    json!({
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "charge": refund.payment.replacen("pi_", "ch_", 1),
        "created": refund.created,
        "currency": currency,
        "metadata": serde_json::from_str::<Value>(&refund.metadata).unwrap_or_default(),
        "payment_intent": refund.payment,
        "reason": null,
        "status": "succeeded",
    })
}

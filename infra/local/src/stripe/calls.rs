//! The effects of Stripe's calls on payments and refunds.

use http::Method;
use serde_json::{Map, Value, json};

use super::objects::{self, StripeError, StripeResponse};
use crate::state::{CaptureOutcome, Payment, Payments, Refund, random_id};

#[derive(Debug)]
pub(super) struct Call<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    /// The decoded parameters of the body, or of the query of a GET.
    pub params: Vec<(String, String)>,
    /// The shop's clock in seconds since 1970.
    pub now: i64,
}

impl Call<'_> {
    fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the caller wants this field as an object, not as an id.
    fn expands(&self, field: &str) -> bool {
        self.params.iter().any(|(key, value)| key.starts_with("expand[") && value == field)
    }

    /// Identifies the request under an idempotency key. The order of parameters does not count.
    pub(super) fn fingerprint(&self) -> String {
        let mut params = self.params.clone();
        params.sort();
        format!("{} {} {params:?}", self.method, self.path)
    }
}

/// The answer to a call, and whether the idempotency key saves that answer.
type Carried = rusqlite::Result<(StripeResponse, bool)>;

pub(super) fn carry_out(call: &Call<'_>, payments: &Payments<'_>) -> Carried {
    let path: Vec<&str> = call.path.trim_matches('/').split('/').collect();
    match (call.method, path.as_slice()) {
        (&Method::GET, ["v1", "payment_intents", id]) => with_payment(payments, id, |payment| {
            let mut intent = objects::payment_intent(&payment);
            let charge = intent.get_mut("latest_charge").filter(|charge| !charge.is_null());
            if let Some(charge) = charge.filter(|_| call.expands("latest_charge")) {
                *charge = objects::charge(&payment);
            }
            Ok(success(intent))
        }),
        (&Method::POST, ["v1", "payment_intents", id, "capture"]) => {
            with_payment(payments, id, |payment| capture(call, payments, payment))
        }
        (&Method::POST, ["v1", "payment_intents", id, "cancel"]) => {
            with_payment(payments, id, |payment| cancel(payments, payment))
        }
        (&Method::POST, ["v1", "refunds"]) => match call.param("payment_intent") {
            None => {
                Ok(unread(StripeError::invalid("parameter_missing", "Missing required param: payment_intent.", None)))
            }
            Some(id) => with_payment(payments, id, |payment| refund(call, payments, &payment)),
        },
        (&Method::GET, ["v1", "refunds"]) => list_refunds(call, payments),
        _ => Ok(unread(StripeError::no_such_call(call.method, call.path))),
    }
}

fn success(body: Value) -> (StripeResponse, bool) {
    (StripeResponse { status: 200, body, replayed: false }, true)
}

/// The answer to a call that the payment's state refuses. The idempotency key saves this answer.
fn refused(refusal: StripeError) -> (StripeResponse, bool) {
    (refusal.into_answer(), true)
}

/// The answer to a call that was refused before it was carried out. The idempotency key does not save this answer.
fn unread(refusal: StripeError) -> (StripeResponse, bool) {
    (refusal.into_answer(), false)
}

fn with_payment(payments: &Payments<'_>, id: &str, then: impl FnOnce(Payment) -> Carried) -> Carried {
    match payments.payment(id)? {
        Some(payment) => then(payment),
        None => Ok(unread(StripeError::missing("payment_intent", id, "intent"))),
    }
}

fn capture(call: &Call<'_>, payments: &Payments<'_>, payment: Payment) -> Carried {
    let amount = match call.param("amount_to_capture").map(str::parse::<i64>) {
        None => payment.amount,
        Some(Ok(amount)) if amount > 0 => amount,
        Some(_) => return Ok(unread(StripeError::invalid_integer("amount_to_capture"))),
    };
    match payment.status.as_str() {
        "requires_payment_method" => return Ok(refused(StripeError::card_declined(&payment))),
        "requires_capture" => {}
        _ => return Ok(refused(StripeError::unexpected_state(&payment, "captured"))),
    }
    if amount > payment.amount {
        let message = "The amount to capture is greater than the amount that can be captured.";
        return Ok(refused(StripeError::invalid("amount_too_large", message, Some("amount_to_capture"))));
    }
    let (status, taken) = match payments.capture_outcome(&payment.id)? {
        CaptureOutcome::Whole => ("succeeded", amount),
        CaptureOutcome::Part => ("succeeded", amount - amount / 2),
        CaptureOutcome::Processing => ("processing", 0),
    };
    payments.change(&payment.id, status, taken)?;
    let captured = Payment { status: status.to_owned(), captured: taken, ..payment };
    Ok(success(objects::payment_intent(&captured)))
}

fn cancel(payments: &Payments<'_>, payment: Payment) -> Carried {
    if !matches!(payment.status.as_str(), "requires_capture" | "requires_payment_method") {
        return Ok(refused(StripeError::unexpected_state(&payment, "canceled")));
    }
    payments.change(&payment.id, "canceled", 0)?;
    Ok(success(objects::payment_intent(&Payment { status: "canceled".to_owned(), captured: 0, ..payment })))
}

fn refund(call: &Call<'_>, payments: &Payments<'_>, payment: &Payment) -> Carried {
    let left = payment.captured - payment.refunded;
    let amount = match call.param("amount").map(str::parse::<i64>) {
        None => left,
        Some(Ok(amount)) if amount > 0 => amount,
        Some(_) => return Ok(unread(StripeError::invalid_integer("amount"))),
    };
    if payment.captured == 0 {
        let message = format!("This PaymentIntent ({}) does not have a successful charge to refund.", payment.id);
        return Ok(refused(StripeError::invalid("", message, None)));
    }
    if left == 0 {
        let message = format!("Charge {} has already been refunded.", payment.id.replacen("pi_", "ch_", 1));
        return Ok(refused(StripeError::invalid("charge_already_refunded", message, None)));
    }
    if amount > left {
        let message = format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
        return Ok(refused(StripeError::invalid("amount_too_large", message, Some("amount"))));
    }
    let refund = Refund {
        id: format!("re_{}", random_id(24)),
        payment: payment.id.clone(),
        amount,
        metadata: Value::Object(metadata(call)).to_string(),
        created: call.now,
    };
    payments.add_refund(&refund)?;
    Ok(success(objects::refund(&refund, &payment.currency)))
}

/// The parameters `metadata[…]`.
fn metadata(call: &Call<'_>) -> Map<String, Value> {
    let named = call.params.iter().filter_map(|(key, value)| {
        let name = key.strip_prefix("metadata[")?.strip_suffix(']')?;
        Some((name.to_owned(), json!(value)))
    });
    named.collect()
}

fn list_refunds(call: &Call<'_>, payments: &Payments<'_>) -> Carried {
    let limit = match call.param("limit").map(str::parse::<i64>) {
        None => 10,
        Some(Ok(limit)) if (1..=100).contains(&limit) => limit,
        Some(_) => return Ok(unread(StripeError::invalid_integer("limit"))),
    };
    let of = call.param("payment_intent");
    let mut refunds = payments.refunds(of, call.param("starting_after").unwrap_or_default(), limit + 1)?;
    let most = usize::try_from(limit).unwrap_or(100);
    let has_more = refunds.len() > most;
    refunds.truncate(most);
    let mut data = Vec::new();
    for refund in &refunds {
        let payment = payments.payment(&refund.payment)?;
        data.push(objects::refund(refund, payment.as_ref().map_or("usd", |payment| payment.currency.as_str())));
    }
    Ok(success(json!({ "object": "list", "url": "/v1/refunds", "has_more": has_more, "data": data })))
}

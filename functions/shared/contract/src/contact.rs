//! `POST /contact` and `POST /orders/{id}/contact`: request checks, and the problems of an address correction.

use aws::queues::ContactMessage;
use domain::field_error::FieldErrors;
use domain::identity::{OrderId, fingerprint};
use domain::names::CallerId;
use jiff::Timestamp;
use serde::Deserialize;
use use_cases::undeliverable::CorrectAddressError;

use crate::cancel::change_id;
use crate::placement::{email, steers};
use crate::problem::{Code, Problem};

/// The most characters of a message.
pub const MAX_MESSAGE_LEN: usize = 5_000;

/// The body of the contact form (R13).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    order_number: String,
    email: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    intent: Option<Intent>,
}

/// The intent that the customer ticks in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Intent {
    Cancel,
}

impl ContactBody {
    /// The message, received at `now`, or all faults with their fields. The order need not exist. The same text about
    /// the same order on the same day has the same id, so it counts once.
    pub fn checked(self, now: Timestamp) -> Result<ContactMessage, FieldErrors> {
        let mut errors = FieldErrors::default();
        let order_number = errors.take("order_number", OrderId::parse(&self.order_number));
        errors.take("email", email(&self.email));
        let cancel = self.intent == Some(Intent::Cancel);
        let message = self.message.replace("\r\n", "\n");
        errors.take("message", written(&message, cancel));
        let day = now.strftime("%Y-%m-%d").to_string();
        errors.or_else(order_number.map(|order| ContactMessage {
            contact_id: fingerprint(&(order.as_str(), &self.email, &message, cancel, day)),
            order_number: order.to_string(),
            email: self.email,
            message,
            cancel,
            received_at: now,
        }))
    }
}

/// Checks a customer's text. The text may have line breaks, and may be empty if the intent is "cancel".
fn written(text: &str, may_be_empty: bool) -> Result<(), String> {
    let least = usize::from(!may_be_empty);
    if text.trim().is_empty() && !may_be_empty || text.chars().count() > MAX_MESSAGE_LEN {
        return Err(format!("must have {least} to {MAX_MESSAGE_LEN} characters"));
    }
    if text.chars().any(|c| steers(c) && !matches!(c, '\n' | '\t')) {
        return Err("must not have control characters but line breaks".to_owned());
    }
    Ok(())
}

/// The body of an address correction (R24).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionBody {
    email: String,
    /// Accepted as in other requests, but not needed: a repeat has the same address.
    #[serde(default)]
    change_id: Option<String>,
}

impl CorrectionBody {
    /// The address, or all faults with their fields.
    pub fn checked(self) -> Result<String, FieldErrors> {
        let mut errors = FieldErrors::default();
        let checked = errors.take("email", email(&self.email));
        let _: Option<Option<CallerId>> = self.change_id.map(|id| errors.take("change_id", change_id(id)));
        errors.or_else(checked.map(|()| self.email))
    }
}

impl From<CorrectAddressError> for Problem {
    fn from(error: CorrectAddressError) -> Self {
        let detail = error.to_string();
        match error {
            CorrectAddressError::UnknownOrder => Self::new(Code::NotFound, detail),
            CorrectAddressError::StillPlacing => Self::new(Code::TryAgain, detail),
            CorrectAddressError::TooManyCorrections => Self::new(Code::TooManyChanges, detail),
            CorrectAddressError::Undeliverable => Self::field(Code::Undeliverable, "email", detail),
            CorrectAddressError::Retryable(error) => error.into(),
        }
    }
}

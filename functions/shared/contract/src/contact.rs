//! `POST /contact` and `POST /orders/{id}/contact`: checking the requests, and the problems of a corrected address.

use aws::queues::ContactMessage;
use domain::fault::Faults;
use domain::identity::{OrderId, fingerprint};
use domain::names::CallerId;
use jiff::Timestamp;
use serde::Deserialize;
use use_cases::undeliverable::CorrectionFault;

use crate::cancel::change_id;
use crate::placement::{email, steers};
use crate::problem::{Code, Problem};

/// The most characters of a message.
pub const LONGEST_MESSAGE: usize = 5_000;

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

/// The choice beside the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Intent {
    Cancel,
}

impl ContactBody {
    /// The message as it came at `now`, or every fault with its field. The order need not exist. The same words about the
    /// same order on the same day are one message.
    pub fn checked(self, now: Timestamp) -> Result<ContactMessage, Faults> {
        let mut faults = Faults::default();
        let order_number = faults.take("order_number", OrderId::parse(&self.order_number));
        faults.take("email", email(&self.email));
        let cancel = self.intent == Some(Intent::Cancel);
        let message = self.message.replace("\r\n", "\n");
        faults.take("message", written(&message, cancel));
        let day = now.strftime("%Y-%m-%d").to_string();
        faults.or_else(order_number.map(|order| ContactMessage {
            contact_id: fingerprint(&(order.as_str(), &self.email, &message, cancel, day)),
            order_number: order.to_string(),
            email: self.email,
            message,
            cancel,
            received_at: now,
        }))
    }
}

/// A customer's words. They may have line breaks, and may be empty if "cancel" was chosen.
fn written(text: &str, may_be_empty: bool) -> Result<(), String> {
    let least = usize::from(!may_be_empty);
    if text.trim().is_empty() && !may_be_empty || text.chars().count() > LONGEST_MESSAGE {
        return Err(format!("must have {least} to {LONGEST_MESSAGE} characters"));
    }
    if text.chars().any(|c| steers(c) && !matches!(c, '\n' | '\t')) {
        return Err("must not have control characters but line breaks".to_owned());
    }
    Ok(())
}

/// The body of a corrected address (R24).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionBody {
    email: String,
    /// Accepted as elsewhere, but not needed: a repeat is known by the address.
    #[serde(default)]
    change_id: Option<String>,
}

impl CorrectionBody {
    /// The address, or every fault with its field.
    pub fn checked(self) -> Result<String, Faults> {
        let mut faults = Faults::default();
        let checked = faults.take("email", email(&self.email));
        let _: Option<Option<CallerId>> = self.change_id.map(|id| faults.take("change_id", change_id(id)));
        faults.or_else(checked.map(|()| self.email))
    }
}

impl From<CorrectionFault> for Problem {
    fn from(fault: CorrectionFault) -> Self {
        let detail = fault.to_string();
        match fault {
            CorrectionFault::UnknownOrder => Self::new(Code::NotFound, detail),
            CorrectionFault::StillPlacing => Self::new(Code::TryAgain, detail),
            CorrectionFault::TooManyCorrections => Self::new(Code::TooManyChanges, detail),
            CorrectionFault::Undeliverable => Self::field(Code::Undeliverable, "email", detail),
            CorrectionFault::Trouble(trouble) => trouble.into(),
        }
    }
}

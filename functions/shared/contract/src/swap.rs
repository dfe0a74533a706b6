//! `POST /orders/{id}/lines/{n}/swap`: request checks and problems.

use domain::field_error::FieldErrors;
use domain::money::Money;
use domain::names::{PaymentReference, Sku};
use domain::order::RefusalReason;
use domain::swap::{SwapError, SwapRefusalReason, SwapRequest};
use serde::Deserialize;
use use_cases::payment::PaymentError;
use use_cases::swap_line::SwapLineError;

use crate::cancel::change_id;
use crate::problem::{Code, Problem};

/// The request body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwapBody {
    change_id: String,
    sku: String,
    #[serde(default)]
    payment_reference: Option<String>,
}

impl SwapBody {
    /// The request for a line, counted from 0, or all faults with their fields.
    pub fn checked(self, line: usize) -> Result<SwapRequest, FieldErrors> {
        let mut errors = FieldErrors::default();
        let change_id = errors.take("change_id", change_id(self.change_id));
        let sku = errors.take("sku", Sku::new(self.sku));
        let payment = self.payment_reference.map(|text| errors.take("payment_reference", PaymentReference::new(text)));
        let request = change_id.zip(sku).map(|(change_id, sku)| SwapRequest {
            change_id,
            line,
            sku,
            payment_reference: payment.flatten(),
        });
        errors.or_else(request)
    }
}

impl From<SwapLineError> for Problem {
    fn from(error: SwapLineError) -> Self {
        let detail = error.to_string();
        match error {
            SwapLineError::UnknownOrder => Self::new(Code::NotFound, detail),
            SwapLineError::UnknownSku => Self::field(Code::NotFound, "sku", detail),
            SwapLineError::State(state) => refused_at_once(&state),
            SwapLineError::PaymentRequired(order, amount) => {
                Self::field(Code::PaymentRequired, "payment_reference", detail)
                    .with("amount_due", Money { amount, currency: order.currency })
            }
            SwapLineError::Payment(error) => payment(&error),
            SwapLineError::Refused(_, refusal) => came_to_nothing(refusal),
            SwapLineError::NotYet => Self::new(Code::TryAgain, "it is not swapped yet; repeat the request"),
            SwapLineError::Retryable(error) => error.into(),
        }
    }
}

fn refused_at_once(error: &SwapError) -> Problem {
    let detail = error.to_string();
    match error {
        SwapError::IdReused => Problem::field(Code::IdReused, "change_id", detail),
        SwapError::UnknownLine => Problem::new(Code::NotFound, detail),
        SwapError::AlreadyShipped => Problem::new(Code::AlreadyShipped, detail),
        SwapError::AlreadyCanceled => Problem::new(Code::AlreadyCanceled, detail),
        SwapError::StillPlacing | SwapError::AnotherUnderWay => Problem::new(Code::TryAgain, detail),
        SwapError::TooManyChanges => Problem::new(Code::TooManyChanges, detail),
        SwapError::NotSimilar | SwapError::InOrder | SwapError::OtherCurrency | SwapError::TooMany(_) => {
            Problem::field(Code::Invalid, "sku", detail)
        }
    }
}

fn payment(error: &PaymentError) -> Problem {
    let detail = match error {
        PaymentError::Mismatch => "the payment is not for the difference in price".to_owned(),
        PaymentError::Used => "the payment was used for something else, or given back".to_owned(),
        other => other.to_string(),
    };
    Problem::field(Code::from(error), "payment_reference", detail)
}

fn came_to_nothing(refusal: SwapRefusalReason) -> Problem {
    let code = match refusal {
        SwapRefusalReason::NoPlace(RefusalReason::PaymentDeclined) => return payment(&PaymentError::Declined),
        SwapRefusalReason::NoPlace(RefusalReason::OnBackorder) => Code::OnBackorder,
        SwapRefusalReason::NoPlace(RefusalReason::BacklogFull) => Code::BacklogFull,
        SwapRefusalReason::NoPlace(RefusalReason::PhoneBackorder) => Code::PhoneBackorder,
        SwapRefusalReason::NoPlace(RefusalReason::LimitReached) => Code::LimitReached,
        SwapRefusalReason::NoPlace(RefusalReason::SoldOut) => Code::SoldOut,
        SwapRefusalReason::AlreadyShipped => Code::AlreadyShipped,
        SwapRefusalReason::AlreadyCanceled => Code::AlreadyCanceled,
        SwapRefusalReason::NotThatMany => Code::NotThatMany,
    };
    Problem::new(code, "nothing was swapped; what was paid for it goes back")
}

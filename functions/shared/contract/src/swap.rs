//! `POST /orders/{id}/lines/{n}/swap`: checking the request, and its problems.

use domain::fault::Faults;
use domain::money::Money;
use domain::names::{PaymentReference, Sku};
use domain::order::Refusal;
use domain::swap::{SwapError, SwapRefusal, SwapRequest};
use serde::Deserialize;
use use_cases::payment::PaymentError;
use use_cases::swap_line::SwapFault;

use crate::cancel::change_id;
use crate::problem::{Code, Problem};

/// The body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwapBody {
    change_id: String,
    sku: String,
    #[serde(default)]
    payment_reference: Option<String>,
}

impl SwapBody {
    /// The command for a line, counted from 0, or every fault with its field.
    pub fn checked(self, line: usize) -> Result<SwapRequest, Faults> {
        let mut faults = Faults::default();
        let change_id = faults.take("change_id", change_id(self.change_id));
        let sku = faults.take("sku", Sku::new(self.sku));
        let payment = self.payment_reference.map(|text| faults.take("payment_reference", PaymentReference::new(text)));
        let request = change_id.zip(sku).map(|(change_id, sku)| SwapRequest {
            change_id,
            line,
            sku,
            payment_reference: payment.flatten(),
        });
        faults.or_else(request)
    }
}

impl From<SwapFault> for Problem {
    fn from(fault: SwapFault) -> Self {
        let detail = fault.to_string();
        match fault {
            SwapFault::UnknownOrder => Self::new(Code::NotFound, detail),
            SwapFault::UnknownSku => Self::field(Code::NotFound, "sku", detail),
            SwapFault::State(state) => refused_at_once(&state),
            SwapFault::PaymentRequired(order, amount) => {
                Self::field(Code::PaymentRequired, "payment_reference", detail)
                    .with("amount_due", Money { amount, currency: order.currency })
            }
            SwapFault::Payment(error) => payment(&error),
            SwapFault::Refused(_, refusal) => came_to_nothing(refusal),
            SwapFault::NotYet => Self::new(Code::TryAgain, "it is not swapped yet; repeat the request"),
            SwapFault::Trouble(trouble) => trouble.into(),
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

fn came_to_nothing(refusal: SwapRefusal) -> Problem {
    let code = match refusal {
        SwapRefusal::NoPlace(Refusal::PaymentDeclined) => return payment(&PaymentError::Declined),
        SwapRefusal::NoPlace(Refusal::OnBackorder) => Code::OnBackorder,
        SwapRefusal::NoPlace(Refusal::BacklogFull) => Code::BacklogFull,
        SwapRefusal::NoPlace(Refusal::PhoneBackorder) => Code::PhoneBackorder,
        SwapRefusal::NoPlace(Refusal::LimitReached) => Code::LimitReached,
        SwapRefusal::NoPlace(Refusal::SoldOut) => Code::SoldOut,
        SwapRefusal::AlreadyShipped => Code::AlreadyShipped,
        SwapRefusal::AlreadyCanceled => Code::AlreadyCanceled,
        SwapRefusal::NotThatMany => Code::NotThatMany,
    };
    Problem::new(code, "nothing was swapped; what was paid for it goes back")
}

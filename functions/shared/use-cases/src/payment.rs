//! The payment of an order or of a swap: checking that it fits, and taking all of it.
//!
//! A payment counts as taken only if the provider says `succeeded` and received the full amount due. A capture that
//! took a part, or is still being processed, is unsettled: its order or swap stays as it is and is checked again later.

use aws::payments::{Payment, PaymentState, ProviderError};
use aws::{App, ServiceError};
use domain::money::Currency;
use domain::names::PaymentReference;
use domain::order::Order;
use thiserror::Error;

/// Why a payment does not pay for an order or a swap.
#[derive(Clone, Debug, Error)]
pub enum PaymentError {
    /// The provider knows no such payment.
    #[error("the payment provider knows no such payment")]
    Unknown,
    /// The payment is for another amount or currency.
    #[error("the payment is not for the order's total")]
    Mismatch,
    /// The payment was declined. The customer may still pay it, so a repeat may succeed.
    #[error("the payment was declined")]
    Declined,
    /// The payment was refunded, or pays for something else.
    #[error("the payment was given back already")]
    Used,
    /// The provider is still processing the payment.
    #[error("the payment is still being processed")]
    Processing,
    /// The provider took only part of the payment.
    #[error("only part of the payment was taken")]
    PartlyTaken,
    /// The provider failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl PaymentError {
    /// Whether our capture has taken less than the full amount, but may still take the rest.
    pub(crate) fn unsettled(&self) -> bool {
        matches!(self, Self::Processing | Self::PartlyTaken)
    }

    /// The error for the same answer if our system has not captured the payment.
    pub(crate) fn of_new_payment(self) -> Self {
        match self {
            Self::Processing => Self::Declined,
            Self::PartlyTaken => Self::Mismatch,
            other => other,
        }
    }
}

impl From<ProviderError> for PaymentError {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::Unknown => Self::Unknown,
            ProviderError::Declined(_) => Self::Declined,
            ProviderError::Service(failure) => Self::Service(failure),
        }
    }
}

/// An amount that is due, and the payment for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaymentDue<'a> {
    pub reference: &'a PaymentReference,
    /// Minor units.
    pub amount: i64,
    pub currency: Currency,
}

impl<'a> PaymentDue<'a> {
    pub fn of_order(order: &'a Order) -> Self {
        Self { reference: &order.payment_reference, amount: order.total, currency: order.currency }
    }
}

/// Whether the payment is already taken. False: it is reserved and can be taken. An error: it does not fit `due`.
pub(crate) async fn is_taken(app: &App, due: PaymentDue<'_>) -> Result<bool, PaymentError> {
    let payment = app.payments.retrieve(due.reference).await?;
    let fits = payment.amount == due.amount && payment.currency.eq_ignore_ascii_case(due.currency.as_str());
    match payment.state() {
        _ if !fits => Err(PaymentError::Mismatch),
        PaymentState::Declined => Err(PaymentError::Declined),
        PaymentState::Capturable => Ok(false),
        // The provider also reports the uncaptured rest of a payment as refunded. Such a payment was not used.
        PaymentState::Captured if payment.refunded() && payment.amount_received == due.amount => {
            Err(PaymentError::Used)
        }
        PaymentState::Captured | PaymentState::Processing => all_taken(&payment, due).map(|()| true),
    }
}

/// Takes a reserved payment exactly once, even if called repeatedly. Under the same `key` the provider repeats its
/// answer, even a decline, so each call that resumes an order or a swap uses another key.
pub(crate) async fn capture(app: &App, due: PaymentDue<'_>, key: &str) -> Result<(), PaymentError> {
    match app.payments.capture(due.reference, key).await {
        Ok(payment) => all_taken(&payment, due),
        // The payment may have been taken before. Only its present state counts.
        Err(ProviderError::Declined(_)) if is_taken(app, due).await? => Ok(()),
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn settle(app: &App, due: PaymentDue<'_>, key: &str) -> Result<(), PaymentError> {
    if is_taken(app, due).await? { Ok(()) } else { capture(app, due, key).await }
}

fn all_taken(payment: &Payment, due: PaymentDue<'_>) -> Result<(), PaymentError> {
    match payment.state() {
        PaymentState::Captured if payment.amount_received == due.amount => Ok(()),
        PaymentState::Captured => Err(PaymentError::PartlyTaken),
        _ => Err(PaymentError::Processing),
    }
}

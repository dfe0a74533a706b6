//! The money of an order or of a swap: whether its payment is good for it, and taking all of it.
//!
//! A payment counts as taken only where the provider says `succeeded` and the amount that it received is all of what is
//! due. A capture that took a part, or is still being processed, is unsettled: what it pays for stays as it is and is
//! looked at again.

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
    /// It is for another amount or currency.
    #[error("the payment is not for the order's total")]
    Mismatch,
    /// It was declined; not final.
    #[error("the payment was declined")]
    Declined,
    /// It was given back already, or pays for something else.
    #[error("the payment was given back already")]
    Used,
    /// The provider has not finished taking it.
    #[error("the payment is still being processed")]
    Processing,
    /// The provider took only part of it.
    #[error("only part of the payment was taken")]
    PartlyTaken,
    /// The provider failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl PaymentError {
    /// Whether a capture of ours has not taken all of the payment, and may still do so.
    pub(crate) fn unsettled(&self) -> bool {
        matches!(self, Self::Processing | Self::PartlyTaken)
    }

    /// What the same answer of the provider means where the shop captured nothing.
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

/// What is to be paid, and by which payment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaymentDue<'a> {
    pub reference: &'a PaymentReference,
    /// Minor units.
    pub amount: i64,
    pub currency: Currency,
}

impl<'a> PaymentDue<'a> {
    /// The total of an order.
    pub fn of_order(order: &'a Order) -> Self {
        Self { reference: &order.payment_reference, amount: order.total, currency: order.currency }
    }
}

/// Whether a payment that pays for just this is taken already; if not, it is reserved and can be taken.
pub(crate) async fn is_taken(app: &App, due: PaymentDue<'_>) -> Result<bool, PaymentError> {
    let payment = app.payments.retrieve(due.reference).await?;
    let fits = payment.amount == due.amount && payment.currency.eq_ignore_ascii_case(due.currency.as_str());
    match payment.state() {
        _ if !fits => Err(PaymentError::Mismatch),
        PaymentState::Declined => Err(PaymentError::Declined),
        PaymentState::Capturable => Ok(false),
        // The provider counts as given back what a capture left of a payment: such a payment was not used.
        PaymentState::Captured if payment.refunded() && payment.amount_received == due.amount => {
            Err(PaymentError::Used)
        }
        PaymentState::Captured | PaymentState::Processing => all_taken(&payment, due).map(|()| true),
    }
}

/// Takes a reserved payment, once however often it is asked. The provider repeats its answer under a `key`, a decline too:
/// who takes an order or a swap up again asks under another key.
pub(crate) async fn capture(app: &App, due: PaymentDue<'_>, key: &str) -> Result<(), PaymentError> {
    match app.payments.capture(due.reference, key).await {
        Ok(payment) => all_taken(&payment, due),
        // It may have been taken before: only what the payment is now counts.
        Err(ProviderError::Declined(_)) if is_taken(app, due).await? => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Takes a payment unless it is taken already.
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

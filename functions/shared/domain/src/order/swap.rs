//! A swap that is under way.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::change::{Part, SwapRefusalReason, Swapped};
use crate::is_default;
use crate::names::{CallerId, PaymentReference, Sku};

/// A swap that is under way: its price is agreed and its payment is claimed, but the new line has no place yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// The caller's id of the change.
    pub change_id: CallerId,
    /// The fingerprint of the request.
    pub request: String,
    /// The line, counted from 0.
    pub line: usize,
    /// The product that is wanted instead.
    pub sku: Sku,
    /// All units of the line that had neither shipped nor been canceled.
    pub units: i64,
    /// The new product's unit price at the request, minor units.
    pub unit_price: i64,
    /// The share of the line's tax that moves to the new line, minor units.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tax: i64,
    /// The share of the line's discount that moves to the new line, minor units.
    #[serde(default, skip_serializing_if = "is_default")]
    pub discount: i64,
    /// New price less old price, minor units. A difference below zero is refunded.
    #[serde(default, skip_serializing_if = "is_default")]
    pub difference: i64,
    /// The payment of the difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentReference>,
    /// When the swap began.
    pub since: Timestamp,
    /// When the lease expires. After that, `reconcile` continues an unfinished swap.
    #[serde(rename = "look_at")]
    pub lease_until: Timestamp,
    /// Grows by one each time that a call takes the lease.
    #[serde(rename = "turn")]
    pub lease_count: u64,
    /// Like [`super::Order::unresolved_draws`], for a draw of this swap.
    #[serde(rename = "in_doubt", default, skip_serializing_if = "Option::is_none")]
    pub unresolved_draws: Option<u64>,
}

impl Swap {
    /// The payment and its amount, if the new product costs more.
    pub fn extra(&self) -> Option<Part> {
        let payment = self.payment.clone().filter(|_| self.difference > 0)?;
        Some(Part { payment, amount: self.difference })
    }

    /// The record of the swap that is over.
    pub(crate) fn record(&self, refusal: Option<SwapRefusalReason>) -> Swapped {
        Swapped { line: self.line, sku: self.sku.clone(), units: self.units, extra: self.extra(), refusal }
    }
}

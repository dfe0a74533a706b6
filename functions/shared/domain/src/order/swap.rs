//! A swap while it is under way.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::change::{Part, SwapRefusalReason, Swapped};
use super::line::zero;
use crate::names::{CallerId, PaymentReference, Sku};

/// A swap that is under way: its price is agreed, its payment is claimed, its place is not yet sure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// The caller's id of the change.
    pub change_id: CallerId,
    /// The fingerprint of the request.
    pub request: String,
    /// Which line, counted from 0.
    pub line: usize,
    /// What is wanted instead.
    pub sku: Sku,
    /// All units of the line that had neither shipped nor been canceled.
    pub units: i64,
    /// What each costs now, minor units.
    pub unit_price: i64,
    /// The share of the line's tax that goes over, minor units.
    #[serde(default, skip_serializing_if = "zero")]
    pub tax: i64,
    /// The share of the line's discount that goes over, minor units.
    #[serde(default, skip_serializing_if = "zero")]
    pub discount: i64,
    /// What the new units cost more than the old ones, minor units; below zero it goes back.
    #[serde(default, skip_serializing_if = "zero")]
    pub difference: i64,
    /// What pays for the difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentReference>,
    /// When it was begun.
    pub since: Timestamp,
    /// When the sweep takes it up, if it is still unfinished.
    #[serde(rename = "look_at")]
    pub lease_until: Timestamp,
    /// One more each time it is taken up.
    #[serde(rename = "turn")]
    pub lease_count: u64,
    /// The last number drawn when a draw was refused, where a lost draw of this swap may be the cause. The refusal is
    /// final only when all numbers up to it are accounted.
    #[serde(rename = "in_doubt", default, skip_serializing_if = "Option::is_none")]
    pub unresolved_draws: Option<u64>,
}

impl Swap {
    /// What has to be paid for it, and with what.
    pub fn extra(&self) -> Option<Part> {
        let payment = self.payment.clone().filter(|_| self.difference > 0)?;
        Some(Part { payment, amount: self.difference })
    }

    /// The record of it when it is over.
    pub(crate) fn record(&self, refusal: Option<SwapRefusalReason>) -> Swapped {
        Swapped { line: self.line, sku: self.sku.clone(), units: self.units, extra: self.extra(), refusal }
    }
}

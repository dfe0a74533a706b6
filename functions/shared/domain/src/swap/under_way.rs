//! A swap while it is under way, and what the order remembers of it when it is over.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::names::{CallerId, PaymentReference, Sku};
use crate::order::{Line, Order, Refusal, Seen, zero};
use crate::refund::Part;

/// Why a swap came to nothing after it was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SwapRefusal {
    /// No place on the shop's terms, or no payment.
    NoPlace(Refusal),
    /// The line has shipped meanwhile.
    AlreadyShipped,
    /// The line was canceled meanwhile.
    AlreadyCanceled,
    /// Units of the line were canceled or shipped meanwhile.
    NotThatMany,
}

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
    /// When somebody must see to it that it has been finished.
    pub look_at: Timestamp,
    /// One more each time that somebody takes it up.
    pub turn: u64,
    /// A draw was refused when so many numbers were drawn, and a lost draw of this very swap may be why. Only when all of
    /// them are accounted is a refusal final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_doubt: Option<u64>,
}

/// What the order remembers of a swap that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swapped {
    /// Which line, counted from 0.
    pub line: usize,
    /// What was wanted instead.
    pub sku: Sku,
    /// Units.
    pub units: i64,
    /// What was paid for the difference; where the swap came to nothing, it goes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<Part>,
    /// Why it came to nothing; absent: it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<SwapRefusal>,
}

impl Swap {
    /// What has to be paid for it, and with what.
    #[must_use]
    pub fn extra(&self) -> Option<Part> {
        let payment = self.payment.clone().filter(|_| self.difference > 0)?;
        Some(Part { payment, amount: self.difference })
    }

    /// The new line, without a place. Who swaps accepts to wait.
    #[must_use]
    pub fn new_line(&self) -> Line {
        let money = (self.unit_price, self.tax, self.discount);
        let line = Line::wanted(self.sku.clone(), self.units, money, Some(Seen::OnBackorder));
        Line { swapped_from: Some(self.line), ..line }
    }

    /// Why it can't be made any more: its line is not what it was.
    #[must_use]
    pub fn overtaken(&self, order: &Order) -> Option<SwapRefusal> {
        let line = order.lines.get(self.line)?;
        match line.open() {
            open if open == self.units => None,
            0 if line.shipped.is_empty() => Some(SwapRefusal::AlreadyCanceled),
            0 => Some(SwapRefusal::AlreadyShipped),
            _ => Some(SwapRefusal::NotThatMany),
        }
    }

    /// What the order remembers of it when it is over.
    pub(super) fn record(&self, refusal: Option<SwapRefusal>) -> Swapped {
        Swapped { line: self.line, sku: self.sku.clone(), units: self.units, extra: self.extra(), refusal }
    }
}

//! A change of an order: what was given up or swapped, and the refund that follows from it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::purchase::RefusalReason;
use crate::names::{PaymentReference, Sku};

/// Why units were given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The customer or the shop canceled (R12).
    Canceled,
    /// It had waited too long (R15).
    Expired,
    /// The product will not come any more.
    Discontinued,
    /// It never got a place, and its caller was told.
    Refused,
    /// It never got a place, and the customer must be told by mail.
    RefusedLater,
    /// A line was swapped for another product (R14).
    Swapped,
    /// A swap failed, and its caller was told.
    SwapRefused,
    /// A swap failed, and the customer must be told by mail.
    SwapRefusedLater,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// It will be paid.
    Due,
    /// It was paid.
    Paid,
    /// The provider will not pay it; somebody must look.
    Failed,
}

/// Units of one line that were given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedLine {
    /// Which line, counted from 0.
    pub line: usize,
    /// Units given up.
    pub units: i64,
    /// What they cost, minor units.
    pub amount: i64,
}

/// One change of an order, under its caller's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When it was made.
    pub at: Timestamp,
    /// Why.
    pub kind: ChangeKind,
    /// In the words of who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the shop asked for it, not the customer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_shop: bool,
    /// What was given up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ChangedLine>,
    /// What goes back, minor units.
    pub refund: i64,
    /// Whether it has.
    pub status: RefundStatus,
    /// The fingerprint of the request.
    pub request: String,
    /// To which payments how much goes back; empty: all to the one that became the order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// What was swapped, or should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<Swapped>,
}

/// Money of one payment: taken of it, or back to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The payment.
    pub payment: PaymentReference,
    /// Minor units.
    pub amount: i64,
}

/// Why a swap failed after it was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SwapRefusalReason {
    /// No place on the shop's terms, or no payment.
    NoPlace(RefusalReason),
    /// The line has shipped meanwhile.
    AlreadyShipped,
    /// The line was canceled meanwhile.
    AlreadyCanceled,
    /// Units of the line were canceled or shipped meanwhile.
    NotThatMany,
}

/// A swap that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swapped {
    /// Which line, counted from 0.
    pub line: usize,
    /// What was wanted instead.
    pub sku: Sku,
    /// Units.
    pub units: i64,
    /// What was paid for the difference; it goes back if the swap failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<Part>,
    /// Why it failed; absent: it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<SwapRefusalReason>,
}

impl Change {
    /// Whether its money went back.
    pub fn paid(&self) -> bool {
        self.status == RefundStatus::Paid
    }

    /// What was paid for it: the difference of a swap to a dearer product.
    pub fn extra(&self) -> Option<&Part> {
        self.swap.as_ref().and_then(|swap| swap.extra.as_ref())
    }

    /// What goes back to `payment`, minor units; `first` is the payment that became the order.
    pub fn back_to(&self, first: &PaymentReference, payment: &PaymentReference) -> i64 {
        self.parts_of(first).iter().filter(|part| part.payment == *payment).map(|part| part.amount).sum()
    }

    /// To which payments how much goes back; `first` is the payment that became the order.
    pub fn parts_of(&self, first: &PaymentReference) -> Vec<Part> {
        if !self.parts.is_empty() {
            return self.parts.clone();
        }
        let whole = Part { payment: first.clone(), amount: self.refund };
        Some(whole).filter(|part| part.amount > 0).into_iter().collect()
    }

    /// Whether it is a swap that failed.
    pub fn came_to_nothing(&self) -> bool {
        matches!(self.kind, ChangeKind::SwapRefused | ChangeKind::SwapRefusedLater)
    }
}

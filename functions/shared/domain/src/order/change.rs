//! A change of an order: the units canceled or swapped, and their refund.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::purchase::RefusalReason;
use crate::names::{PaymentReference, Sku};

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The customer or the shop canceled (R12).
    Canceled,
    /// The order waited too long (R15).
    Expired,
    /// The product is discontinued.
    Discontinued,
    /// The order got no place. The caller got the refusal as the answer, so no mail is sent.
    Refused,
    /// The order got no place, and no call waits for the answer. A mail tells the customer.
    RefusedLater,
    /// A line was swapped for another product (R14).
    Swapped,
    /// A swap failed. The caller got the refusal as the answer, so no mail is sent.
    SwapRefused,
    /// A swap failed, and no call waits for the answer. A mail tells the customer.
    SwapRefusedLater,
}

/// The status of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// The refund will be paid.
    Due,
    /// The refund was paid.
    Paid,
    /// The provider refuses to pay the refund. Staff have a task.
    Failed,
}

/// The units of one line that were canceled or swapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedLine {
    /// The line, counted from 0.
    pub line: usize,
    /// The number of these units.
    pub units: i64,
    /// The refund for these units, minor units.
    pub amount: i64,
}

/// One change of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When the change was made.
    pub at: Timestamp,
    /// The kind of the change.
    pub kind: ChangeKind,
    /// The reason, in the caller's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the shop asked for the change, not the customer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_shop: bool,
    /// The units canceled or swapped, by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ChangedLine>,
    /// The refund, minor units.
    pub refund: i64,
    /// The status of the refund.
    pub status: RefundStatus,
    /// The fingerprint of the request.
    pub request: String,
    /// The refund to each payment. Empty: the whole refund goes to the payment that became the order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// The swap, if the change is one, made or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<Swapped>,
}

/// An amount that was taken from one payment or goes back to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The payment.
    pub payment: PaymentReference,
    /// Minor units.
    pub amount: i64,
}

/// Why a swap failed after it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SwapRefusalReason {
    /// The shop's terms allow no place, or the payment failed.
    NoPlace(RefusalReason),
    /// The line shipped meanwhile.
    AlreadyShipped,
    /// The line was canceled meanwhile.
    AlreadyCanceled,
    /// Units of the line were canceled or shipped meanwhile.
    NotThatMany,
}

/// A swap that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swapped {
    /// The line, counted from 0.
    pub line: usize,
    /// The product that was wanted instead.
    pub sku: Sku,
    /// Units of the new product.
    pub units: i64,
    /// The payment of the difference. The money goes back if the swap failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<Part>,
    /// Why the swap failed. Absent: the swap was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<SwapRefusalReason>,
}

impl Change {
    /// A change without units, money or a swap. Its refund is due.
    pub(crate) fn new(kind: ChangeKind, at: Timestamp, request: String) -> Self {
        Self {
            at,
            kind,
            reason: None,
            by_shop: false,
            lines: Vec::new(),
            refund: 0,
            status: RefundStatus::Due,
            request,
            parts: Vec::new(),
            swap: None,
        }
    }

    /// Whether the refund was paid.
    pub fn paid(&self) -> bool {
        self.status == RefundStatus::Paid
    }

    /// The payment for a swap to a more expensive product.
    pub fn extra(&self) -> Option<&Part> {
        self.swap.as_ref().and_then(|swap| swap.extra.as_ref())
    }

    /// The refund to `payment`, minor units. `first` is the payment that became the order.
    pub fn back_to(&self, first: &PaymentReference, payment: &PaymentReference) -> i64 {
        self.parts_of(first).iter().filter(|part| part.payment == *payment).map(|part| part.amount).sum()
    }

    /// The refund to each payment. `first` is the payment that became the order.
    pub fn parts_of(&self, first: &PaymentReference) -> Vec<Part> {
        if !self.parts.is_empty() {
            return self.parts.clone();
        }
        let whole = Part { payment: first.clone(), amount: self.refund };
        Some(whole).filter(|part| part.amount > 0).into_iter().collect()
    }

    /// Whether the change is a swap that failed.
    pub fn came_to_nothing(&self) -> bool {
        matches!(self.kind, ChangeKind::SwapRefused | ChangeKind::SwapRefusedLater)
    }
}

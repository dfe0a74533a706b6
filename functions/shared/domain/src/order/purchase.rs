//! The words of a purchase: who bought, what they saw, what they accept, and why they got no place.

use serde::{Deserialize, Serialize};

/// What the product page showed when the shopper decided (R7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// For sale at once.
    InStock,
    /// On backorder.
    OnBackorder,
}

/// What to do if an item turns out worse than it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfWorse {
    /// Take the place in line.
    Accept,
    /// Don't buy.
    Refuse,
}

/// Why an order got no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalReason {
    /// Not for sale and not to be waited for.
    SoldOut,
    /// On backorder, and the shopper wanted it from stock only.
    OnBackorder,
    /// As many wait as the shop allows.
    BacklogFull,
    /// The phone can't place backorders (R6).
    PhoneBackorder,
    /// The customer would have more of a product than the shop allows (R28).
    LimitReached,
    /// The payment was declined for a day.
    PaymentDeclined,
}

/// Who bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Where mails go.
    pub email: String,
    /// How to call them.
    pub name: String,
}

//! The records of a purchase: who bought, what the page showed, what the customer accepts, and why there was no place.

use serde::{Deserialize, Serialize};

/// What the product page showed when the customer decided (R7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// In stock.
    InStock,
    /// On backorder.
    OnBackorder,
}

/// The action if a product is less available than the page showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfWorse {
    /// Take the place in line.
    Accept,
    /// Do not buy.
    Refuse,
}

/// Why an order got no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalReason {
    /// The product is neither in stock nor sold on backorder.
    SoldOut,
    /// The product is on backorder, and the customer wanted it from stock only.
    OnBackorder,
    /// More units would wait than the shop allows.
    BacklogFull,
    /// Phone orders take no backorders (R6).
    PhoneBackorder,
    /// The customer would have more units of a product than the shop allows (R28).
    LimitReached,
    /// The payment was declined for a day.
    PaymentDeclined,
}

/// The buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The address for mails.
    pub email: String,
    /// The name for mails.
    pub name: String,
}

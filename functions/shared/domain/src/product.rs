//! Products, and the terms on which they are sold when out of stock (R1).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::names::Sku;

/// The usual time from order to shipping of a backorder (R19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeadTime {
    /// The shortest, in days.
    pub min: u16,
    /// The longest, in days; not below `min`.
    pub max: u16,
}

/// A product variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The product's sku.
    pub sku: Sku,
    /// The name that customers read.
    pub name: String,
    /// The usual price.
    pub price: Money,
    /// Whether customers may buy the product when it is out of stock (R1).
    pub backorderable: bool,
    /// The product's own lead time, if it differs from the shop's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_time_days: Option<LeadTime>,
    /// The most units that may wait for goods at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backlog_limit: Option<i64>,
    /// Products that a customer may take instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub similar: Vec<Sku>,
    /// When the product was discontinued. Since then the product is sold from stock only, for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discontinued_at: Option<Timestamp>,
}

impl Product {
    /// Whether customers may buy the product when it is out of stock.
    pub fn may_wait(&self) -> bool {
        self.backorderable && self.discontinued_at.is_none()
    }
}

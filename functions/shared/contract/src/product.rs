//! `PUT /products/{sku}`: request checks.

use domain::field_error::FieldErrors;
use domain::money::Money;
use domain::names::Sku;
use domain::product::{LeadTime, Product};
use serde::Deserialize;

use crate::placement::words;

/// The highest backlog limit of a product, in units.
const MAX_WAITING: i64 = 1_000_000;
/// The most similar products of one product.
const MAX_SIMILAR: usize = 50;

/// The request body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductBody {
    name: String,
    price: Money,
    backorderable: bool,
    #[serde(default)]
    lead_time_days: Option<LeadTime>,
    #[serde(default)]
    backlog_limit: Option<i64>,
    #[serde(default)]
    similar: Option<Vec<String>>,
}

/// The body of `POST /products/{sku}/discontinue`: an empty object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discontinuing {}

impl ProductBody {
    /// The product, or all faults with their fields. `sku` comes from the path.
    pub fn checked(self, sku: &str) -> Result<Product, FieldErrors> {
        let mut errors = FieldErrors::default();
        let sku = errors.take("sku", Sku::new(sku));
        errors.take("name", words(&self.name, 200));
        errors.take("price", self.price.checked());
        if self.lead_time_days.is_some_and(|days| days.min > days.max || days.max > 3650) {
            errors.add("lead_time_days", "min must not be above max, and max at most 3650");
        }
        if self.backlog_limit.is_some_and(|limit| !(0..=MAX_WAITING).contains(&limit)) {
            errors.add("backlog_limit", format!("must be 0 to {MAX_WAITING}"));
        }
        let others = self.similar.unwrap_or_default();
        if others.len() > MAX_SIMILAR {
            errors.add("similar", format!("must be at most {MAX_SIMILAR}"));
        }
        let mut similar = Vec::new();
        for (at, other) in others.into_iter().take(MAX_SIMILAR).enumerate() {
            similar.extend(errors.take(&format!("similar[{at}]"), Sku::new(other)));
        }
        errors.or_else(sku.map(|sku| Product {
            sku,
            name: self.name,
            price: self.price,
            backorderable: self.backorderable,
            lead_time_days: self.lead_time_days,
            backlog_limit: self.backlog_limit,
            similar,
            discontinued_at: None,
        }))
    }
}

//! `POST /orders/search`: request checks.

use domain::field_error::FieldErrors;
use domain::identity::OrderId;
use jiff::Timestamp;
use serde::Deserialize;

use crate::placement::email;

/// The request body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchBody {
    email: String,
    #[serde(default)]
    after: Option<String>,
}

/// A search for the orders of one address.
#[derive(Clone, Debug)]
pub struct OrderSearch {
    /// The customer's e-mail address.
    pub email: String,
    /// The last order of the page before, and its start.
    pub after: Option<(Timestamp, OrderId)>,
}

impl SearchBody {
    /// The search, or all faults with their fields.
    pub fn checked(self) -> Result<OrderSearch, FieldErrors> {
        let mut errors = FieldErrors::default();
        errors.take("email", email(&self.email));
        let after = self.after.filter(|text| !text.is_empty()).map(|text| position(&text));
        let after = after.and_then(|read| errors.take("after", read));
        errors.or_else(Some(OrderSearch { email: self.email, after }))
    }
}

/// Parses the position after which the next page starts: `<started_at>#<order_id>`.
fn position(text: &str) -> Result<(Timestamp, OrderId), String> {
    let read = text.split_once('#').and_then(|(started, id)| started.parse().ok().zip(OrderId::parse(id).ok()));
    read.ok_or_else(|| "must be what an earlier answer called next".to_owned())
}

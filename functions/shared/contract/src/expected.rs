//! `PUT /products/{sku}/expected-receipts/{id}`: request checks, and rendering an expected receipt.

use domain::expected::ExpectedReceipt;
use domain::field_error::FieldErrors;
use domain::names::{CallerId, Sku, Warehouse};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::stock::MAX_RECEIVED;

/// The request body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedBody {
    warehouse: String,
    quantity: i64,
    expected_on: String,
}

impl ExpectedBody {
    /// The expected receipt, or all faults with their fields. `id` comes from the path; `today` is the shop's day.
    pub fn checked(self, sku: Sku, id: &str, today: Date) -> Result<ExpectedReceipt, FieldErrors> {
        let mut errors = FieldErrors::default();
        let receipt_id = errors.take("id", CallerId::new(id));
        let warehouse = errors.take("warehouse", Warehouse::new(self.warehouse));
        if !(0..=MAX_RECEIVED).contains(&self.quantity) {
            errors.add("quantity", format!("must be 0 to {MAX_RECEIVED}; 0 withdraws it"));
        }
        let expected_on = errors.take("expected_on", date(&self.expected_on));
        let receipt = receipt_id.zip(warehouse).zip(expected_on);
        let receipt = receipt.map(|((receipt_id, warehouse), expected_on)| ExpectedReceipt {
            receipt_id,
            sku,
            warehouse,
            quantity: self.quantity,
            expected_on,
        });
        if let Some(receipt) = &receipt {
            errors.take("expected_on", receipt.check_day(today));
        }
        errors.or_else(receipt)
    }
}

fn date(text: &str) -> Result<Date, String> {
    let read = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    read.ok_or_else(|| "must be a date, written YYYY-MM-DD".to_owned())
}

/// An expected receipt as JSON. `today` is the shop's day.
pub fn view(receipt: &ExpectedReceipt, today: Date) -> Value {
    json!({
        "receipt_id": receipt.receipt_id,
        "sku": receipt.sku,
        "warehouse": receipt.warehouse,
        "quantity": receipt.quantity,
        "expected_on": receipt.expected_on,
        "overdue": receipt.quantity > 0 && receipt.overdue(today),
    })
}

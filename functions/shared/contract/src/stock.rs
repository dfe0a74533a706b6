//! `POST /stock-arrivals` and `POST /stock-adjustments`: request checks.

use domain::adjustment::{AdjustmentRequest, Receipt};
use domain::field_error::FieldErrors;
use domain::names::{CallerId, Sku, Warehouse};
use serde::Deserialize;
use use_cases::adjust_stock::AdjustStockError;

use crate::placement::{quantity, words};
use crate::problem::{Code, Problem};

/// The most units of one receipt or adjustment.
pub const MAX_RECEIVED: i64 = 1_000_000;

/// The body of an arrival.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrivalBody {
    receipt_id: String,
    sku: String,
    warehouse: String,
    quantity: i64,
}

impl ArrivalBody {
    /// The receipt, or all faults with their fields.
    pub fn checked(self) -> Result<Receipt, FieldErrors> {
        let mut errors = FieldErrors::default();
        let receipt_id = errors.take("receipt_id", CallerId::new(self.receipt_id));
        let sku = errors.take("sku", Sku::new(self.sku));
        let warehouse = errors.take("warehouse", Warehouse::new(self.warehouse));
        let quantity = errors.take("quantity", quantity(self.quantity, MAX_RECEIVED));
        let receipt = receipt_id.zip(sku).zip(warehouse.zip(quantity));
        errors.or_else(receipt.map(|((receipt_id, sku), (warehouse, quantity))| Receipt {
            receipt_id,
            sku,
            warehouse,
            quantity,
        }))
    }
}

/// The body of an adjustment.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentBody {
    adjustment_id: String,
    sku: String,
    warehouse: String,
    quantity: i64,
    reason: String,
}

impl AdjustmentBody {
    /// The request, or all faults with their fields.
    pub fn checked(self) -> Result<AdjustmentRequest, FieldErrors> {
        let mut errors = FieldErrors::default();
        let adjustment_id = errors.take("adjustment_id", CallerId::new(self.adjustment_id));
        let sku = errors.take("sku", Sku::new(self.sku));
        let warehouse = errors.take("warehouse", Warehouse::new(self.warehouse));
        if self.quantity == 0 || !(-MAX_RECEIVED..=MAX_RECEIVED).contains(&self.quantity) {
            errors.add("quantity", format!("must be -{MAX_RECEIVED} to {MAX_RECEIVED}, and not 0"));
        }
        errors.take("reason", words(&self.reason, 500));
        let names = adjustment_id.zip(sku).zip(warehouse);
        errors.or_else(names.map(|((adjustment_id, sku), warehouse)| AdjustmentRequest {
            adjustment_id,
            sku,
            warehouse,
            quantity: self.quantity,
            reason: self.reason,
        }))
    }
}

impl From<AdjustStockError> for Problem {
    fn from(error: AdjustStockError) -> Self {
        let detail = error.to_string();
        match error {
            AdjustStockError::UnknownSku => Self::field(Code::NotFound, "sku", detail),
            AdjustStockError::IdReused => Self::field(Code::IdReused, "adjustment_id", detail),
            AdjustStockError::NotThatMany => Self::field(Code::NotThatMany, "quantity", detail),
            AdjustStockError::Retryable(error) => error.into(),
        }
    }
}

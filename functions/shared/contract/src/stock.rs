//! `POST /stock-arrivals` and `POST /stock-adjustments`: checking the requests.

use domain::adjustment::{AdjustmentRequest, Receipt};
use domain::fault::Faults;
use domain::names::{CallerId, Sku, Warehouse};
use serde::Deserialize;
use use_cases::adjust_stock::AdjustFault;

use crate::placement::{quantity, words};
use crate::problem::{Code, Problem};

/// The most units of one receipt or adjustment.
pub const MOST_RECEIVED: i64 = 1_000_000;

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
    /// The receipt, or every fault with its field.
    pub fn checked(self) -> Result<Receipt, Faults> {
        let mut faults = Faults::default();
        let receipt_id = faults.take("receipt_id", CallerId::new(self.receipt_id));
        let sku = faults.take("sku", Sku::new(self.sku));
        let warehouse = faults.take("warehouse", Warehouse::new(self.warehouse));
        let quantity = faults.take("quantity", quantity(self.quantity, MOST_RECEIVED));
        let receipt = receipt_id.zip(sku).zip(warehouse.zip(quantity));
        faults.or_else(receipt.map(|((receipt_id, sku), (warehouse, quantity))| Receipt {
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
    /// The command, or every fault with its field.
    pub fn checked(self) -> Result<AdjustmentRequest, Faults> {
        let mut faults = Faults::default();
        let adjustment_id = faults.take("adjustment_id", CallerId::new(self.adjustment_id));
        let sku = faults.take("sku", Sku::new(self.sku));
        let warehouse = faults.take("warehouse", Warehouse::new(self.warehouse));
        if self.quantity == 0 || !(-MOST_RECEIVED..=MOST_RECEIVED).contains(&self.quantity) {
            faults.add("quantity", format!("must be -{MOST_RECEIVED} to {MOST_RECEIVED}, and not 0"));
        }
        faults.take("reason", words(&self.reason, 500));
        let names = adjustment_id.zip(sku).zip(warehouse);
        faults.or_else(names.map(|((adjustment_id, sku), warehouse)| AdjustmentRequest {
            adjustment_id,
            sku,
            warehouse,
            quantity: self.quantity,
            reason: self.reason,
        }))
    }
}

impl From<AdjustFault> for Problem {
    fn from(fault: AdjustFault) -> Self {
        let detail = fault.to_string();
        match fault {
            AdjustFault::UnknownSku => Self::field(Code::NotFound, "sku", detail),
            AdjustFault::IdReused => Self::field(Code::IdReused, "adjustment_id", detail),
            AdjustFault::NotThatMany => Self::field(Code::NotThatMany, "quantity", detail),
            AdjustFault::Trouble(trouble) => trouble.into(),
        }
    }
}

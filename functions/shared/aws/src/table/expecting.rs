//! Expected receipts: what a supplier has announced of a product. They change nothing but estimates.

use domain::expected::{ExpectedReceipt, sort};
use domain::names::{CallerId, Sku};

use super::Table;
use super::item::{item, value};
use super::keys;
use super::read::Question;
use super::write::{Unwritten, Write};
use crate::failure::Failure;

impl Table {
    /// Writes an expected receipt, or takes it away where its quantity is zero: only if no goods were
    /// received under its id. Position 1 of a condition that did not hold: they were. Repeating it is harmless.
    ///
    /// # Errors
    /// [`Unwritten`]; after a failure, whether it was written is unknown, and a repeat tells.
    pub async fn expect(&self, receipt: &ExpectedReceipt) -> Result<(), Unwritten> {
        let key = keys::expected(&receipt.sku, &receipt.receipt_id);
        let write = match receipt.quantity {
            0 => Write::delete(key),
            _ => Write::put(item(key, "expected-receipt", receipt)?),
        };
        let not_received = Write::check(keys::receipt(receipt.receipt_id.as_str())).when("attribute_not_exists(pk)");
        self.transact(vec![write, not_received]).await
    }

    /// What is expected of a product, by day, strongly read: goods that were received are in the stock and no longer here.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn expected(&self, sku: &Sku) -> Result<Vec<ExpectedReceipt>, Failure> {
        let items = self.ask(Question::new("pk = :pk", [(":pk", keys::expected_partition(sku))])).await?;
        let mut expected = items.into_iter().map(value).collect::<Result<Vec<_>, _>>()?;
        sort(&mut expected);
        Ok(expected)
    }

    /// The write by which goods that came in take the place of what was expected under their id.
    pub(super) fn no_longer_expected(sku: &Sku, id: &CallerId) -> Write {
        Write::delete(keys::expected(sku, id))
    }
}

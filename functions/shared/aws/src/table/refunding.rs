//! Money that went back is written into the order.

use domain::identity::OrderId;
use domain::refund::RefundStatus;

use super::Table;
use super::item::attribute;
use super::keys;
use super::write::{Unwritten, Write, Written};

impl Table {
    /// Settles a change's refund: `amount` went back, or will never. Only if it is still due; false: it is not any more,
    /// by us or by somebody else.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn settle_refund(
        &self,
        order: &OrderId,
        change_id: &str,
        amount: i64,
        status: RefundStatus,
    ) -> Result<bool, Unwritten> {
        let update = Write::update(
            keys::order(order),
            "SET changes.#id.#status = :status, changes.#id.refund = :amount, version = version + :one",
        )
        .when("changes.#id.#status = :due")
        .name("#id", change_id)
        .name("#status", "status")
        .number(":amount", amount)
        .number(":one", 1)
        .value(":status", attribute(&status)?)
        .value(":due", attribute(&RefundStatus::Due)?);
        Ok(matches!(self.write(update).await?, Written::Done(_)))
    }
}

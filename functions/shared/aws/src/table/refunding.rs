//! Money that went back is written into the order.

use domain::identity::OrderId;
use domain::refund::{Change, RefundStatus};
use domain::task::Task;

use super::Table;
use super::item::attribute;
use super::keys;
use super::tasks::put_task;
use super::write::{Unwritten, Write, Written};

impl Table {
    /// Settles a change's refund as given: it went back, or will never. Only if it is still due; false: it is not any more,
    /// by us or by somebody else. What a person must look at then is a task from that write on.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn settle_refund(
        &self,
        order: &OrderId,
        change_id: &str,
        settled: &Change,
        task: Option<&Task>,
    ) -> Result<bool, Unwritten> {
        let mut expression =
            "SET changes.#id.#status = :status, changes.#id.refund = :amount, version = version + :one".to_owned();
        if !settled.parts.is_empty() {
            expression.push_str(", changes.#id.parts = :parts, changes.#id.swap = :swap");
        }
        let mut update = Write::update(keys::order(order), expression)
            .when("changes.#id.#status = :due")
            .name("#id", change_id)
            .name("#status", "status")
            .number(":amount", settled.refund)
            .number(":one", 1)
            .value(":status", attribute(&settled.status)?)
            .value(":due", attribute(&RefundStatus::Due)?);
        if !settled.parts.is_empty() {
            update = update.value(":parts", attribute(&settled.parts)?).value(":swap", attribute(&settled.swap)?);
        }
        let Some(task) = task else { return Ok(matches!(self.write(update).await?, Written::Done(_))) };
        match self.transact(vec![update, put_task(task)?]).await {
            Ok(()) => Ok(true),
            Err(Unwritten::Condition(_)) => Ok(false),
            Err(unwritten) => Err(unwritten),
        }
    }
}

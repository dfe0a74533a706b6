//! What became of mails (R24): addresses that take none, orders whose mails did not arrive, and corrected addresses.

use std::collections::BTreeMap;

use domain::mailing::{Undeliverable, Undelivered};
use domain::order::Order;
use domain::task::{Task, TaskId};
use jiff::Timestamp;

use super::customers::Bought;
use super::item::{item, value};
use super::orders::rewrite;
use super::tasks::{done_task, put_task};
use super::write::{Unwritten, Write, Written};
use super::{Table, keys};
use crate::failure::Failure;

/// An address of an order, corrected.
#[derive(Clone, Debug)]
pub struct Correction<'a> {
    /// The order with it.
    pub order: &'a Order,
    /// The hash of the address before.
    pub before: &'a str,
    /// The hash of the present one.
    pub present: &'a str,
    /// The task that is settled with it.
    pub settles: Option<TaskId>,
    /// Whether the present address is said to take mails, whatever is known of it.
    pub lifts: bool,
    /// What the customer has, where it is counted.
    pub bought: Vec<Bought>,
    /// When.
    pub at: Timestamp,
}

impl Table {
    /// Remembers that an address takes no mail, only if that is not known; a complaint is the graver word.
    ///
    /// # Errors
    /// [`Unwritten`]; a repeat is safe.
    pub async fn suppress(&self, email_hash: &str, reason: Undelivered, at: Timestamp) -> Result<(), Unwritten> {
        let known = item(keys::suppressed(email_hash), "suppressed", &Undeliverable { reason, since: at })?;
        let put = Write::put(known);
        let put = if reason == Undelivered::Complained { put } else { put.if_absent() };
        self.write(put).await.map(|_: Written| ())
    }

    /// Which of these addresses take no mail, by their hashes, strongly read.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn suppressed(&self, email_hashes: &[String]) -> Result<BTreeMap<String, Undelivered>, Failure> {
        let items = self.get_all(email_hashes.iter().map(|hash| keys::suppressed(hash)).collect()).await?;
        let read = |item: super::Item| {
            let hash = keys::part(&item, "pk").and_then(|key| key.strip_prefix("ADDRESS#")).unwrap_or_default();
            Ok((hash.to_owned(), value::<Undeliverable>(item)?.reason))
        };
        items.into_iter().map(read).collect()
    }

    /// Commits an order that misses a mail, at its version, and the task that a person has now.
    ///
    /// # Errors
    /// [`Unwritten`]: read the order again.
    pub async fn commit_undelivered(
        &self,
        order: &Order,
        email_hash: &str,
        task: Option<&Task>,
    ) -> Result<(), Unwritten> {
        let mut writes = vec![rewrite(order, email_hash)?];
        writes.extend(task.map(put_task).transpose()?);
        self.transact(writes).await
    }

    /// Commits an order's corrected address, at its version: the order is found by it from now on, what its customer has is
    /// counted there, and the task is settled.
    ///
    /// # Errors
    /// [`Unwritten`]: read the order again.
    pub async fn commit_address(&self, correction: &Correction<'_>) -> Result<(), Unwritten> {
        let Correction { order, before, present, settles, lifts, bought, at } = correction;
        let mut writes = vec![rewrite(order, present)?];
        writes.extend(settles.as_ref().map(|task| done_task(task, *at)).transpose()?);
        writes.extend(lifts.then(|| Write::delete(keys::suppressed(present))));
        if before != present && !bought.is_empty() {
            let gone: Vec<Bought> = bought.iter().map(|it| Bought { units: -it.units, ..it.clone() }).collect();
            writes.push(Write::bought(before, &gone));
            writes.push(Write::bought(present, bought));
        }
        self.transact(writes).await
    }
}

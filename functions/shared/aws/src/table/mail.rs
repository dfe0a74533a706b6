//! Mails: marks of sent mails (I7), suppressed addresses, and corrected addresses (R24).

use std::collections::BTreeMap;

use domain::identity::OrderId;
use domain::order::{Order, Undeliverable, Undelivered};
use domain::task::{Task, TaskId};
use jiff::Timestamp;
use serde::Serialize;

use super::customers::Bought;
use super::item::{Item, item, value};
use super::orders::rewrite;
use super::tasks::{done_task, put_task};
use super::write::{Write, WriteError, Written};
use super::{Table, keys};
use crate::service_error::ServiceError;

/// A correction of an order's address.
#[derive(Clone, Debug)]
pub struct Correction<'a> {
    /// The order with the new address.
    pub order: &'a Order,
    /// The hash of the old address.
    pub before: &'a str,
    /// The hash of the new address.
    pub present: &'a str,
    /// The task that the correction settles.
    pub settles: Option<TaskId>,
    /// Whether to remove the suppression of the new address.
    pub lifts: bool,
    /// The order's units, if the shop counts them.
    pub bought: Vec<Bought>,
    /// The instant of the correction.
    pub at: Timestamp,
}

#[derive(Serialize)]
struct MailMark<'a> {
    sent_at: Timestamp,
    message_id: &'a str,
}

impl Table {
    /// Whether each mail was sent. An entry has the order, kind, subject and address number. Name each mail once.
    pub async fn mails_sent(&self, mails: &[(&OrderId, &str, &str, u32)]) -> Result<Vec<bool>, ServiceError> {
        let wanted: Vec<_> =
            mails.iter().map(|&(order, kind, subject, to)| keys::mail(order, kind, subject, to)).collect();
        let marks = self.get_all(wanted.clone()).await?;
        let stands = |key: &Item| marks.iter().any(|mark| key.iter().all(|(name, part)| mark.get(name) == Some(part)));
        Ok(wanted.iter().map(stands).collect())
    }

    /// Marks a mail as sent, with the mailer's id. If this fails, the mail may be sent once more.
    pub async fn mark_mail(
        &self,
        order: &OrderId,
        kind: &str,
        subject: &str,
        address: u32,
        message_id: &str,
        at: Timestamp,
    ) -> Result<(), WriteError> {
        let mark = item(keys::mail(order, kind, subject, address), "mail", &MailMark { sent_at: at, message_id })?;
        self.write(Write::put(mark).if_absent()).await.map(|_: Written| ())
    }

    /// Marks an address as suppressed. A complaint replaces an older mark, a bounce does not.
    pub async fn suppress(&self, email_hash: &str, reason: Undelivered, at: Timestamp) -> Result<(), WriteError> {
        let known = item(keys::suppressed(email_hash), "suppressed", &Undeliverable { reason, since: at })?;
        let put = Write::put(known);
        let put = if reason == Undelivered::Complained { put } else { put.if_absent() };
        self.write(put).await.map(|_: Written| ())
    }

    /// The suppressed addresses among these hashes, each with the reason.
    pub async fn suppressed(&self, email_hashes: &[String]) -> Result<BTreeMap<String, Undelivered>, ServiceError> {
        let items = self.get_all(email_hashes.iter().map(|hash| keys::suppressed(hash)).collect()).await?;
        let read = |item: Item| {
            let hash = keys::part(&item, "pk").and_then(|key| key.strip_prefix("ADDRESS#")).unwrap_or_default();
            Ok((hash.to_owned(), value::<Undeliverable>(item)?.reason))
        };
        items.into_iter().map(read).collect()
    }

    /// Commits an order with an undelivered mail, at the version before, and the resulting task, if any.
    pub async fn commit_undelivered(
        &self,
        order: &Order,
        email_hash: &str,
        task: Option<&Task>,
    ) -> Result<(), WriteError> {
        let mut writes = vec![rewrite(order, email_hash)?];
        writes.extend(task.map(put_task).transpose()?);
        self.transact(writes).await
    }

    /// Commits a corrected address in one transaction: the order at the version before, under the new hash; the units,
    /// which move to that hash; the settled task; and, with `lifts`, the removal of the new address's mark.
    pub async fn commit_address(&self, correction: &Correction<'_>) -> Result<(), WriteError> {
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

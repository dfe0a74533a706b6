//! Marks of mails that were sent (I7).

use domain::identity::OrderId;
use jiff::Timestamp;
use serde::Serialize;

use super::Table;
use super::item::{Item, item};
use super::keys;
use super::write::{Unwritten, Write, Written};
use crate::failure::Failure;

#[derive(Serialize)]
struct MailMark<'a> {
    sent_at: Timestamp,
    message_id: &'a str,
}

impl Table {
    /// Which of these mails (order, kind, of what, to which address; each once) were sent, by their place.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn mails_sent(&self, mails: &[(&OrderId, &str, &str, u32)]) -> Result<Vec<bool>, Failure> {
        let wanted: Vec<_> =
            mails.iter().map(|&(order, kind, subject, to)| keys::mail(order, kind, subject, to)).collect();
        let marks = self.get_all(wanted.clone()).await?;
        let stands = |key: &Item| marks.iter().any(|mark| key.iter().all(|(name, part)| mark.get(name) == Some(part)));
        Ok(wanted.iter().map(stands).collect())
    }

    /// Remembers that it was, and under which id of the mailer.
    ///
    /// # Errors
    /// Where the table fails; the mail may be sent once more then.
    pub async fn mark_mail(
        &self,
        order: &OrderId,
        (kind, subject, address): (&str, &str, u32),
        message_id: &str,
        at: Timestamp,
    ) -> Result<(), Unwritten> {
        let mark = item(keys::mail(order, kind, subject, address), "mail", &MailMark { sent_at: at, message_id })?;
        self.write(Write::put(mark).if_absent()).await.map(|_: Written| ())
    }
}

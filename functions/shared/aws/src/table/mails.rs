//! Marks of mails that were sent (I7).

use domain::identity::OrderId;
use jiff::Timestamp;
use serde::Serialize;

use super::Table;
use super::item::item;
use super::keys;
use super::write::{Unwritten, Write, Written};
use crate::failure::Failure;

#[derive(Serialize)]
struct MailMark<'a> {
    sent_at: Timestamp,
    message_id: &'a str,
}

impl Table {
    /// Whether this mail of this order was sent.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn mail_sent(&self, order: &OrderId, kind: &str, subject: &str) -> Result<bool, Failure> {
        Ok(self.get(keys::mail(order, kind, subject)).await?.is_some())
    }

    /// Remembers that it was, and under which id of the mailer.
    ///
    /// # Errors
    /// Where the table fails; the mail may be sent once more then.
    pub async fn mark_mail(
        &self,
        order: &OrderId,
        (kind, subject): (&str, &str),
        message_id: &str,
        at: Timestamp,
    ) -> Result<(), Unwritten> {
        let mark = item(keys::mail(order, kind, subject), "mail", &MailMark { sent_at: at, message_id })?;
        self.write(Write::put(mark).if_absent()).await.map(|_: Written| ())
    }
}

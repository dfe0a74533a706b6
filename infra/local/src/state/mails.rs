//! The inbox, with every sent mail. One transaction stores a mail and the messages and objects that follow from it.

use std::collections::BTreeMap;

use rusqlite::{Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::State;
use super::messages::{Outgoing, send_one};
use super::objects::{Object, put_object};
use crate::template::Queue;

/// A mail to one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// The recipient's address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The kind of mail, for example `order-confirmation`.
    pub kind: String,
    /// The order that it is about.
    pub order_id: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// The sender's address.
    pub from: String,
    /// When SES accepted it, RFC 3339.
    pub sent_at: String,
    /// The other parts.
    #[serde(flatten)]
    pub details: Details,
}

/// The parts of a mail beside its addresses and its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The id that SES gave it.
    pub message_id: String,
    /// The addresses for replies, separated by commas; empty if replies go to the sender.
    pub reply_to: String,
    /// Its further headers.
    pub headers: BTreeMap<String, String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The name of its configuration set; empty without one.
    pub configuration: String,
    /// `delivered`, `bounced`, `complained`, `delayed` (and delivered later) or `rejected`.
    pub outcome: String,
}

/// Rows to store in one transaction.
#[derive(Debug, Default)]
pub struct Handover<'a> {
    /// Mails for the inbox.
    pub mails: Vec<Mail>,
    /// Messages and their queues.
    pub messages: Vec<(&'a Queue, Outgoing)>,
    /// Objects of buckets.
    pub objects: Vec<Object>,
}

impl State {
    /// Stores all rows or none; `now` in milliseconds since 1970.
    pub fn hand_over(&self, handover: &Handover<'_>, now: i64) -> rusqlite::Result<()> {
        self.write(|tx| {
            handover.mails.iter().try_for_each(|mail| add_mail(tx, mail, now))?;
            handover.objects.iter().try_for_each(|object| put_object(tx, object, now))?;
            handover.messages.iter().try_for_each(|(queue, message)| send_one(tx, queue, message, now).map(drop))
        })
    }

    /// The mails to an address, or all; oldest first.
    pub fn mails(&self, to: Option<&str>) -> rusqlite::Result<Vec<Mail>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT recipient, subject, kind, order_id, plain, html, sender, sent_at, details FROM mails
             WHERE ?1 IS NULL OR recipient = ?1 ORDER BY id",
        )?;
        statement.query_map([to], mail)?.collect()
    }

    /// The mail with this id from SES.
    pub fn mail(&self, message_id: &str) -> rusqlite::Result<Option<Mail>> {
        Ok(self.mails(None)?.into_iter().find(|mail| mail.details.message_id == message_id))
    }

    /// The number of mails.
    pub fn count_mails(&self) -> rusqlite::Result<i64> {
        self.lock().query_row("SELECT COUNT(*) FROM mails", [], |row| row.get(0))
    }
}

fn add_mail(tx: &Transaction<'_>, mail: &Mail, now: i64) -> rusqlite::Result<()> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO mails (recipient, sender, subject, kind, order_id, plain, html, sent_at, details)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let Mail { to, subject, kind, order_id, text, html, from, details, .. } = mail;
    let details = serde_json::to_string(details).unwrap_or_default();
    statement.execute(params![to, from, subject, kind, order_id, text, html, now, details]).map(drop)
}

fn mail(row: &Row<'_>) -> rusqlite::Result<Mail> {
    Ok(Mail {
        to: row.get(0)?,
        subject: row.get(1)?,
        kind: row.get(2)?,
        order_id: row.get(3)?,
        text: row.get(4)?,
        html: row.get(5)?,
        from: row.get(6)?,
        sent_at: super::messages::rfc3339(row.get(7)?),
        details: serde_json::from_str(&row.get::<_, String>(8)?).unwrap_or_default(),
    })
}

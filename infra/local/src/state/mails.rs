//! The inbox: every mail that was handed over for sending. How a mail arrives stands in `ses.rs`.

use rusqlite::params;
use serde::Serialize;

use super::State;

/// A mail as its recipient would see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// When it was handed over, RFC 3339.
    pub sent_at: String,
}

impl State {
    /// Puts a mail into the inbox; `sent_at` in milliseconds since 1970.
    ///
    /// # Errors
    /// SQLite's.
    pub fn add_mail(&self, mail: &Mail, sent_at: i64) -> rusqlite::Result<()> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "INSERT INTO mails (recipient, sender, subject, kind, order_id, plain, html, sent_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let Mail { to, subject, kind, order_id, text, html, from, .. } = mail;
        statement.execute(params![to, from, subject, kind, order_id, text, html, sent_at]).map(drop)
    }

    /// Every mail, oldest first; with `to`, those to that address.
    ///
    /// # Errors
    /// SQLite's.
    pub fn mails(&self, to: Option<&str>) -> rusqlite::Result<Vec<Mail>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT recipient, subject, kind, order_id, plain, html, sender, sent_at FROM mails
             WHERE ?1 IS NULL OR recipient = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([to], |row| {
            Ok(Mail {
                to: row.get(0)?,
                subject: row.get(1)?,
                kind: row.get(2)?,
                order_id: row.get(3)?,
                text: row.get(4)?,
                html: row.get(5)?,
                from: row.get(6)?,
                sent_at: super::messages::rfc3339(row.get(7)?),
            })
        })?;
        rows.collect()
    }
}

//! The data of the stack outside the table: messages, mails, objects, payments, refunds, saved Stripe answers,
//! positions and the clock. One SQLite database holds it, in memory or in a file. Every error is SQLite's.
//!
//! Invariant: the commit comes before the answer to the caller, so the process may end at any instant and nothing is
//! lost. A power failure may lose the last moments, because the write-ahead log is not synced on each commit.

mod mails;
mod messages;
mod objects;
mod payments;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

pub use mails::{Details, Handover, Mail};
pub(crate) use messages::random_uuid;
pub use messages::{Backlog, BatchOutcome, Message, Outgoing, Sent};
pub use objects::Object;
pub(crate) use payments::Payments;
pub use payments::{CaptureOutcome, NewPayment, Payment, Refund};

/// The database. Every operation is one short transaction behind one lock.
#[derive(Debug)]
pub struct State {
    connection: Mutex<Connection>,
}

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL,
    attributes TEXT NOT NULL, group_id TEXT NOT NULL, deduplication_id TEXT NOT NULL, sent_at INTEGER NOT NULL,
    first_received_at INTEGER, visible_at INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0,
    receives INTEGER NOT NULL DEFAULT 0, repeated INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS messages_of_a_queue ON messages (queue, held, sequence);
CREATE INDEX IF NOT EXISTS groups_held_back ON messages (queue, group_id) WHERE held = 1 OR visible_at > 0;
CREATE TABLE IF NOT EXISTS deduplication (
    queue TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, message_id TEXT NOT NULL, sequence INTEGER NOT NULL,
    sent_at INTEGER NOT NULL, PRIMARY KEY (queue, scope, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deduplication_by_age ON deduplication (sent_at);
CREATE TABLE IF NOT EXISTS mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL,
    kind TEXT NOT NULL, order_id TEXT NOT NULL, plain TEXT NOT NULL, html TEXT NOT NULL, sent_at INTEGER NOT NULL,
    details TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS mails_of_a_recipient ON mails (recipient);
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, put_at INTEGER NOT NULL, PRIMARY KEY (bucket, key));
CREATE TABLE IF NOT EXISTS payments (
    position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, status TEXT NOT NULL, captured INTEGER NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS captures (payment TEXT PRIMARY KEY, outcome TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refunds (
    position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, payment TEXT NOT NULL,
    amount INTEGER NOT NULL, metadata TEXT NOT NULL, created INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS refunds_of_a_payment ON refunds (payment);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    created INTEGER NOT NULL) WITHOUT ROWID;
";

const TABLES: &[&str] =
    &["facts", "messages", "deduplication", "mails", "objects", "payments", "captures", "refunds", "answers"];

/// An older file has no column for the details of mails.
const HAS_DETAILS: &str = "SELECT COUNT(*) FROM pragma_table_info('mails') WHERE name = 'details'";
const ADD_DETAILS: &str = "ALTER TABLE mails ADD COLUMN details TEXT NOT NULL DEFAULT '{}'";

impl State {
    /// Opens the state in memory, or in the file at `path`, which is made if it does not exist. Messages that the last
    /// process held when it ended can be received again.
    pub fn open(path: Option<&Path>) -> rusqlite::Result<Self> {
        let connection = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        connection.set_prepared_statement_cache_capacity(64);
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(SCHEMA)?;
        if connection.query_row(HAS_DETAILS, [], |row| row.get::<_, i64>(0))? == 0 {
            connection.execute(ADD_DETAILS, [])?;
        }
        connection.execute("UPDATE messages SET held = 0 WHERE held = 1", [])?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Deletes everything.
    pub fn clear(&self) -> rusqlite::Result<()> {
        self.write(|tx| TABLES.iter().try_for_each(|table| tx.execute(&format!("DELETE FROM {table}"), []).map(drop)))
    }

    /// A stored value, such as the stream's position.
    pub fn fact(&self, name: &str) -> rusqlite::Result<Option<String>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached("SELECT value FROM facts WHERE name = ?1")?;
        statement.query_row([name], |row| row.get(0)).optional()
    }

    /// Stores a value under a name.
    pub fn remember(&self, name: &str, value: &str) -> rusqlite::Result<()> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO facts VALUES (?1, ?2)")?;
        statement.execute(params![name, value]).map(drop)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` in one transaction.
    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

/// A random id of `length` letters and digits.
pub fn random_id(length: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(length).collect()
}

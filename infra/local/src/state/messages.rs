//! Messages in their queues: sending, receiving, finishing. `sqs` has the protocol, `delivery` the loops.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use serde::Serialize;

use super::State;
use crate::clock::system_millis;
use crate::template::Queue;

/// The life of a deduplication id in a FIFO queue, on the shop's clock.
const DEDUPLICATION_MILLIS: i64 = 5 * 60 * 1_000;

/// A message to send.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// The body.
    pub body: String,
    /// The message attributes, in JSON as sent.
    pub attributes: String,
    /// The group on a FIFO queue.
    pub group: String,
    /// The deduplication id on a FIFO queue.
    pub deduplication: String,
    /// How long it stays hidden, in milliseconds.
    pub delay_millis: i64,
}

/// The answer to the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The message's id; for a repeat, that of the first.
    pub message_id: String,
    /// Its place in the queue.
    pub sequence: i64,
}

/// A received message, or a dead letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Its place in the queue.
    #[serde(skip)]
    pub sequence: i64,
    /// Its queue.
    pub queue: String,
    /// Its id.
    pub message_id: String,
    /// The body.
    pub body: String,
    /// The message attributes, in JSON.
    #[serde(skip)]
    pub attributes: String,
    /// Its group; empty on a standard queue.
    pub group: String,
    /// The deduplication id; empty on a standard queue.
    #[serde(skip)]
    pub deduplication: String,
    /// When it was sent, RFC 3339.
    pub sent_at: String,
    /// The number of receives, this one included.
    pub receives: u32,
    /// Whether a disturbance delivers the message a second time.
    #[serde(skip)]
    pub repeated: bool,
    /// The last failure.
    pub error: String,
}

/// A queue's message counts, as SQS divides them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Messages that can be received.
    pub visible: i64,
    /// Messages in work, or waiting for a retry.
    pub at_work: i64,
    /// Messages whose delay has not ended.
    pub delayed: i64,
}

/// The outcome of a batch. Messages are named by their sequence.
#[derive(Clone, Debug, Default)]
pub struct BatchOutcome {
    /// Messages to delete.
    pub done: Vec<i64>,
    /// Finished messages that are delivered once more: sequence, and delay in milliseconds.
    pub again: Vec<(i64, i64)>,
    /// Messages that failed: sequence, receives so far, and why.
    pub failed: Vec<(i64, u32, String)>,
}

const COLUMNS: &str =
    "sequence, queue, message_id, body, attributes, group_id, deduplication_id, sent_at, receives, repeated, error";

impl State {
    /// Appends messages to `queue`, all or none; `now` on the shop's clock. A repeat within five minutes appends
    /// nothing and returns the first message's id.
    pub fn send(&self, queue: &Queue, messages: &[Outgoing], now: i64) -> rusqlite::Result<Vec<Sent>> {
        self.write(|tx| messages.iter().map(|message| send_one(tx, queue, message, now)).collect())
    }

    /// Takes up to `most` messages and holds them. A FIFO queue gives its messages in order, and skips a group while a
    /// message of it is held or waits for a retry. `shuffled` returns messages of a standard queue in any order.
    pub fn receive(&self, queue: &Queue, most: u32, shuffled: bool, now: i64) -> rusqlite::Result<Vec<Message>> {
        self.write(|tx| {
            let order = if shuffled && !queue.fifo { "random()" } else { "sequence" };
            let free = if queue.fifo { GROUP_IS_FREE } else { "TRUE" };
            let mut statement = tx.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM messages m WHERE queue = ?1 AND held = 0 AND visible_at <= ?2 AND {free}
                 ORDER BY {order} LIMIT ?3"
            ))?;
            let rows = statement.query_map(params![queue.name, system_millis(), most], message)?;
            let mut messages: Vec<Message> = rows.collect::<rusqlite::Result<_>>()?;
            let mut hold = tx.prepare_cached(
                "UPDATE messages SET held = 1, receives = receives + 1,
                 first_received_at = COALESCE(first_received_at, ?2) WHERE sequence = ?1",
            )?;
            for message in &mut messages {
                hold.execute(params![message.sequence, now])?;
                message.receives = message.receives.saturating_add(1);
            }
            Ok(messages)
        })
    }

    /// Settles a batch, and returns how many messages became dead letters: failed messages that were received as often
    /// as the queue allows. Other failed messages are visible again after 100 ms for each receive so far. The
    /// visibility timeout would be too long for a person to wait.
    pub fn finish(&self, queue: &Queue, outcome: &BatchOutcome) -> rusqlite::Result<usize> {
        let mut dead = 0;
        self.write(|tx| {
            let mut delete = tx.prepare_cached("DELETE FROM messages WHERE sequence = ?1")?;
            outcome.done.iter().try_for_each(|sequence| delete.execute([sequence]).map(drop))?;
            let mut again =
                tx.prepare_cached("UPDATE messages SET held = 0, repeated = 1, visible_at = ?2 WHERE sequence = ?1")?;
            for (sequence, delay) in &outcome.again {
                again.execute(params![sequence, system_millis() + delay])?;
            }
            let mut retry =
                tx.prepare_cached("UPDATE messages SET held = 0, visible_at = ?2, error = ?3 WHERE sequence = ?1")?;
            let mut bury = tx.prepare_cached(
                "UPDATE messages SET held = 0, visible_at = 0, queue = ?2, error = ?3 WHERE sequence = ?1",
            )?;
            for (sequence, receives, error) in &outcome.failed {
                match &queue.redrive {
                    Some(redrive) if *receives >= redrive.max_receives => {
                        bury.execute(params![sequence, redrive.dead_letters, error])?;
                        dead += 1;
                    }
                    _ => {
                        let back_off = i64::from((*receives).clamp(1, 100)) * 100;
                        retry.execute(params![sequence, system_millis() + back_off, error])?;
                    }
                }
            }
            Ok(())
        })?;
        Ok(dead)
    }

    /// When the next hidden message of `queue` becomes visible, in milliseconds of system time.
    pub fn next_visible(&self, queue: &str) -> rusqlite::Result<Option<i64>> {
        let connection = self.lock();
        let mut statement = connection
            .prepare_cached("SELECT MIN(visible_at) FROM messages WHERE queue = ?1 AND held = 0 AND visible_at > ?2")?;
        statement.query_row(params![queue, system_millis()], |row| row.get(0))
    }

    /// The number of messages in `queue`, held ones included.
    pub fn backlog(&self, queue: &str) -> rusqlite::Result<usize> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached("SELECT COUNT(*) FROM messages WHERE queue = ?1")?;
        statement.query_row([queue], |row| row.get(0))
    }

    /// The message counts of `queue`, as SQS divides them.
    pub fn told_apart(&self, queue: &str) -> rusqlite::Result<Backlog> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT COALESCE(SUM(held = 0 AND visible_at <= ?2), 0),
                    COALESCE(SUM(held = 1 OR (visible_at > ?2 AND receives > 0)), 0),
                    COALESCE(SUM(held = 0 AND visible_at > ?2 AND receives = 0), 0) FROM messages WHERE queue = ?1",
        )?;
        statement.query_row(params![queue, system_millis()], |row| {
            Ok(Backlog { visible: row.get(0)?, at_work: row.get(1)?, delayed: row.get(2)? })
        })
    }

    /// The messages of `queue`, oldest first, without receiving them.
    pub fn messages(&self, queue: &str) -> rusqlite::Result<Vec<Message>> {
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached(&format!("SELECT {COLUMNS} FROM messages WHERE queue = ?1 ORDER BY sequence"))?;
        statement.query_map([queue], message)?.collect()
    }
}

const GROUP_IS_FREE: &str = "NOT EXISTS (SELECT 1 FROM messages b
    WHERE b.queue = m.queue AND b.group_id = m.group_id AND (b.held = 1 OR b.visible_at > 0)
    AND (b.held = 1 OR b.visible_at > ?2))";

pub(super) fn send_one(tx: &Transaction<'_>, queue: &Queue, message: &Outgoing, now: i64) -> rusqlite::Result<Sent> {
    let Outgoing { body, attributes, group, deduplication, delay_millis } = message;
    let scope = if queue.deduplication_by_group { group.as_str() } else { "" };
    if queue.fifo {
        tx.prepare_cached("DELETE FROM deduplication WHERE sent_at <= ?1")?.execute([now - DEDUPLICATION_MILLIS])?;
        if let Some(first) = first_sent(tx, queue, scope, deduplication)? {
            return Ok(first);
        }
    }
    let visible_at = if *delay_millis > 0 { system_millis() + delay_millis } else { 0 };
    let message_id = random_uuid();
    tx.prepare_cached(
        "INSERT INTO messages (queue, message_id, body, attributes, group_id, deduplication_id, sent_at, visible_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![queue.name, message_id, body, attributes, group, deduplication, now, visible_at])?;
    let sequence = tx.last_insert_rowid();
    if queue.fifo {
        tx.prepare_cached("INSERT INTO deduplication VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
            queue.name,
            scope,
            deduplication,
            message_id,
            sequence,
            now
        ])?;
    }
    Ok(Sent { message_id, sequence })
}

/// The first message with a deduplication id that the queue still remembers.
fn first_sent(tx: &Transaction<'_>, queue: &Queue, scope: &str, id: &str) -> rusqlite::Result<Option<Sent>> {
    let mut known = tx
        .prepare_cached("SELECT message_id, sequence FROM deduplication WHERE queue = ?1 AND scope = ?2 AND id = ?3")?;
    let first = known
        .query_row(params![queue.name, scope, id], |row| Ok(Sent { message_id: row.get(0)?, sequence: row.get(1)? }));
    first.optional()
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        sequence: row.get(0)?,
        queue: row.get(1)?,
        message_id: row.get(2)?,
        body: row.get(3)?,
        attributes: row.get(4)?,
        group: row.get(5)?,
        deduplication: row.get(6)?,
        sent_at: rfc3339(row.get(7)?),
        receives: row.get(8)?,
        repeated: row.get(9)?,
        error: row.get(10)?,
    })
}

/// Milliseconds since 1970 as RFC 3339.
pub(super) fn rfc3339(millis: i64) -> String {
    Timestamp::from_millisecond(millis).unwrap_or_default().to_string()
}

/// A random id in the form of a UUID.
pub(crate) fn random_uuid() -> String {
    let bits = format!("{:032x}", fastrand::u128(..));
    let part = |from: usize, to: usize| bits.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

//! Staff tasks: matters that only a person can settle. Their texts for people are in `contract`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::identity::{OrderId, fingerprint};
use crate::names::as_text;

/// The most characters of a mail's text in a task. The whole mail is stored beside it.
pub const MAX_TEXT_LEN: usize = 8_000;

/// The id of a task: a hash of its matter. So one matter leads to one task, however often the matter comes up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaskId(String);

impl TaskId {
    /// The id of the task about this matter.
    pub fn about(matter: &impl Serialize) -> Self {
        Self(fingerprint(matter))
    }

    /// Parses an id.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fits = text.len() == 16 && text.bytes().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
        if fits { Ok(Self(text.to_owned())) } else { Err("is not the id of a task".to_owned()) }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

as_text!(TaskId, parse);

/// The kind of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// An order's mails do not arrive (R24).
    Undeliverable,
    /// A customer wrote something that no machine should decide (R13).
    UnclearWish,
    /// The payment provider refuses a refund.
    FailedRefund,
    /// Messages of a queue failed for good.
    DeadLetter,
}

/// A message from a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundMessage {
    /// The sender's address, as the message states it.
    pub from: String,
    /// The message's subject; empty for the contact form.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The message's text, at most [`MAX_TEXT_LEN`] characters.
    pub text: String,
    /// When the message arrived.
    pub received_at: Timestamp,
    /// Where the whole mail is stored. Absent for the contact form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<String>,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The task's id.
    pub task_id: TaskId,
    /// The task's kind.
    pub kind: TaskKind,
    /// The order, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// The reason, in a word or a short sentence, without personal data.
    pub why: String,
    /// The change whose refund failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_id: Option<String>,
    /// The queue whose messages failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The number of those messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<u64>,
    /// The customer's message.
    #[serde(rename = "letter", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<InboundMessage>,
    /// Whether a mail tells the customer that a person will read the message.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tells_customer: bool,
    /// When the task was opened.
    pub opened_at: Timestamp,
    /// When staff settled the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
}

impl Task {
    fn new(task_id: TaskId, kind: TaskKind, why: &str, now: Timestamp) -> Self {
        Self {
            task_id,
            kind,
            order_id: None,
            why: why.to_owned(),
            change_id: None,
            queue: None,
            messages: None,
            message: None,
            tells_customer: false,
            opened_at: now,
            done_at: None,
        }
    }

    /// The task of an order whose address number `address` takes no mail.
    pub fn undeliverable(order: &OrderId, address: u32, why: &str, now: Timestamp) -> Self {
        let id = Self::undeliverable_id(order, address);
        Self { order_id: Some(order.clone()), ..Self::new(id, TaskKind::Undeliverable, why, now) }
    }

    /// The id of the task from [`Self::undeliverable`].
    pub fn undeliverable_id(order: &OrderId, address: u32) -> TaskId {
        TaskId::about(&("undeliverable", order, address))
    }

    /// The task of a refund that the provider refuses.
    pub fn failed_refund(order: &OrderId, change_id: &str, now: Timestamp) -> Self {
        let id = TaskId::about(&("failed refund", order, change_id));
        let task = Self::new(id, TaskKind::FailedRefund, "the payment provider refused it", now);
        Self { order_id: Some(order.clone()), change_id: Some(change_id.to_owned()), ..task }
    }

    /// The task of an inbound message. `letter_id` is the same each time that the message arrives. `from_customer`: the
    /// order's customer certainly wrote the message, and gets a mail about the task.
    pub fn unclear_intent(
        letter_id: &str,
        order: Option<OrderId>,
        from_customer: bool,
        why: &str,
        message: InboundMessage,
        now: Timestamp,
    ) -> Self {
        let task = Self::new(TaskId::about(&("letter", letter_id)), TaskKind::UnclearWish, why, now);
        Self { tells_customer: from_customer && order.is_some(), order_id: order, message: Some(message), ..task }
    }

    /// The task about messages that failed for good in this queue.
    pub fn dead_letter(queue: &str, messages: u64, now: Timestamp) -> Self {
        let id = TaskId::about(&("dead letters", queue));
        let task = Self::new(id, TaskKind::DeadLetter, "messages failed for good", now);
        Self { queue: Some(queue.to_owned()), messages: Some(messages), ..task }
    }
}

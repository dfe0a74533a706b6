//! `GET /staff/tasks`, `POST /staff/tasks/{id}/done`: rendering a task, with its cause and its instructions.

use domain::task::{InboundMessage, Task, TaskKind};
use serde::Deserialize;
use serde_json::{Value, json};

/// The body of `POST /staff/tasks/{id}/done`: an empty object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoneBody {}

/// A task as JSON. `url` links to the whole mail that led to it, if the mail is stored.
pub fn view(task: &Task, url: Option<&str>) -> Value {
    let mut view = json!({
        "task_id": task.task_id,
        "kind": task.kind,
        "opened_at": task.opened_at,
        "what_happened": what_happened(task),
        "what_to_do": what_to_do(task.kind, task.message.as_ref()),
    });
    let more = [
        ("order_id", task.order_id.as_ref().map(|id| json!(id))),
        ("change_id", task.change_id.as_ref().map(|id| json!(id))),
        ("queue", task.queue.as_ref().map(|queue| json!(queue))),
        ("messages", task.messages.map(|messages| json!(messages))),
        ("done_at", task.done_at.map(|at| json!(at))),
        ("mail", task.message.as_ref().map(|message| render_message(message, url))),
    ];
    if let Some(view) = view.as_object_mut() {
        view.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    view
}

fn render_message(message: &InboundMessage, url: Option<&str>) -> Value {
    let InboundMessage { from, subject, text, received_at, .. } = message;
    json!({ "from": from, "subject": subject, "text": text, "received_at": received_at, "url": url })
}

fn what_happened(task: &Task) -> String {
    let why = &task.why;
    match task.kind {
        TaskKind::Undeliverable => format!("E-mails of this order do not arrive: {why}. The order goes on."),
        TaskKind::UnclearWish => {
            format!("A customer wrote, and no machine should decide it: {why}. Nothing was changed.")
        }
        TaskKind::FailedRefund => format!("A refund of this order was not paid: {why}."),
        TaskKind::DeadLetter => {
            let (messages, queue) = (task.messages.unwrap_or_default(), task.queue.as_deref().unwrap_or("a queue"));
            format!("{messages} messages failed for good in {queue}.")
        }
    }
}

fn what_to_do(kind: TaskKind, message: Option<&InboundMessage>) -> &'static str {
    match kind {
        TaskKind::Undeliverable => {
            "Reach the customer another way and correct the address (POST /orders/{id}/contact): what was missed is sent again, \
             and this task is done by itself."
        }
        TaskKind::UnclearWish if message.is_some_and(|message| message.stored.is_some()) => {
            "Read the mail (url brings all of it), do what the customer wishes, answer from your own mailbox; then mark this done."
        }
        TaskKind::UnclearWish => {
            "Read the message, do what the customer wishes, answer from your own mailbox; then mark this done."
        }
        TaskKind::FailedRefund => {
            "Look at the payment at the provider and give the money back there or another way (infra/runbook/refunds-refused.md); \
             then mark this done."
        }
        TaskKind::DeadLetter => {
            "Follow the queue's page of infra/runbook: mend the cause, then send the messages back to their queue. This task is \
             done by itself when none is left."
        }
    }
}

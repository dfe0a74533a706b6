//! `GET /staff/tasks`, `POST /staff/tasks/{id}/done`: what only a person can settle, with what happened and what to do.

use std::time::Duration;

use aws::{Failure, Shop};
use domain::task::{Letter, Task, TaskKind};
use serde::Deserialize;
use serde_json::{Value, json};

/// How long a link to a whole mail lasts.
const LINK_LASTS: Duration = Duration::from_secs(900);

/// The body of a task that is done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoneBody {}

/// A task as JSON.
///
/// # Errors
/// Where the link to the mail can't be signed.
pub async fn view(shop: &Shop, task: &Task) -> Result<Value, Failure> {
    let mut view = json!({
        "task_id": task.task_id,
        "kind": task.kind,
        "opened_at": task.opened_at,
        "what_happened": what_happened(task),
        "what_to_do": what_to_do(task.kind, task.letter.as_ref()),
    });
    let letter = match &task.letter {
        Some(letter) => Some(attached(shop, letter).await?),
        None => None,
    };
    let more = [
        ("order_id", task.order_id.as_ref().map(|id| json!(id))),
        ("change_id", task.change_id.as_ref().map(|id| json!(id))),
        ("queue", task.queue.as_ref().map(|queue| json!(queue))),
        ("messages", task.messages.map(|messages| json!(messages))),
        ("done_at", task.done_at.map(|at| json!(at))),
        ("mail", letter),
    ];
    if let Some(view) = view.as_object_mut() {
        view.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    Ok(view)
}

/// What the customer wrote; `url`, where the mail came in whole, brings all of it for a quarter of an hour.
async fn attached(shop: &Shop, letter: &Letter) -> Result<Value, Failure> {
    let url = match &letter.stored {
        Some(key) => Some(shop.mailroom.link(key, LINK_LASTS).await?),
        None => None,
    };
    let Letter { from, subject, text, received_at, .. } = letter;
    Ok(json!({ "from": from, "subject": subject, "text": text, "received_at": received_at, "url": url }))
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
            format!(
                "{} messages failed for good in {}.",
                task.messages.unwrap_or_default(),
                task.queue.as_deref().unwrap_or("a queue")
            )
        }
    }
}

fn what_to_do(kind: TaskKind, letter: Option<&Letter>) -> &'static str {
    match kind {
        TaskKind::Undeliverable => {
            "Reach the customer another way and correct the address (POST /orders/{id}/contact): what was missed is sent again, \
             and this task is done by itself."
        }
        TaskKind::UnclearWish if letter.is_some_and(|letter| letter.stored.is_some()) => {
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

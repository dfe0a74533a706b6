//! Handles the messages of a queue one after the other. Only messages that the response names as failed come again.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};

use crate::app::App;
use crate::correlation::CorrelationId;

/// Does `work` for each message, under the correlation id of that message. `log_failure` gets the message's id.
pub async fn each<E>(
    app: &App,
    event: SqsEvent,
    log_failure: impl Fn(&str, &E),
    work: impl AsyncFn(&App, &SqsMessage) -> Result<(), E>,
) -> SqsBatchResponse {
    let mut answer = SqsBatchResponse::default();
    for message in event.records {
        let app = app.under(CorrelationId::of_message(&message));
        if let Err(error) = app.in_span(work(&app, &message)).await {
            let id = message.message_id.unwrap_or_default();
            let _span = app.invocation.span().entered();
            log_failure(&id, &error);
            fail(&mut answer, id);
        }
    }
    answer
}

/// The failures of one batch of a FIFO queue. After a message fails, the caller reports the later messages of its group
/// as failed too, so that they come again behind it. A message without a group blocks no other.
#[derive(Debug)]
pub struct FifoBatch<G> {
    failed: Vec<G>,
    response: SqsBatchResponse,
}

impl<G> Default for FifoBatch<G> {
    fn default() -> Self {
        Self { failed: Vec::new(), response: SqsBatchResponse::default() }
    }
}

impl<G: PartialEq> FifoBatch<G> {
    /// Whether an earlier message of the group failed.
    pub fn is_blocked(&self, group: Option<&G>) -> bool {
        group.is_some_and(|group| self.failed.contains(group))
    }

    /// Reports a message as failed, and its group as blocked.
    pub fn fail(&mut self, message: &SqsMessage, group: Option<G>) {
        self.failed.extend(group);
        fail(&mut self.response, message.message_id.clone().unwrap_or_default());
    }

    /// Returns the response that names the failed messages. SQS delivers these messages again.
    pub fn response(self) -> SqsBatchResponse {
        self.response
    }
}

fn fail(answer: &mut SqsBatchResponse, message_id: String) {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = message_id;
    answer.batch_item_failures.push(failure);
}

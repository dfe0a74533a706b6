//! The messages of a queue, handled one after the other. Those that fail are named in the answer and come again; the others
//! do not.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};

use crate::correlation::CorrelationId;
use crate::shop::Shop;

/// Does `work` for each message, under the correlation id that it carries. `log_failure` gets the message's id.
pub async fn each<E>(
    shop: &Shop,
    event: SqsEvent,
    log_failure: impl Fn(&str, &E),
    work: impl AsyncFn(&Shop, &SqsMessage) -> Result<(), E>,
) -> SqsBatchResponse {
    let mut answer = SqsBatchResponse::default();
    for message in event.records {
        let shop = shop.under(CorrelationId::of_message(&message));
        if let Err(trouble) = shop.told(work(&shop, &message)).await {
            let id = message.message_id.unwrap_or_default();
            let _span = shop.invocation.span().entered();
            log_failure(&id, &trouble);
            fail(&mut answer, id);
        }
    }
    answer
}

/// Does `work` for each message of a FIFO queue, under the correlation id that it carries. `group_of` names the group within
/// which the order counts: after a failure `work` learns of each later message of that group that it is `Turn::Behind`, and
/// the message comes again whatever `work` returns. A message without a group holds none up. `work` logs its own failures.
pub async fn each_in_order<G: PartialEq, E>(
    shop: &Shop,
    event: &SqsEvent,
    group_of: impl Fn(&SqsMessage) -> Option<G>,
    mut work: impl AsyncFnMut(&Shop, &SqsMessage, Turn) -> Result<(), E>,
) -> SqsBatchResponse {
    let mut answer = SqsBatchResponse::default();
    let mut failed: Vec<G> = Vec::new();
    for message in &event.records {
        let shop = shop.under(CorrelationId::of_message(message));
        let group = group_of(message);
        let behind = group.as_ref().is_some_and(|group| failed.contains(group));
        let turn = if behind { Turn::Behind } else { Turn::Now };
        let done = shop.told(work(&shop, message, turn)).await.is_ok();
        if behind || !done {
            failed.extend(group);
            fail(&mut answer, message.message_id.clone().unwrap_or_default());
        }
    }
    answer
}

/// Whether a message may be handled now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing before it in its group failed.
    Now,
    /// An earlier message of its group failed: this one may only be logged.
    Behind,
}

fn fail(answer: &mut SqsBatchResponse, message_id: String) {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = message_id;
    answer.batch_item_failures.push(failure);
}

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

/// Does `work` for each message of a FIFO queue, under the correlation id that it carries; `work` logs its own failures and
/// returns whether the message is done. After one that is not, each later message of its group fails too: `work` is then told
/// so by `true`, to log it. A message without a group holds up no other.
pub async fn each_in_order<G: PartialEq>(
    shop: &Shop,
    event: &SqsEvent,
    group_of: impl Fn(&SqsMessage) -> Option<G>,
    mut work: impl AsyncFnMut(&Shop, &SqsMessage, bool) -> bool,
) -> SqsBatchResponse {
    let mut answer = SqsBatchResponse::default();
    let mut failed: Vec<G> = Vec::new();
    for message in &event.records {
        let shop = shop.under(CorrelationId::of_message(message));
        let group = group_of(message);
        let behind = group.as_ref().is_some_and(|group| failed.contains(group));
        let done = shop.told(work(&shop, message, behind)).await;
        if behind || !done {
            failed.extend(group);
            fail(&mut answer, message.message_id.clone().unwrap_or_default());
        }
    }
    answer
}

fn fail(answer: &mut SqsBatchResponse, message_id: String) {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = message_id;
    answer.batch_item_failures.push(failure);
}

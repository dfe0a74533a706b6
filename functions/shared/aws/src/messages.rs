//! The messages of a queue, one after the other: those that fail come again, the others do not.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};

use crate::correlation::CorrelationId;
use crate::shop::Shop;

/// Does `work` for each message, under the id that it carries; what failed is named in the answer, and `told` in the log, by
/// the message's id.
pub async fn each<E>(
    shop: &Shop,
    event: SqsEvent,
    told: impl Fn(&str, &E),
    work: impl AsyncFn(&Shop, &SqsMessage) -> Result<(), E>,
) -> SqsBatchResponse {
    let mut answer = SqsBatchResponse::default();
    for message in event.records {
        let shop = shop.under(CorrelationId::of_message(&message));
        if let Err(trouble) = shop.told(work(&shop, &message)).await {
            let id = message.message_id.unwrap_or_default();
            let _span = shop.invocation.span().entered();
            told(&id, &trouble);
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            answer.batch_item_failures.push(failure);
        }
    }
    answer
}

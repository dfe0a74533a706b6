//! Gives arrived units to the line, oldest ticket first.

pub mod filling;

use aws::queues::FillMessage;
use aws::{Failure, Shop};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use lambda_runtime::Error;
use use_cases::Trouble;

/// Fills the products that the messages name. The queue keeps each product's messages in order: after a failure it and all
/// behind it come again.
///
/// # Errors
/// Never; what failed is named in the answer.
pub async fn handle(shop: &Shop, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let mut answer = SqsBatchResponse::default();
    for message in event.records {
        let id = message.message_id.clone().unwrap_or_default();
        let done = answer.batch_item_failures.is_empty();
        let outcome = if done { one(shop, message.body.as_deref().unwrap_or_default()).await } else { Err(Trouble::Busy) };
        if let Err(trouble) = outcome {
            if done {
                tracing::warn!(message_id = id, %trouble, "a fill will be tried again");
            }
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            answer.batch_item_failures.push(failure);
        }
    }
    Ok(answer)
}

async fn one(shop: &Shop, body: &str) -> Result<(), Trouble> {
    let message: FillMessage = serde_json::from_str(body)
        .map_err(|error| Failure::Broken { service: "the fill queue", why: error.to_string() })?;
    // Boxed: a fill holds whole batches, and its future is large.
    Box::pin(filling::fill(shop, &message.sku)).await
}

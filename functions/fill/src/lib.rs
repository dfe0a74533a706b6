//! Gives arrived units to the line, oldest ticket first.

mod choosing;
pub mod filling;

use aws::queues::FillMessage;
use aws::{CorrelationId, Failure, Shop};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use domain::names::Sku;
use lambda_runtime::Error;
use use_cases::Trouble;

/// Fills the products that the messages name. One that fails stops no other; what the batch holds of it comes again.
///
/// # Errors
/// Never; what failed is named in the answer.
pub async fn handle(shop: &Shop, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let shop = &shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let mut answer = SqsBatchResponse::default();
    let mut failed: Vec<Option<Sku>> = Vec::new();
    for message in event.records {
        let shop = &shop.under(CorrelationId::of_message(&message));
        let id = message.message_id.clone().unwrap_or_default();
        let read = serde_json::from_str::<FillMessage>(message.body.as_deref().unwrap_or_default());
        let sku = read.as_ref().ok().map(|message| message.sku.clone());
        let outcome = match read {
            Ok(_) if failed.contains(&sku) => Err(Trouble::Busy),
            Ok(message) => shop.told(filling::fill(shop, &message.sku)).await,
            Err(error) => Err(Failure::Broken { service: "the fill queue", why: error.to_string() }.into()),
        };
        if let Err(trouble) = outcome {
            let _told = shop.invocation.span().entered();
            tracing::warn!(message_id = id, sku = ?sku, %trouble, "a fill will be tried again");
            failed.push(sku);
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            answer.batch_item_failures.push(failure);
        }
    }
    Ok(answer)
}

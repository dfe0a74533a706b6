//! Gives arrived units to the line, oldest ticket first.

mod choosing;
pub mod filling;

use aws::queues::FillMessage;
use aws::{CorrelationId, Failure, Shop, messages};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::names::Sku;
use lambda_runtime::Error;
use use_cases::Trouble;

/// Fills the products that the messages name. One that fails stops no other; what the batch holds of it comes again.
pub async fn handle(shop: &Shop, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let shop = &shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let group = |message: &SqsMessage| sku_of(message).ok();
    let work = async |shop: &Shop, message: &SqsMessage, behind: bool| {
        let sku = sku_of(message);
        let outcome = match &sku {
            Ok(_) if behind => Err(Trouble::Busy),
            Ok(sku) => filling::fill(shop, sku).await,
            Err(failure) => Err(failure.clone().into()),
        };
        if let Err(trouble) = &outcome {
            let message_id = message.message_id.as_deref().unwrap_or_default();
            tracing::warn!(message_id, sku = ?sku.ok(), %trouble, "a fill will be tried again");
        }
        outcome.is_ok()
    };
    Ok(messages::each_in_order(shop, &event, group, work).await)
}

fn sku_of(message: &SqsMessage) -> Result<Sku, Failure> {
    let read = serde_json::from_str::<FillMessage>(message.body.as_deref().unwrap_or_default());
    let broken = |error: serde_json::Error| Failure::Broken { service: "the fill queue", why: error.to_string() };
    read.map(|message| message.sku).map_err(broken)
}

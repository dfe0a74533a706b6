//! Gives arrived units to the tickets of a product, the oldest first.

mod choosing;
pub mod filling;

use aws::messages::FifoBatch;
use aws::queues::FillMessage;
use aws::{App, CorrelationId, ServiceError};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::names::Sku;
use lambda_runtime::Error;
use use_cases::RetryableError;

/// Fills the products that the messages name. A failure blocks only the same product, and its messages come again.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let app = &app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let mut batch = FifoBatch::default();
    for message in &event.records {
        let app = &app.under(CorrelationId::of_message(message));
        let sku = sku_of(message);
        let blocked = batch.is_blocked(sku.as_ref().ok());
        let outcome = match &sku {
            Ok(_) if blocked => Err(RetryableError::Busy),
            Ok(sku) => app.in_span(filling::fill(app, sku)).await,
            Err(failure) => Err(failure.clone().into()),
        };
        if let Err(error) = outcome {
            let _span = app.invocation.span().entered();
            let message_id = message.message_id.as_deref().unwrap_or_default();
            let sku = sku.ok();
            tracing::warn!(message_id, ?sku, %error, "a fill will be tried again");
            batch.fail(message, sku);
        }
    }
    Ok(batch.response())
}

fn sku_of(message: &SqsMessage) -> Result<Sku, ServiceError> {
    let read = serde_json::from_str::<FillMessage>(message.body.as_deref().unwrap_or_default());
    let broken = |error: serde_json::Error| ServiceError::Broken { service: "the fill queue", why: error.to_string() };
    read.map(|message| message.sku).map_err(broken)
}

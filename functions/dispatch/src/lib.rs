//! Reads the table's stream: from each change, what must follow. It keeps nothing: a crash is a redelivery, and whoever
//! gets a message twice knows it.

pub mod follow;
mod record;

use aws::queues::Outgoing;
use aws::{Failure, Shop};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use follow::Following;
use lambda_runtime::Error;
use serde_json::Value;

/// Sends what must follow from each record. A record that can't be read goes, whole, to the record dead letters, and stops
/// nobody; where a queue takes nothing, the batch comes again from the first record on.
///
/// # Errors
/// Never; where to go on is in the answer.
pub async fn handle(shop: &Shop, mut event: Value) -> Result<DynamoDbEventResponse, Error> {
    let records = event.get_mut("Records").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
    let mut answer = DynamoDbEventResponse::default();
    if let Err(failure) = send(shop, &records).await {
        tracing::warn!(%failure, records = records.len(), "a batch of changes will come again");
        let first = records.first().and_then(record::sequence_number).unwrap_or_default();
        let mut again = DynamoDbBatchItemFailure::default();
        again.item_identifier = Some(first.to_owned());
        answer.batch_item_failures.push(again);
    }
    Ok(answer)
}

async fn send(shop: &Shop, records: &[Value]) -> Result<(), Failure> {
    let mut messages = Messages::default();
    for record in records {
        match record::read(record) {
            Ok((event_id, following)) => messages.add(&event_id, following)?,
            Err(why) => {
                tracing::error!(why, "a change cannot be read: it went to the record dead letters");
                messages.unreadable.push(Outgoing { body: record.to_string(), fifo: None });
            }
        }
    }
    let to = &shop.settings;
    let queues = &shop.queues;
    futures::future::try_join4(
        queues.send(&to.fill_queue, messages.fills),
        queues.send(&to.email_queue, messages.mails),
        queues.send(&to.refund_queue, messages.refunds),
        queues.send(&to.record_dead_letters, messages.unreadable),
    )
    .await
    .map(|_| ())
}

/// The messages of one batch; one wake-up a product.
#[derive(Default)]
struct Messages {
    fills: Vec<Outgoing>,
    woken: Vec<domain::names::Sku>,
    mails: Vec<Outgoing>,
    refunds: Vec<Outgoing>,
    unreadable: Vec<Outgoing>,
}

impl Messages {
    fn add(&mut self, event_id: &str, following: Vec<Following>) -> Result<(), Failure> {
        for next in following {
            match next {
                Following::Wake(sku) if self.woken.contains(&sku) => {}
                Following::Wake(sku) => {
                    self.fills.push(Outgoing::wake(&sku, event_id)?);
                    self.woken.push(sku);
                }
                Following::Mail(mail) => self.mails.push(Outgoing::mail(&mail)?),
                Following::Refund(refund) => self.refunds.push(Outgoing::plain(&refund)?),
            }
        }
        Ok(())
    }
}

//! Reads the table's stream and sends the messages that follow from each change. It stores nothing: after a crash the
//! stream delivers again, and each receiver recognizes a repeated message.

pub mod follow;
mod record;

use aws::invocation::Invocation;
use aws::queues::Outgoing;
use aws::{App, CorrelationId, Metric, ServiceError};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use follow::Following;
use lambda_runtime::Error;
use record::Change;
use serde_json::Value;

/// Sends the messages that follow from each record. An unreadable record goes to the record dead letters as a whole and
/// does not stop the others. If a queue fails, the stream delivers the whole batch again.
pub async fn handle(app: &App, mut event: Value) -> Result<DynamoDbEventResponse, Error> {
    let app = &app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let records = event.get_mut("Records").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
    let mut answer = DynamoDbEventResponse::default();
    if let Err(failure) = send(app, &records).await {
        let _span = app.invocation.span().entered();
        tracing::warn!(%failure, records = records.len(), "a batch of changes will be tried again");
        let first = records.first().and_then(record::sequence_number).unwrap_or_default();
        let mut again = DynamoDbBatchItemFailure::default();
        again.item_identifier = Some(first.to_owned());
        answer.batch_item_failures.push(again);
    }
    Ok(answer)
}

async fn send(app: &App, records: &[Value]) -> Result<(), ServiceError> {
    let mut messages = Messages::default();
    for record in records {
        let invocation = app.invocation.under(record::correlation(record));
        let _span = invocation.span().entered();
        match record::read(record) {
            Ok(change) => messages.add(&invocation, change)?,
            Err(why) => {
                tracing::error!(why, "a change cannot be read: it goes to the record dead letters");
                messages.unreadable.push(Outgoing::plain(record, invocation.correlation())?);
            }
        }
    }
    let to = &app.settings;
    let queues = &app.queues;
    futures::future::try_join5(
        queues.send(&to.fill_queue, messages.fills),
        queues.send(&to.end_line_queue, messages.line_ends),
        queues.send(&to.email_queue, messages.mails),
        queues.send(&to.refund_queue, messages.refunds),
        queues.send(&to.record_dead_letters, messages.unreadable),
    )
    .await
    .map(|_| ())
}

/// The messages of one batch, with one wake-up for each product.
#[derive(Default)]
struct Messages {
    fills: Vec<Outgoing>,
    woken: Vec<domain::names::Sku>,
    line_ends: Vec<Outgoing>,
    mails: Vec<Outgoing>,
    refunds: Vec<Outgoing>,
    unreadable: Vec<Outgoing>,
}

impl Messages {
    fn add(&mut self, invocation: &Invocation, change: Change) -> Result<(), ServiceError> {
        let id = invocation.correlation();
        if !change.following.is_empty() {
            tracing::info!(key = change.key, following = ?change.following, "sends what follows from a change");
        }
        for next in change.following {
            match next {
                Following::Wake(sku) if self.woken.contains(&sku) => {}
                Following::Wake(sku) => {
                    self.fills.push(Outgoing::wake(&sku, &change.event_id, id)?);
                    self.woken.push(sku);
                }
                Following::EndLine(sku) => self.line_ends.push(Outgoing::end_line(&sku, &change.event_id, id)?),
                Following::Mail(mail) => self.mails.push(Outgoing::mail(&mail, id)?),
                Following::Refund(refund) => {
                    invocation.measure(Metric::RefundsDue, 1);
                    self.refunds.push(Outgoing::plain(&refund, id)?);
                }
            }
        }
        Ok(())
    }
}

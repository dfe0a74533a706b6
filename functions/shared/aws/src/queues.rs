//! The messages to other functions, and their queues.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{MessageAttributeValue, QueueAttributeName, SendMessageBatchRequestEntry};
use domain::identity::OrderId;
use domain::names::Sku;
use futures::future::try_join_all;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::correlation::{self, CorrelationId};
use crate::lazily::Lazily;
use crate::service_error::ServiceError;

const SERVICE: &str = "the queue";
/// The most messages of one batch.
const BATCH: usize = 10;

/// Wakes the fill of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FillMessage {
    /// The product.
    pub sku: Sku,
}

/// Sends a mail to the customer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EmailMessage {
    /// Of which order.
    pub order_id: OrderId,
    /// Which mail: the name of its template.
    pub kind: String,
    /// Of what: a shipment, a change, a day, or `0` for the order itself.
    pub subject: String,
    /// The number of the order's address: 0 is the one it was placed with, see [`domain::mailing`].
    #[serde(default, skip_serializing_if = "is_first")]
    pub address: u32,
}

fn is_first(address: &u32) -> bool {
    *address == 0
}

/// What a customer wrote in the contact form (R13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactMessage {
    /// Its id; the same however often it comes.
    pub contact_id: String,
    /// The order's number, as it was typed.
    pub order_number: String,
    /// The address that was typed.
    pub email: String,
    /// The words.
    pub message: String,
    /// Whether "cancel my order" was chosen.
    pub cancel: bool,
    /// When it came.
    pub received_at: Timestamp,
}

/// Pays a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundMessage {
    /// Of which order.
    pub order_id: OrderId,
    /// For which change.
    pub change_id: String,
}

/// Ends the backlog of a discontinued product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndLineMessage {
    /// The product.
    pub sku: Sku,
}

/// One message; for a FIFO queue with its group and deduplication id. The correlation id is an attribute, so messages
/// that differ in it alone are duplicates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The body, JSON.
    pub body: String,
    /// Group and deduplication id.
    pub fifo: Option<(String, String)>,
    /// The correlation id.
    pub correlation: CorrelationId,
}

impl Outgoing {
    /// A message of a standard queue.
    pub fn plain(message: &impl Serialize, correlation: &CorrelationId) -> Result<Self, ServiceError> {
        let body = serde_json::to_string(message).map_err(|error| ServiceError::broken(SERVICE, error))?;
        Ok(Self { body, fifo: None, correlation: correlation.clone() })
    }

    /// A mail. The group is the order, so its mails are sent one after the other; a repeat is a duplicate.
    pub fn mail(message: &EmailMessage, correlation: &CorrelationId) -> Result<Self, ServiceError> {
        let repeat = domain::identity::fingerprint(message);
        Ok(Self { fifo: Some((message.order_id.to_string(), repeat)), ..Self::plain(message, correlation)? })
    }

    /// A wake-up of a product's fill. The deduplication id names the cause, never the product alone: a wake-up dropped
    /// while a fill runs would strand units.
    pub fn wake(sku: &Sku, cause: &str, correlation: &CorrelationId) -> Result<Self, ServiceError> {
        Self::plain(&FillMessage { sku: sku.clone() }, correlation).map(|message| message.of_product(sku, cause))
    }

    /// The end of a product's backlog; the deduplication id names the cause.
    pub fn end_line(sku: &Sku, cause: &str, correlation: &CorrelationId) -> Result<Self, ServiceError> {
        Self::plain(&EndLineMessage { sku: sku.clone() }, correlation).map(|message| message.of_product(sku, cause))
    }

    fn of_product(mut self, sku: &Sku, cause: &str) -> Self {
        self.fifo = Some((sku.to_string(), domain::identity::fingerprint(&(cause, sku))));
        self
    }
}

/// The client of all queues.
#[derive(Clone, Debug)]
pub struct Queues {
    client: Lazily<Client>,
}

impl Queues {
    /// The queues behind a client.
    #[must_use]
    pub fn new(client: Lazily<Client>) -> Self {
        Self { client }
    }

    /// Sends all messages, ten at a time. After an error some may have been sent.
    pub async fn send(&self, url: &str, messages: Vec<Outgoing>) -> Result<(), ServiceError> {
        try_join_all(messages.chunks(BATCH).map(|batch| self.send_batch(url, batch))).await.map(|_| ())
    }

    /// The number of messages in a queue, those being processed included; approximate.
    pub async fn lying(&self, url: &str) -> Result<u64, ServiceError> {
        const COUNTS: [QueueAttributeName; 3] = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let asked = self.client.get_queue_attributes().queue_url(url).set_attribute_names(Some(COUNTS.to_vec()));
        let response = asked.send().await.map_err(|error| ServiceError::from_sdk(SERVICE, &error))?;
        let response = response.attributes.unwrap_or_default();
        Ok(COUNTS.iter().filter_map(|name| response.get(name)?.parse::<u64>().ok()).sum())
    }

    async fn send_batch(&self, url: &str, batch: &[Outgoing]) -> Result<(), ServiceError> {
        let entries = batch.iter().enumerate().map(|(at, message)| {
            let (group, deduplication) = message.fifo.clone().unzip();
            let id = MessageAttributeValue::builder().data_type("String").string_value(message.correlation.as_str());
            SendMessageBatchRequestEntry::builder()
                .id(at.to_string())
                .message_body(&message.body)
                .message_attributes(correlation::NAME, id.build()?)
                .set_message_group_id(group)
                .set_message_deduplication_id(deduplication)
                .build()
        });
        let entries: Result<Vec<_>, _> = entries.collect();
        let entries = entries.map_err(|error| ServiceError::broken(SERVICE, error))?;
        let sent = self.client.send_message_batch().queue_url(url).set_entries(Some(entries)).send().await;
        let sent = sent.map_err(|error| ServiceError::from_sdk(SERVICE, &error))?;
        match sent.failed.first() {
            None => Ok(()),
            Some(failed) if failed.sender_fault => Err(ServiceError::broken(SERVICE, &failed.code)),
            Some(failed) => Err(ServiceError::unavailable(SERVICE, &failed.code)),
        }
    }
}

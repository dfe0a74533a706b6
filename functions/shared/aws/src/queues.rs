//! The messages between functions, and the client of their queues. [`crate::messages`] handles what arrives.

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
    /// The order.
    pub order_id: OrderId,
    /// The name of the mail's template.
    pub kind: String,
    /// The id of the shipment, the change or the day that the mail is about; `0` for the order itself.
    pub subject: String,
    /// The number of the order's address. 0 is the address at placing; see [`domain::mailing`].
    #[serde(default, skip_serializing_if = "is_first")]
    pub address: u32,
}

fn is_first(address: &u32) -> bool {
    *address == 0
}

/// A customer's message from the contact form (R13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactMessage {
    /// The message's id. A repeated request has the same id.
    pub contact_id: String,
    /// The order's number as the customer typed it.
    pub order_number: String,
    /// The e-mail address as the customer typed it.
    pub email: String,
    /// The text.
    pub message: String,
    /// Whether the customer chose "cancel my order".
    pub cancel: bool,
    /// When the form was sent.
    pub received_at: Timestamp,
}

/// Pays a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundMessage {
    /// The order.
    pub order_id: OrderId,
    /// The change that the refund is for.
    pub change_id: String,
}

/// Ends the backlog of a discontinued product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndLineMessage {
    /// The product.
    pub sku: Sku,
}

/// A message to send. The correlation id is an attribute: messages that differ only in this id are duplicates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The body, as JSON.
    pub body: String,
    /// For a FIFO queue, the group and the deduplication id.
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

    /// A mail. The order is the group, so its mails are sent one after the other. A repeat is a duplicate.
    pub fn mail(message: &EmailMessage, correlation: &CorrelationId) -> Result<Self, ServiceError> {
        let repeat = domain::identity::fingerprint(message);
        Ok(Self { fifo: Some((message.order_id.to_string(), repeat)), ..Self::plain(message, correlation)? })
    }

    /// A wake-up of a product's fill. The deduplication id includes the cause. With the product alone, SQS would drop a
    /// wake-up that comes while an earlier fill runs, and units would stay unassigned.
    pub fn wake(sku: &Sku, cause: &str, correlation: &CorrelationId) -> Result<Self, ServiceError> {
        Self::plain(&FillMessage { sku: sku.clone() }, correlation).map(|message| message.of_product(sku, cause))
    }

    /// The end of a product's backlog. The deduplication id names the cause.
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
    /// Makes the client of all queues from an SDK client.
    pub fn new(client: Lazily<Client>) -> Self {
        Self { client }
    }

    /// Sends all messages, ten in a call. After an error some messages may have been sent.
    pub async fn send(&self, url: &str, messages: Vec<Outgoing>) -> Result<(), ServiceError> {
        try_join_all(messages.chunks(BATCH).map(|batch| self.send_batch(url, batch))).await.map(|_| ())
    }

    /// The approximate number of messages in a queue, including delayed messages and messages in process.
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

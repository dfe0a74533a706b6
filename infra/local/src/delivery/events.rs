//! Lambda's events for messages and records, and its reading of a function's answer. `http` makes the events of HTTP calls.

use serde_json::{Map, Value, json};

use crate::dynamodb::Record;
use crate::sqs::md5_of;
use crate::state::Message;
use crate::template::Queue;

pub(super) fn messages(queue: &Queue, messages: &[Message]) -> Value {
    batch(messages.iter().map(|message| message_record(queue, message)))
}

fn message_record(queue: &Queue, message: &Message) -> Value {
    let millis = |time: &str| time.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_millisecond).to_string();
    let mut attributes = json!({
        "ApproximateReceiveCount": message.receives.to_string(),
        "SentTimestamp": millis(&message.sent_at),
        "SenderId": "local",
        "ApproximateFirstReceiveTimestamp": millis(&message.sent_at),
    });
    if queue.fifo
        && let Some(attributes) = attributes.as_object_mut()
    {
        attributes.insert("MessageGroupId".to_owned(), json!(message.group));
        attributes.insert("MessageDeduplicationId".to_owned(), json!(message.deduplication));
        attributes.insert("SequenceNumber".to_owned(), json!(format!("{:020}", message.sequence)));
    }
    json!({
        "messageId": message.message_id,
        "receiptHandle": format!("local-{}", message.sequence),
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": message_attributes(&message.attributes),
        "md5OfBody": md5_of(&message.body),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": "us-east-1",
    })
}

/// Turns SQS's `{"Name": {"DataType", "StringValue"}}` into Lambda's `{"Name": {"dataType", "stringValue"}}`.
fn message_attributes(sent: &str) -> Value {
    let sent: Map<String, Value> = serde_json::from_str(sent).unwrap_or_default();
    let mut attributes = Map::new();
    for (name, value) in sent {
        let mut attribute =
            Map::from_iter([("stringListValues".to_owned(), json!([])), ("binaryListValues".to_owned(), json!([]))]);
        for (key, value) in value.as_object().into_iter().flatten() {
            let mut letters = key.chars();
            let key: String =
                letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect();
            attribute.insert(key, value.clone());
        }
        attributes.insert(name, Value::Object(attribute));
    }
    Value::Object(attributes)
}

pub(super) fn records(records: &[Record]) -> Value {
    batch(records.iter().map(|record| record.event.clone()))
}

/// Built without `json!`, which would copy each record.
fn batch(records: impl Iterator<Item = Value>) -> Value {
    Value::Object(Map::from_iter([("Records".to_owned(), Value::Array(records.collect()))]))
}

/// The ids that an answer reports as failed. As on Lambda, the whole batch failed (`None`) if the answer cannot be read
/// or names an id that is not in the batch.
pub(super) fn reported(answer: &Value, batch: &[&str]) -> Option<Vec<String>> {
    let failures = answer.get("batchItemFailures").filter(|failures| !failures.is_null());
    let Some(failures) = failures else { return Some(Vec::new()) };
    let mut ids = Vec::new();
    for failure in failures.as_array()? {
        let id = failure.get("itemIdentifier").and_then(Value::as_str)?;
        if !batch.contains(&id) {
            return None;
        }
        ids.push(id.to_owned());
    }
    Some(ids)
}

/// The failure message about a stream batch whose retries are exhausted. It names the records, without their content.
pub(super) fn given_up(function: &str, batch: &[Record], tries: u32, now: &str, error: &str) -> Value {
    let first = batch.first().map(|record| record.sequence.as_str()).unwrap_or_default();
    let last = batch.last().map(|record| record.sequence.as_str()).unwrap_or_default();
    let arn = batch.first().and_then(|record| record.event.get("eventSourceARN")).cloned().unwrap_or_default();
    json!({
        "version": "1.0",
        "timestamp": now,
        "requestContext": {
            "functionArn": format!("arn:aws:lambda:us-east-1:000000000000:function:{function}"),
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": tries,
        },
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": error },
        "DDBStreamBatchInfo": {
            "shardId": "local",
            "startSequenceNumber": first,
            "endSequenceNumber": last,
            "batchSize": batch.len(),
            "streamArn": arn,
        },
    })
}

/// The failure message about a scheduled run whose retries are exhausted.
pub(super) fn run_given_up(function: &str, event: &Value, tries: u32, now: &str, error: &str) -> Value {
    json!({
        "version": "1.0",
        "timestamp": now,
        "requestContext": {
            "functionArn": format!("arn:aws:lambda:us-east-1:000000000000:function:{function}"),
            "condition": "RetriesExhausted",
            "approximateInvokeCount": tries,
        },
        "requestPayload": event,
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
        "responsePayload": { "errorMessage": error },
    })
}

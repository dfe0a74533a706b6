//! The part of SQS's JSON protocol that the functions use: `SendMessage`, `SendMessageBatch` and `GetQueueAttributes`
//! (message counts), with SQS's checks. `delivery` brings the messages to the functions.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use crate::backend::Backend;
use crate::state::{Outgoing, Sent};
use crate::template::Queue;

/// The most bytes in a message, and in a whole batch.
const MAX_BYTES: usize = 1_048_576;
const MAX_ENTRIES: usize = 10;
const MAX_DELAY_SECONDS: i64 = 900;

/// An error's code and message.
#[derive(Debug)]
struct SqsError(&'static str, String);

pub(crate) fn call(backend: &Backend, headers: &HeaderMap, body: &Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let answer = match target.strip_prefix("AmazonSQS.") {
        Some("SendMessage") => parse(body).and_then(|request| send(backend, &request)),
        Some("GetQueueAttributes") => parse(body).and_then(|request| attributes(backend, &request)),
        Some("SendMessageBatch") => parse(body).and_then(|request| send_batch(backend, &request)),
        _ => Err(SqsError("UnsupportedOperation", format!("the local stack does not know {target}"))),
    };
    let (status, body) = match answer {
        Ok(body) => (StatusCode::OK, body),
        Err(SqsError(code, message)) => {
            let status = if code == "InternalError" { 500 } else { 400 };
            let kind = format!("com.amazonaws.sqs#{code}");
            (StatusCode::from_u16(status).unwrap_or_default(), json!({ "__type": kind, "message": message }))
        }
    };
    (status, [("content-type", "application/x-amz-json-1.0")], body.to_string()).into_response()
}

fn parse(body: &Bytes) -> Result<Value, SqsError> {
    serde_json::from_slice(body).map_err(|error| SqsError("InvalidParameterValue", error.to_string()))
}

fn send(backend: &Backend, request: &Value) -> Result<Value, SqsError> {
    let queue = queue(backend, request)?;
    let message = message(queue, request)?;
    let md5 = md5_of(&message.body);
    let sent = store(backend, queue, &[message])?;
    let sent = sent.first().ok_or_else(|| SqsError("InternalError", "nothing was stored".to_owned()))?;
    Ok(result(queue, sent, &md5, None))
}

fn send_batch(backend: &Backend, request: &Value) -> Result<Value, SqsError> {
    let queue = queue(backend, request)?;
    let entries = request.get("Entries").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let code = |name: &'static str| SqsError(name, "the batch is not valid".to_owned());
    if entries.is_empty() {
        return Err(code("EmptyBatchRequest"));
    }
    if entries.len() > MAX_ENTRIES {
        return Err(code("TooManyEntriesInBatchRequest"));
    }
    let ids: Vec<&str> = entries.iter().filter_map(|entry| entry.get("Id").and_then(Value::as_str)).collect();
    let valid = |id: &&str| {
        (1..=80).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    if ids.len() != entries.len() || !ids.iter().all(valid) {
        return Err(code("InvalidBatchEntryId"));
    }
    if ids.iter().collect::<BTreeSet<_>>().len() != ids.len() {
        return Err(code("BatchEntryIdsNotDistinct"));
    }
    let body = |entry: &Value| entry.get("MessageBody").and_then(Value::as_str).map_or(0, str::len);
    if entries.iter().map(body).sum::<usize>() > MAX_BYTES {
        return Err(code("BatchRequestTooLong"));
    }
    let (mut accepted, mut messages, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for (entry, id) in entries.iter().zip(ids) {
        match message(queue, entry) {
            Ok(message) => {
                accepted.push((id, md5_of(&message.body)));
                messages.push(message);
            }
            Err(SqsError(code, message)) => {
                failed.push(json!({ "Id": id, "Code": code, "Message": message, "SenderFault": true }));
            }
        }
    }
    let sent = store(backend, queue, &messages)?;
    let successful = sent.iter().zip(&accepted).map(|(sent, (id, md5))| result(queue, sent, md5, Some(id)));
    Ok(json!({ "Successful": successful.collect::<Vec<_>>(), "Failed": failed }))
}

/// Answers with a queue's message counts, and refuses any other attribute.
fn attributes(backend: &Backend, request: &Value) -> Result<Value, SqsError> {
    let queue = queue(backend, request)?;
    let backlog =
        backend.state.told_apart(&queue.name).map_err(|error| SqsError("InternalError", error.to_string()))?;
    let counts = [
        ("ApproximateNumberOfMessages", backlog.visible),
        ("ApproximateNumberOfMessagesNotVisible", backlog.at_work),
        ("ApproximateNumberOfMessagesDelayed", backlog.delayed),
    ];
    let asked = request.get("AttributeNames").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let known = |name: &&Value| *name == "All" || counts.iter().any(|(count, _)| *name == count);
    if let Some(unknown) = asked.iter().find(|name| !known(name)) {
        return Err(SqsError("InvalidAttributeName", format!("Unknown Attribute {unknown}.")));
    }
    let listed = counts.iter().filter(|(name, _)| asked.iter().any(|asked| asked == "All" || asked == name));
    let listed: Map<_, _> = listed.map(|(name, count)| ((*name).to_owned(), json!(count.to_string()))).collect();
    Ok(json!({ "Attributes": listed }))
}

fn queue<'a>(backend: &'a Backend, request: &Value) -> Result<&'a Queue, SqsError> {
    let url = request.get("QueueUrl").and_then(Value::as_str).unwrap_or_default();
    let queue = backend.template.queue(url.rsplit('/').next().unwrap_or_default());
    queue.ok_or_else(|| SqsError("QueueDoesNotExist", "The specified queue does not exist.".to_owned()))
}

fn message(queue: &Queue, request: &Value) -> Result<Outgoing, SqsError> {
    let text = |key: &str| request.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let body = text("MessageBody");
    let wrong = |problem: &str| SqsError("InvalidParameterValue", problem.to_owned());
    if body.is_empty() {
        return Err(SqsError("MissingParameter", "The request must contain the parameter MessageBody.".to_owned()));
    }
    if body.len() > MAX_BYTES {
        return Err(wrong("One or more parameters are invalid. Message must be shorter than 1048576 bytes."));
    }
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}');
    if !body.chars().all(allowed) {
        return Err(SqsError("InvalidMessageContents", "Invalid characters were found.".to_owned()));
    }
    let delay = request.get("DelaySeconds").and_then(Value::as_i64).unwrap_or(0);
    let (group, deduplication) = order(queue, &body, text("MessageGroupId"), text("MessageDeduplicationId"), delay)?;
    let id_is_valid = |id: &str| id.len() <= 128 && id.chars().all(|c| c.is_ascii_graphic());
    if !id_is_valid(&group) || (!queue.content_deduplication && !id_is_valid(&deduplication)) {
        return Err(wrong("An id can only include alphanumeric and punctuation characters, 128 at most."));
    }
    if !(0..=MAX_DELAY_SECONDS).contains(&delay) {
        return Err(wrong("DelaySeconds must lie between 0 and 900"));
    }
    let attributes = request.get("MessageAttributes").map(Value::to_string).unwrap_or_default();
    Ok(Outgoing { body, attributes, group, deduplication, delay_millis: delay * 1_000 })
}

/// The group and the deduplication id. A FIFO queue requires both and refuses a delay of a single message. A standard
/// queue does not deduplicate.
fn order(
    queue: &Queue,
    body: &str,
    group: String,
    mut deduplication: String,
    delay: i64,
) -> Result<(String, String), SqsError> {
    let wrong = |problem: &str| SqsError("InvalidParameterValue", problem.to_owned());
    if !queue.fifo {
        let problem = "The request includes a parameter that is not valid for this queue type";
        return if deduplication.is_empty() { Ok((group, deduplication)) } else { Err(wrong(problem)) };
    }
    if group.is_empty() {
        let problem = "The request must contain the parameter MessageGroupId.";
        return Err(SqsError("MissingParameter", problem.to_owned()));
    }
    if deduplication.is_empty() {
        if !queue.content_deduplication {
            let problem = "The queue should either have ContentBasedDeduplication enabled or \
                           MessageDeduplicationId provided explicitly";
            return Err(wrong(problem));
        }
        body.clone_into(&mut deduplication); // SQS takes the body's hash, which has the same effect
    }
    if delay != 0 {
        return Err(wrong("DelaySeconds is invalid: the queue is of type FIFO."));
    }
    Ok((group, deduplication))
}

fn store(backend: &Backend, queue: &Queue, messages: &[Outgoing]) -> Result<Vec<Sent>, SqsError> {
    let sent = backend.state.send(queue, messages, backend.clock.now_millis());
    backend.wakeups.queue(&queue.name);
    sent.map_err(|error| SqsError("InternalError", error.to_string()))
}

fn result(queue: &Queue, sent: &Sent, md5: &str, id: Option<&str>) -> Value {
    let mut result = json!({ "MessageId": sent.message_id, "MD5OfMessageBody": md5 });
    if let Some(object) = result.as_object_mut() {
        if queue.fifo {
            object.insert("SequenceNumber".to_owned(), json!(format!("{:020}", sent.sequence)));
        }
        if let Some(id) = id {
            object.insert("Id".to_owned(), json!(id));
        }
    }
    result
}

/// The MD5 of a body in hexadecimal.
pub(crate) fn md5_of(body: &str) -> String {
    format!("{:x}", md5::compute(body.as_bytes()))
}

#[cfg(test)]
mod tests {
    use aws_sdk_sqs::types::QueueAttributeName;
    use serde_json::{Value, json};

    use crate::stack::Stack;
    use crate::testing::{Reply, account, send, stack};

    async fn call(stack: &Stack, action: &str, request: &Value) -> Reply {
        let target = format!("AmazonSQS.{action}");
        let headers = [("x-amz-target", target.as_str()), ("content-type", "application/x-amz-json-1.0")];
        send("POST", &format!("{}/", stack.services_url()), &headers, &request.to_string()).await
    }

    async fn paused() -> (Stack, String, String) {
        let stack = stack(|_, _| Ok(Value::Null)).await;
        stack.delivery().pause();
        let url = |name: &str| stack.template().queue(name).unwrap().url.clone();
        let (orderly, plain) = (url("Orderly.fifo"), url("Plain"));
        (stack, orderly, plain)
    }

    #[tokio::test]
    async fn a_repeat_within_five_minutes_is_the_same_message() {
        let (stack, url, _) = paused().await;
        let request =
            json!({ "QueueUrl": url, "MessageBody": "x", "MessageGroupId": "g", "MessageDeduplicationId": "d" });
        let first = call(&stack, "SendMessage", &request).await;
        assert_eq!((first.status, &first.body["MD5OfMessageBody"]), (200, &json!("9dd4e461268c8034f5c8564e155c67a6")));
        assert_eq!(call(&stack, "SendMessage", &request).await.body["MessageId"], first.body["MessageId"]);
        assert_eq!(stack.state().backlog("Orderly.fifo").unwrap(), 1);
        stack.clock().move_to(stack.clock().now() + std::time::Duration::from_secs(301));
        assert_ne!(call(&stack, "SendMessage", &request).await.body["MessageId"], first.body["MessageId"]);
        assert_eq!(stack.state().backlog("Orderly.fifo").unwrap(), 2);
    }

    #[tokio::test]
    async fn a_queue_says_how_many_messages_it_has() {
        let (stack, _, url) = paused().await;
        for delay in [0, 0, 900] {
            let message = json!({ "QueueUrl": url, "MessageBody": "x", "DelaySeconds": delay });
            assert_eq!(call(&stack, "SendMessage", &message).await.status, 200);
        }
        let taken = stack.state().receive(stack.template().queue("Plain").unwrap(), 1, false, 0).unwrap();
        assert_eq!(taken.len(), 1);
        let asked = aws_sdk_sqs::Client::new(&account(&stack)).get_queue_attributes().queue_url(&url);
        let listed = asked.attribute_names(QueueAttributeName::All).send().await.unwrap().attributes.unwrap();
        let mut listed: Vec<_> = listed.into_iter().map(|(name, count)| (name.as_str().to_owned(), count)).collect();
        listed.sort();
        let counts =
            ["", "Delayed", "NotVisible"].map(|which| (format!("ApproximateNumberOfMessages{which}"), "1".to_owned()));
        assert_eq!(listed, counts);
        let unknown = json!({ "QueueUrl": url, "AttributeNames": ["Age"] });
        assert_eq!(call(&stack, "GetQueueAttributes", &unknown).await.status, 400);
    }

    #[tokio::test]
    async fn a_batch_says_of_each_entry_what_became_of_it() {
        let (stack, _, url) = paused().await;
        let entries = json!([{ "Id": "a", "MessageBody": "x" }, { "Id": "b", "MessageBody": "\u{1}" }]);
        let sent = call(&stack, "SendMessageBatch", &json!({ "QueueUrl": url, "Entries": entries })).await;
        assert_eq!(sent.body["Successful"][0]["Id"], "a");
        assert_eq!(sent.body["Failed"][0]["Code"], "InvalidMessageContents");
        let twice = json!([{ "Id": "a", "MessageBody": "x" }, { "Id": "a", "MessageBody": "y" }]);
        let refused = call(&stack, "SendMessageBatch", &json!({ "QueueUrl": url, "Entries": twice })).await;
        assert_eq!(
            (refused.status, &refused.body["__type"]),
            (400, &json!("com.amazonaws.sqs#BatchEntryIdsNotDistinct"))
        );
        assert_eq!(stack.state().backlog("Plain").unwrap(), 1);
    }

    #[tokio::test]
    async fn what_the_real_one_refuses_is_refused() {
        let (stack, orderly, plain) = paused().await;
        let cases = [
            (json!({ "QueueUrl": "http://x/none", "MessageBody": "x" }), "QueueDoesNotExist"),
            (json!({ "QueueUrl": plain, "MessageBody": "" }), "MissingParameter"),
            (json!({ "QueueUrl": plain, "MessageBody": "x".repeat(1_048_577) }), "InvalidParameterValue"),
            (json!({ "QueueUrl": plain, "MessageBody": "x", "DelaySeconds": 901 }), "InvalidParameterValue"),
            (json!({ "QueueUrl": plain, "MessageBody": "x", "MessageDeduplicationId": "d" }), "InvalidParameterValue"),
            (json!({ "QueueUrl": orderly, "MessageBody": "x", "MessageDeduplicationId": "d" }), "MissingParameter"),
            (json!({ "QueueUrl": orderly, "MessageBody": "x", "MessageGroupId": "g" }), "InvalidParameterValue"),
        ];
        for (request, code) in cases {
            let refused = call(&stack, "SendMessage", &request).await;
            assert_eq!((refused.status, &refused.body["__type"]), (400, &json!(format!("com.amazonaws.sqs#{code}"))));
        }
        assert_eq!(call(&stack, "PurgeQueue", &json!({})).await.status, 400);
    }
}

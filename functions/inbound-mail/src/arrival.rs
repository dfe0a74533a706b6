//! The two kinds of messages in the inbound queue: the event of a stored mail, from S3 through EventBridge, and a
//! message of the contact form.

use aws::queues::ContactMessage;
use jiff::Timestamp;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Arrival {
    Mail(StoredEvent),
    Form(ContactMessage),
}

/// The used fields of the event "Object Created".
#[derive(Debug, Deserialize)]
pub(crate) struct StoredEvent {
    pub(crate) time: Timestamp,
    detail: Detail,
}

#[derive(Debug, Deserialize)]
struct Detail {
    object: Object,
}

#[derive(Debug, Deserialize)]
struct Object {
    key: String,
}

impl StoredEvent {
    /// The mail's key in the bucket.
    pub(crate) fn key(&self) -> &str {
        &self.detail.object.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_messages_are_read() {
        let mail = r#"{"version":"0","source":"aws.s3","detail-type":"Object Created","time":"2026-11-22T08:00:00Z","detail":{"bucket":{"name":"b"},"object":{"key":"mails/x","size":5}}}"#;
        assert!(matches!(serde_json::from_str(mail), Ok(Arrival::Mail(stored)) if stored.key() == "mails/x"));
        let form = r#"{"contact_id":"c1","order_number":"7K3M","email":"ann@example.com","message":"Hi","cancel":true,"received_at":"2026-11-22T08:00:00Z"}"#;
        assert!(matches!(serde_json::from_str(form), Ok(Arrival::Form(message)) if message.cancel));
        assert!(serde_json::from_str::<Arrival>("{}").is_err());
    }
}

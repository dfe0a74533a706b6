//! What the queue brings: that a mail was stored, as S3 tells EventBridge, or what was written in the contact form.

use aws::queues::ContactMessage;
use jiff::Timestamp;
use serde::Deserialize;

/// A message of the queue.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Arrival {
    /// A mail was stored.
    Mail(StoredEvent),
    /// Somebody wrote in the form.
    Form(ContactMessage),
}

/// "Object Created", as far as it is read.
#[derive(Debug, Deserialize)]
pub(crate) struct StoredEvent {
    /// When.
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
    /// What the mail is stored as.
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

//! The mailer: SES v2.

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag};

use crate::failure::Failure;
use crate::lazily::Lazily;

const SERVICE: &str = "the mailer";

/// A mail, ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Whom it comes from.
    pub from: String,
    /// Where replies go, if not to whom it comes from (R13).
    pub reply_to: Option<String>,
    /// Whom it goes to.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
    /// Which mail it is, for whoever looks at what became of it.
    pub kind: String,
    /// Of which order.
    pub order_id: String,
}

/// The client of the mailer.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Lazily<Client>,
}

impl Mailer {
    /// The mailer behind a client.
    #[must_use]
    pub fn new(client: Lazily<Client>) -> Self {
        Self { client }
    }

    /// Sends a mail; returns the mailer's id of it.
    ///
    /// # Errors
    /// Where the mailer does not take it; after an unavailable one it may have been sent.
    pub async fn send(&self, mail: &OutgoingMail) -> Result<String, Failure> {
        let broken = |error| Failure::broken(SERVICE, error);
        let part = |data: &str| Content::builder().data(data).charset("UTF-8").build().map_err(broken);
        let automatic = MessageHeader::builder().name("Auto-Submitted").value("auto-generated").build();
        let message = Message::builder()
            .subject(part(&mail.subject)?)
            .body(Body::builder().text(part(&mail.text)?).html(part(&mail.html)?).build())
            .headers(automatic.map_err(broken)?)
            .build();
        let tag = |name: &str, value: &str| MessageTag::builder().name(name).value(value).build().map_err(broken);
        let sent = self
            .client
            .send_email()
            .from_email_address(&mail.from)
            .set_reply_to_addresses(mail.reply_to.clone().map(|address| vec![address]))
            .destination(Destination::builder().to_addresses(&mail.to).build())
            .content(EmailContent::builder().simple(message).build())
            .email_tags(tag("kind", &mail.kind)?)
            .email_tags(tag("order_id", &mail.order_id)?)
            .send()
            .await;
        let sent = sent.map_err(|error| Failure::of(SERVICE, &error))?;
        Ok(sent.message_id.unwrap_or_default())
    }
}

//! The mail of a deployed shop. ministack's SES sends mail, and this module adds what that SES lacks, as the embedded
//! stack does. Delivery events go to the queue that the template's rule names. Incoming mail goes into the bucket. The
//! deployed rule makes ministack's S3 and EventBridge report this mail.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use local::bus::deliveries;
use local::ses::{self, ComposedMail, Verdicts, verdicts};
use local::state::Handover;
use serde_json::{Value, json};

use crate::answer::{FrontError, FrontResult, FrontState, json_response, param};
use crate::deployment::Deployment;

/// The configuration set's id in the template.
const CONFIGURATION: &str = "MailConfiguration";
/// The id of the mail bucket in the template.
const MAILS: &str = "InboundMails";
/// The account's sending rate, in mails per second.
const MAILS_A_SECOND: f64 = 1_000.0;

/// `GET /_local/inbox?to=…`: the mails, oldest first.
pub async fn inbox(State(shop): FrontState, uri: Uri) -> FrontResult {
    let mails = shop.provider.state.mails(param(&uri, "to").as_deref()).map_err(|error| error.to_string())?;
    Ok(json_response(&json!(mails)))
}

pub async fn account(State(shop): FrontState) -> Response {
    ses::account_of(MAILS_A_SECOND, shop.provider.state.count_mails().unwrap_or_default())
}

/// Passes a mail to ministack's SES, which may refuse it. Records an accepted mail and sends its delivery events.
pub async fn send_email(State(shop): FrontState, body: Bytes) -> Response {
    let mail: Value = serde_json::from_slice(&body).unwrap_or_default();
    if let Err(why) = shop.aws.rest("ses", "POST", "/v2/email/outbound-emails", &mail).await {
        return (StatusCode::BAD_REQUEST, json!({ "message": why }).to_string()).into_response();
    }
    let accepted_mail = match ses::take(&shop.template, shop.provider.clock.now_millis(), &shop.by_the_template(mail)) {
        Ok(accepted_mail) => accepted_mail,
        Err(refusal) => return refusal.response(),
    };
    let message_id = accepted_mail.message_id.clone();
    match shop.note(accepted_mail).await {
        Ok(()) => ses::accepted(&message_id),
        Err(why) => (StatusCode::INTERNAL_SERVER_ERROR, json!({ "message": why }).to_string()).into_response(),
    }
}

/// `POST /_local/mail`, as in the embedded stack.
pub async fn come_in(State(shop): FrontState, uri: Uri, body: Bytes) -> FrontResult {
    let found = verdicts(|name| param(&uri, name));
    let found = found.map_err(|(name, why)| FrontError::unprocessable(format!("{name}: {why}")))?;
    take_in(&shop, &ComposedMail::new(&body, param(&uri, "from"), param(&uri, "to")), &found).await
}

/// `POST /_local/reply?message_id=…`, as in the embedded stack.
pub async fn reply(State(shop): FrontState, uri: Uri, body: Bytes) -> FrontResult {
    let mail = shop.provider.state.mail(&param(&uri, "message_id").unwrap_or_default());
    let mail = mail.map_err(|error| error.to_string())?;
    let mail = mail.ok_or_else(|| FrontError::unprocessable("no mail has this id"))?;
    let letter = ComposedMail::reply(&mail, &String::from_utf8_lossy(&body), shop.provider.clock.now_millis());
    take_in(&shop, &letter, &Verdicts::default()).await
}

async fn take_in(shop: &Deployment, letter: &ComposedMail, found: &Verdicts) -> FrontResult {
    match shop.keep(letter, found).await? {
        Some((message_id, key)) => Ok(json_response(&json!({ "message_id": message_id, "key": key }))),
        None => Err(FrontError::unprocessable(format!("no rule takes mail to {}", letter.recipient))),
    }
}

/// `POST /_local/mail-events`, as in the embedded stack.
pub async fn receive_event(State(shop): FrontState, body: Bytes) -> FrontResult {
    let event: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
    let now = shop.provider.clock.now_millis();
    let event = if event.get("detail-type").is_some() { event } else { ses::wrapped(event, now) };
    match shop.tell(&event).await? {
        0 => Err(FrontError::unprocessable("no rule takes this event")),
        _ => Ok(json_response(&json!({}))),
    }
}

impl Deployment {
    /// The SES request with the configuration set's id in the template instead of its physical name.
    fn by_the_template(&self, mut call: Value) -> Vec<u8> {
        let named = call.get_mut("ConfigurationSetName");
        if let Some(name) = named.filter(|name| name.as_str() == Some(self.physical(CONFIGURATION))) {
            *name = json!(CONFIGURATION);
        }
        call.to_string().into_bytes()
    }

    async fn note(&self, accepted_mail: ses::AcceptedMail) -> Result<(), String> {
        let handover = Handover { mails: accepted_mail.mails, ..Handover::default() };
        let now = self.provider.clock.now_millis();
        self.provider.state.hand_over(&handover, now).map_err(|error| error.to_string())?;
        for event in &accepted_mail.events {
            self.tell(event).await?;
        }
        for letter in &accepted_mail.answers {
            self.keep(letter, &Verdicts::default()).await?;
        }
        Ok(())
    }

    /// Sends an event to the queue of each rule that matches it. Returns the number of queues.
    async fn tell(&self, event: &Value) -> Result<usize, String> {
        let messages = deliveries(&self.template, event);
        for (queue, message) in &messages {
            let send = json!({ "QueueUrl": self.physical(&queue.logical_id), "MessageBody": message.body });
            self.aws.call("sqs", "SendMessage", &send).await?;
        }
        Ok(messages.len())
    }

    /// Puts an incoming mail into the bucket if a rule takes it. Returns SES's message id and the object's key.
    async fn keep(&self, letter: &ComposedMail, found: &Verdicts) -> Result<Option<(String, String)>, String> {
        let Some(kept) = ses::keep(&self.template, letter, found, self.provider.clock.now_millis()) else {
            return Ok(None);
        };
        self.aws.upload(&format!("{}/{}", self.physical(MAILS), kept.object.key), kept.object.body).await?;
        Ok(Some((kept.message_id, kept.object.key)))
    }
}

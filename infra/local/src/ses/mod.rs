//! The part of SES that the functions use: `GetAccount`, and `SendEmail` (version 2) with a simple message. Accepted
//! mails go to the inbox; none leaves the machine. `simulator` decides the outcome of a mail, `receipt` stores incoming
//! mail, `composed` reads and writes raw mails.

mod composed;
mod receipt;
mod simulator;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

pub use composed::ComposedMail;
pub use receipt::{Kept, Verdict, Verdicts, keep, stored_event, verdicts};
pub use simulator::wrapped;

use crate::backend::Backend;
use crate::bus::{deliveries, instant};
use crate::state::{Details, Handover, Mail, random_uuid};
use crate::template::{MailConfiguration, Template};

/// The default sending rate, in mails a second. One machine does not reach this rate.
pub(crate) const MAILS_A_SECOND: f64 = 10_000.0;
const MAILS_A_DAY: f64 = 10_000_000.0;
/// The longest name or value of a tag, in bytes.
const TAG_BYTES: usize = 256;

/// An accepted mail, and all that follows from it.
#[derive(Debug, Default)]
pub struct AcceptedMail {
    /// The id that SES gives it.
    pub message_id: String,
    /// One mail for each recipient, delivered or not.
    pub mails: Vec<Mail>,
    /// The events for the bus.
    pub events: Vec<Value>,
    /// The automatic answers of its recipients.
    pub answers: Vec<ComposedMail>,
}

/// A refused call.
#[derive(Debug, PartialEq, Eq)]
pub struct SesError {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl SesError {
    fn bad(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind: "BadRequestException", message: message.into() }
    }

    /// The answer on the wire.
    pub fn response(&self) -> Response {
        answer(self.status, &json!({ "message": self.message }), Some(self.kind))
    }
}

/// Answers `POST /v2/email/outbound-emails`. An accepted mail and all that follows are stored before the answer.
pub(crate) fn send_email(backend: &Backend, body: &Bytes) -> Response {
    let now = backend.clock.now_millis();
    let accepted_mail = match take(&backend.template, now, body) {
        Ok(accepted_mail) => accepted_mail,
        Err(refusal) => return refusal.response(),
    };
    let message_id = accepted_mail.message_id.clone();
    match remember(backend, accepted_mail, now) {
        Ok(()) => accepted(&message_id),
        Err(error) => {
            let (status, message) = (StatusCode::INTERNAL_SERVER_ERROR, error.to_string());
            SesError { status, kind: "InternalFailure", message }.response()
        }
    }
}

/// The answer to an accepted mail.
pub fn accepted(message_id: &str) -> Response {
    answer(StatusCode::OK, &json!({ "MessageId": message_id }), None)
}

/// Answers `GET /v2/email/account`.
pub(crate) fn account(backend: &Backend) -> Response {
    let sent = backend.state.count_mails().unwrap_or_default();
    account_of(backend.mails_a_second(), sent)
}

/// The answer to `GetAccount`, with the sending rate and the number of mails sent.
pub fn account_of(mails_a_second: f64, sent: i64) -> Response {
    let body = json!({
        "DedicatedIpAutoWarmupEnabled": false,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": true,
        "SendQuota": { "Max24HourSend": MAILS_A_DAY, "MaxSendRate": mails_a_second, "SentLast24Hours": sent },
        "SendingEnabled": true,
        "SuppressionAttributes": { "SuppressedReasons": [] },
    });
    answer(StatusCode::OK, &body, None)
}

fn remember(backend: &Backend, accepted_mail: AcceptedMail, now: i64) -> rusqlite::Result<()> {
    let mut handover = Handover { mails: accepted_mail.mails, ..Handover::default() };
    handover.messages.extend(accepted_mail.events.iter().flat_map(|event| deliveries(&backend.template, event)));
    let stored = |mail| keep(&backend.template, mail, &Verdicts::default(), now);
    for kept in accepted_mail.answers.iter().filter_map(stored) {
        add(backend, kept, &mut handover, now);
    }
    backend.hand_over(&handover, now)
}

/// Stores an incoming mail. Returns SES's id and the key of the mail's object; `None` if no rule takes the mail.
pub(crate) fn receive(
    backend: &Backend,
    composed: &ComposedMail,
    verdicts: &Verdicts,
) -> rusqlite::Result<Option<(String, String)>> {
    let now = backend.clock.now_millis();
    let Some(kept) = keep(&backend.template, composed, verdicts, now) else { return Ok(None) };
    let named = (kept.message_id.clone(), kept.object.key.clone());
    let mut handover = Handover::default();
    add(backend, kept, &mut handover, now);
    backend.hand_over(&handover, now)?;
    Ok(Some(named))
}

fn add<'a>(backend: &'a Backend, kept: Kept, handover: &mut Handover<'a>, now: i64) {
    let event = stored_event(&backend.template, &kept.object, now);
    handover.messages.extend(event.iter().flat_map(|event| deliveries(&backend.template, event)));
    handover.objects.push(kept.object);
}

/// Reads the body of `SendEmail` and makes all that follows. Stores nothing; `now` in milliseconds since 1970.
pub fn take(template: &Template, now: i64, body: &[u8]) -> Result<AcceptedMail, SesError> {
    let request: Value = serde_json::from_slice(body).map_err(|error| SesError::bad(error.to_string()))?;
    let configuration = configuration(template, &request)?;
    let mut accepted_mail = AcceptedMail { message_id: message_id(now), ..AcceptedMail::default() };
    for mut mail in mails(&request).map_err(SesError::bad)? {
        accepted_mail.message_id.clone_into(&mut mail.details.message_id);
        mail.sent_at = instant(now).to_string();
        let outcome = simulator::outcome_of(&mail.to);
        outcome.name().clone_into(&mut mail.details.outcome);
        if let Some(configuration) = configuration {
            configuration.name.clone_into(&mut mail.details.configuration);
            accepted_mail.events.extend(outcome.events(&mail, configuration, now));
        }
        accepted_mail.answers.extend(outcome.answer(&mail, now));
        accepted_mail.mails.push(mail);
    }
    Ok(accepted_mail)
}

fn configuration<'a>(template: &'a Template, request: &Value) -> Result<Option<&'a MailConfiguration>, SesError> {
    let Some(name) = request.get("ConfigurationSetName").and_then(Value::as_str) else { return Ok(None) };
    let known = template.mail_configurations.iter().find(|configuration| configuration.name == name);
    known.map(Some).ok_or_else(|| SesError {
        status: StatusCode::NOT_FOUND,
        kind: "NotFoundException",
        message: format!("Configuration set <{name}> does not exist."),
    })
}

/// An id in SES's form: the time, and random digits.
fn message_id(now: i64) -> String {
    format!("0100{now:012x}-{}-000000", random_uuid())
}

/// One mail for each recipient.
fn mails(request: &Value) -> Result<Vec<Mail>, &'static str> {
    let text = |path: &str| request.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let from = text("/FromEmailAddress").filter(|from| from.contains('@')).ok_or("FromEmailAddress is missing")?;
    let subject = text("/Content/Simple/Subject/Data").ok_or("Content.Simple.Subject is missing")?;
    let plain = text("/Content/Simple/Body/Text/Data").unwrap_or_default();
    let html = text("/Content/Simple/Body/Html/Data").unwrap_or_default();
    if plain.is_empty() && html.is_empty() {
        return Err("Content.Simple.Body is missing");
    }
    let recipients = addresses(request, "/Destination/ToAddresses")?;
    if recipients.is_empty() {
        return Err("Destination.ToAddresses is missing");
    }
    let headers = pairs(request, "/Content/Simple/Headers")?;
    if [&from, &subject].into_iter().chain(headers.values()).any(|line| line.contains(['\r', '\n'])) {
        return Err("a header has a line break");
    }
    let tags = pairs(request, "/EmailTags")?;
    let fits = |word: &String| {
        let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        !word.is_empty() && word.len() <= TAG_BYTES && word.chars().all(letter)
    };
    if !tags.iter().flat_map(|(name, value)| [name, value]).all(fits) {
        return Err("a tag has letters, digits, _ and - only, 256 at most");
    }
    let details = Details {
        reply_to: addresses(request, "/ReplyToAddresses")?.join(", "),
        headers,
        tags: tags.clone(),
        ..Details::default()
    };
    let tag = |name: &str| tags.get(name).cloned().unwrap_or_default();
    let mail = |to: String| Mail {
        to,
        subject: subject.clone(),
        kind: tag("kind"),
        order_id: tag("order_id"),
        text: plain.clone(),
        html: html.clone(),
        from: from.clone(),
        sent_at: String::new(),
        details: details.clone(),
    };
    Ok(recipients.into_iter().map(mail).collect())
}

/// Reads a list of addresses that may be absent.
fn addresses(request: &Value, path: &str) -> Result<Vec<String>, &'static str> {
    let list = request.pointer(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let valid = |address: &&str| address.contains('@') && !address.contains(['\r', '\n']);
    let addresses = list.iter().map(|address| address.as_str().filter(valid).map(str::to_owned));
    addresses.collect::<Option<_>>().ok_or("an address is not valid")
}

/// Reads a list of names and values that may be absent.
fn pairs(request: &Value, path: &str) -> Result<BTreeMap<String, String>, &'static str> {
    let list = request.pointer(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |pair: &Value, key: &str| pair.get(key).and_then(Value::as_str).map(str::to_owned);
    let pairs = list.iter().map(|pair| Some((text(pair, "Name")?, text(pair, "Value")?)));
    pairs.collect::<Option<_>>().ok_or("a tag or a header has no name or no value")
}

fn answer(status: StatusCode, body: &Value, error: Option<&str>) -> Response {
    let errors = error.map(|error| [("x-amzn-errortype", error)]);
    (status, [("content-type", "application/json")], errors, body.to_string()).into_response()
}

//! The outcome of a mail. The recipient address decides it, as in SES's mailbox simulator. The events have the form
//! that AWS documents.

use jiff::ToSpan as _;
use serde_json::{Map, Value, json};

use super::composed::{ComposedMail, automatic_answer};
use crate::bus::{event, instant};
use crate::state::{Mail, random_uuid};
use crate::template::{ACCOUNT, MailConfiguration, REGION};

/// The domain of SES's own simulator.
const SIMULATOR: &str = "simulator.amazonses.com";
/// This domain and every domain below it act like SES's simulator, so that each test can have its own domain.
const SIMULATORS: &str = "simulator.example";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SimulatedOutcome {
    Delivered,
    /// Delivered, with an out-of-office answer.
    AnsweredByMachine,
    /// Delayed, then delivered.
    Delayed,
    /// Delivered, then reported as spam.
    Complained,
    /// Bounced permanently.
    Bounced,
    /// Bounced after retries, for now.
    BouncedForNow,
    /// Bounced, because the address is on SES's suppression list.
    Suppressed,
    /// Accepted, then rejected because of a virus.
    Rejected,
}

/// Decides by the address, such as `bounce@simulator.amazonses.com` or `bounce+some-label@any.simulator.example`.
pub(super) fn outcome_of(address: &str) -> SimulatedOutcome {
    let address = address.to_ascii_lowercase();
    let Some((local, domain)) = address.rsplit_once('@') else { return SimulatedOutcome::Delivered };
    let below = domain.strip_suffix(SIMULATORS).is_some_and(|below| below.is_empty() || below.ends_with('.'));
    if domain != SIMULATOR && !below {
        return SimulatedOutcome::Delivered;
    }
    match local.split('+').next().unwrap_or_default() {
        "bounce" => SimulatedOutcome::Bounced,
        "complaint" => SimulatedOutcome::Complained,
        "delay" => SimulatedOutcome::Delayed,
        "ooto" => SimulatedOutcome::AnsweredByMachine,
        "reject" => SimulatedOutcome::Rejected,
        "softbounce" => SimulatedOutcome::BouncedForNow,
        "suppressionlist" => SimulatedOutcome::Suppressed,
        _ => SimulatedOutcome::Delivered,
    }
}

impl SimulatedOutcome {
    /// The outcome's name in the inbox.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Delivered | Self::AnsweredByMachine => "delivered",
            Self::Delayed => "delayed",
            Self::Complained => "complained",
            Self::Bounced | Self::BouncedForNow | Self::Suppressed => "bounced",
            Self::Rejected => "rejected",
        }
    }

    /// The events that the mail's configuration publishes.
    pub(super) fn events(self, mail: &Mail, configuration: &MailConfiguration, now: i64) -> Vec<Value> {
        let kinds: &[&str] = match self {
            Self::Delivered | Self::AnsweredByMachine => &["Delivery"],
            Self::Delayed => &["DeliveryDelay", "Delivery"],
            Self::Complained => &["Delivery", "Complaint"],
            Self::Bounced | Self::BouncedForNow | Self::Suppressed => &["Bounce"],
            Self::Rejected => &["Reject"],
        };
        let published = kinds.iter().filter(|kind| configuration.published.contains(**kind));
        let detail = |kind: &&str| {
            let (name, of_kind) = self.event_of_kind(kind, &mail.to, now);
            let mut detail = Map::from_iter([("eventType".to_owned(), json!(kind))]);
            detail.insert("mail".to_owned(), described(mail, now));
            detail.insert(name.to_owned(), of_kind);
            wrapped(Value::Object(detail), now)
        };
        published.map(detail).collect()
    }

    /// The event's part that differs by kind: its name and its content.
    fn event_of_kind(self, kind: &str, to: &str, now: i64) -> (&'static str, Value) {
        let at = millis(now);
        match kind {
            "Bounce" => ("bounce", self.bounce(to, &at)),
            "Complaint" => {
                let complaint = json!({
                    "feedbackId": feedback_id(), "complaintSubType": null, "timestamp": at, "arrivalDate": at,
                    "complainedRecipients": [{ "emailAddress": to }], "complaintFeedbackType": "abuse",
                    "userAgent": "Amazon SES Mailbox Simulator",
                });
                ("complaint", complaint)
            }
            "DeliveryDelay" => {
                let end = instant(now).checked_add(14.hours()).unwrap_or_default();
                let delayed = json!({ "emailAddress": to, "status": "4.4.1", "diagnosticCode": "smtp; 421 4.4.1 Unable to connect" });
                let delay = json!({
                    "timestamp": at, "delayType": "TransientCommunicationFailure", "expirationTime": millis(end.as_millisecond()),
                    "delayedRecipients": [delayed], "reportingMTA": "a8-50.smtp-out.amazonses.com",
                });
                ("deliveryDelay", delay)
            }
            "Reject" => ("reject", json!({ "reason": "Bad content" })),
            _ => {
                let delivery = json!({
                    "timestamp": at, "processingTimeMillis": 546, "recipients": [to], "smtpResponse": "250 2.6.0 Message received",
                    "remoteMtaIp": "198.51.100.25", "reportingMTA": "a8-50.smtp-out.amazonses.com",
                });
                ("delivery", delivery)
            }
        }
    }

    fn bounce(self, to: &str, at: &str) -> Value {
        let (kind, sub, status, said) = match self {
            Self::BouncedForNow => ("Transient", "MailboxFull", "4.2.2", "smtp; 452 4.2.2 The mailbox is full"),
            Self::Suppressed => {
                let said = "Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an \
                            invalid address.";
                ("Permanent", "Suppressed", "5.1.1", said)
            }
            _ => ("Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown"),
        };
        let recipient = json!({ "emailAddress": to, "action": "failed", "status": status, "diagnosticCode": said });
        json!({
            "feedbackId": feedback_id(), "bounceType": kind, "bounceSubType": sub, "bouncedRecipients": [recipient],
            "timestamp": at, "reportingMTA": "dns; a8-50.smtp-out.amazonses.com",
        })
    }

    pub(super) fn answer(self, mail: &Mail, now: i64) -> Option<ComposedMail> {
        (self == Self::AnsweredByMachine).then(|| automatic_answer(mail, now))
    }
}

/// Puts an event of SES into the envelope of the bus.
pub fn wrapped(detail: Value, now: i64) -> Value {
    let kind = match detail.get("eventType").and_then(Value::as_str).unwrap_or_default() {
        "Bounce" => "Email Bounced",
        "Complaint" => "Email Complaint Received",
        "Delivery" => "Email Delivered",
        "DeliveryDelay" => "Email Delivery Delayed",
        "Reject" => "Email Rejected",
        "Rendering Failure" => "Email Rendering Failed",
        _ => "Email Sent",
    };
    let set = detail.pointer("/mail/tags/ses:configuration-set/0").and_then(Value::as_str).unwrap_or_default();
    let resources = json!([format!("arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{set}")]);
    event("aws.ses", kind, resources, detail, now)
}

/// The part that all events of a mail share.
fn described(mail: &Mail, now: i64) -> Value {
    let (at, details) = (millis(now), &mail.details);
    let given = [("From", &mail.from), ("To", &mail.to), ("Reply-To", &details.reply_to), ("Subject", &mail.subject)];
    let given = given.into_iter().filter(|(_, value)| !value.is_empty());
    let further = details.headers.iter().map(|(name, value)| (name.as_str(), value));
    let headers: Vec<Value> =
        given.chain(further).map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let domain = mail.from.rsplit_once('@').map_or("", |(_, domain)| domain.trim_end_matches('>'));
    let mut tags = json!({
        "ses:operation": ["SendEmail"], "ses:configuration-set": [details.configuration], "ses:source-ip": ["127.0.0.1"],
        "ses:from-domain": [domain], "ses:caller-identity": ["local"],
    });
    if let Some(tags) = tags.as_object_mut() {
        tags.extend(details.tags.iter().map(|(name, value)| (name.clone(), json!([value]))));
    }
    let reply_to: Vec<&str> = details.reply_to.split(", ").filter(|address| !address.is_empty()).collect();
    json!({
        "timestamp": at, "source": mail.from, "sourceArn": format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}"),
        "sendingAccountId": ACCOUNT, "messageId": details.message_id, "destination": [mail.to],
        "headersTruncated": false, "headers": headers, "tags": tags,
        "commonHeaders": {
            "from": [mail.from], "to": [mail.to], "replyTo": reply_to, "messageId": details.message_id, "subject": mail.subject,
        },
    })
}

fn feedback_id() -> String {
    format!("0100{}-000000", random_uuid())
}

fn millis(now: i64) -> String {
    instant(now).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

//! Reads a mail event as SES publishes it to EventBridge.

use std::collections::BTreeMap;

use domain::identity::OrderId;
use domain::mailing::{DeliveryOutcome, MissedMail};
use serde::Deserialize;

/// What happened to a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Became {
    /// The recipient's mail server accepted the mail.
    Delivered,
    /// SES will try the delivery again.
    Delayed,
    /// The mail was not delivered, or the recipient complained.
    Wrong(DeliveryOutcome),
    /// Any other event, such as sent, opened or clicked.
    NothingOfNote,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MailEvent {
    pub became: Became,
    /// SES's id of the mail.
    pub message_id: String,
    /// The recipient's address.
    pub to: Option<String>,
    /// The order and its mail; `None` if the mail belongs to no order.
    pub mail: Option<(OrderId, MissedMail)>,
}

#[derive(Deserialize)]
struct Envelope {
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    #[serde(default)]
    destination: Vec<String>,
    #[serde(default)]
    tags: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    complaint_feedback_type: Option<String>,
}

/// Reads an event. An error text never quotes the message, because logs must not contain addresses.
pub(crate) fn read(body: &str) -> Result<MailEvent, String> {
    let unreadable = |error: serde_json::Error| format!("line {} column {}", error.line(), error.column());
    let Envelope { detail } = serde_json::from_str(body).map_err(unreadable)?;
    let became = became(&detail);
    let Mail { message_id, destination, tags } = detail.mail;
    let tag = |name: &str| tags.get(name)?.first().map(String::as_str);
    let mail = tag("order_id")
        .and_then(|order| OrderId::parse(order).ok())
        .zip(tag("kind").zip(tag("mail")).and_then(|(kind, tag)| MissedMail::of_tag(kind, tag)));
    Ok(MailEvent { became, message_id, to: destination.first().and_then(|to| address(to)), mail })
}

fn became(detail: &Detail) -> Became {
    let permanent = detail.bounce.as_ref().is_some_and(|bounce| bounce.bounce_type == "Permanent");
    let feedback = detail.complaint.as_ref().and_then(|complaint| complaint.complaint_feedback_type.as_deref());
    match detail.event_type.as_str() {
        "Delivery" => Became::Delivered,
        "DeliveryDelay" => Became::Delayed,
        "Bounce" if permanent => Became::Wrong(DeliveryOutcome::Bounced),
        "Bounce" | "Reject" | "Rendering Failure" => Became::Wrong(DeliveryOutcome::Missed),
        // The recipient moved the mail out of the spam folder.
        "Complaint" if feedback == Some("not-spam") => Became::NothingOfNote,
        "Complaint" => Became::Wrong(DeliveryOutcome::Complained),
        _ => Became::NothingOfNote,
    }
}

/// Extracts the address from `Ann <ann@example.com>` or from `ann@example.com`.
fn address(recipient: &str) -> Option<String> {
    let inner = recipient.rsplit_once('<').map_or(recipient, |(_, rest)| rest.trim_end().trim_end_matches('>'));
    Some(inner.trim().to_owned()).filter(|address| address.contains('@'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(detail: &serde_json::Value) -> MailEvent {
        let mut detail = detail.clone();
        detail["mail"] = json!({
            "messageId": "0100-1", "destination": ["Ann <ann@example.com>"],
            "tags": {
                "kind": ["shipped"], "mail": [MissedMail::tag("p1", 1)], "order_id": ["7K3M-9Q2X-WT4P-ABC4"],
                "ses:configuration-set": ["shop"],
            },
        });
        read(&json!({ "source": "aws.ses", "detail-type": "x", "detail": detail }).to_string()).unwrap()
    }

    #[test]
    fn r24_an_event_says_which_mail_and_what_became_of_it() {
        let bounce = event(&json!({ "eventType": "Bounce", "bounce": { "bounceType": "Permanent" } }));
        assert_eq!(bounce.became, Became::Wrong(DeliveryOutcome::Bounced));
        assert_eq!(bounce.to.as_deref(), Some("ann@example.com"));
        let mail = MissedMail { kind: "shipped".to_owned(), subject: "p1".to_owned(), address: 1 };
        assert_eq!(bounce.mail, Some((OrderId::parse("7K3M-9Q2X-WT4P-ABC4").unwrap(), mail)));
        for (detail, became) in [
            (json!({ "eventType": "Delivery", "delivery": {} }), Became::Delivered),
            (json!({ "eventType": "DeliveryDelay", "deliveryDelay": {} }), Became::Delayed),
            (
                json!({ "eventType": "Bounce", "bounce": { "bounceType": "Transient" } }),
                Became::Wrong(DeliveryOutcome::Missed),
            ),
            (
                json!({ "eventType": "Bounce", "bounce": { "bounceType": "Undetermined" } }),
                Became::Wrong(DeliveryOutcome::Missed),
            ),
            (
                json!({ "eventType": "Reject", "reject": { "reason": "Bad content" } }),
                Became::Wrong(DeliveryOutcome::Missed),
            ),
            (json!({ "eventType": "Complaint", "complaint": {} }), Became::Wrong(DeliveryOutcome::Complained)),
            (
                json!({ "eventType": "Complaint", "complaint": { "complaintFeedbackType": "not-spam" } }),
                Became::NothingOfNote,
            ),
            (json!({ "eventType": "Open" }), Became::NothingOfNote),
        ] {
            assert_eq!(event(&detail).became, became, "{detail}");
        }
    }

    #[test]
    fn what_is_no_event_of_the_mailer_is_refused_without_repeating_it() {
        for odd in ["", "{}", "{\"detail\":{\"eventType\":\"Bounce\"}}", "ann@example.com"] {
            assert!(!read(odd).unwrap_err().contains("ann"), "{odd}");
        }
    }
}

//! SES's delivery events, as a test sends them.

use domain::mailing::MissedMail;
use serde_json::{Value, json};

use crate::world::{World, merge};

/// The configuration set's id in the template. Stacks on one machine use it as the name.
const CONFIGURATION: &str = "MailConfiguration";

/// Identifies a mail of an order: its kind, its subject, and the number of the address.
pub type Which<'a> = (&'a str, &'a str, u32);

/// Sends a delivery event for a mail to `to`. `special` holds the fields of this event, at least its `eventType`.
pub async fn report_event(world: &World, special: Value, to: &str, order: &str, (mail, subject, address): Which<'_>) {
    let mut detail = json!({
        "mail": {
            "timestamp": "2026-11-21T09:59:58Z", "messageId": "0100-test", "source": "orders@ledriven.example",
            "destination": [to],
            "tags": {
                "kind": [mail], "order_id": [order], "mail": [MissedMail::tag(subject, address)],
                "ses:configuration-set": [CONFIGURATION],
            },
        },
    });
    merge(&mut detail, special);
    let answer = world.mail_event(&detail).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
}

/// A permanent bounce.
pub fn bounced() -> Value {
    json!({ "eventType": "Bounce", "bounce": { "bounceType": "Permanent", "bounceSubType": "General" } })
}

/// A transient bounce.
pub fn full() -> Value {
    json!({ "eventType": "Bounce", "bounce": { "bounceType": "Transient", "bounceSubType": "MailboxFull" } })
}

/// A spam complaint.
pub fn complained() -> Value {
    json!({ "eventType": "Complaint", "complaint": { "complaintFeedbackType": "abuse" } })
}

/// A delivery to the customer's host.
pub fn delivered() -> Value {
    json!({ "eventType": "Delivery", "delivery": { "smtpResponse": "250 OK" } })
}

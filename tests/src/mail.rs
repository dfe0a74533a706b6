//! What the mailer tells of a mail, as a test says it: SES's own events, in whatever order and however often.

use domain::mailing::MissedMail;
use serde_json::{Value, json};

use crate::world::{World, merge};

/// The configuration set's id in the template, by which every stack on one machine knows it.
const CONFIGURATION: &str = "MailConfiguration";

/// Which mail of an order: its kind, of what, to which of the order's addresses.
pub type Which<'a> = (&'a str, &'a str, u32);

/// SES tells of a mail to `to`; `special` is what is special about it, its `eventType` at least.
pub async fn told(world: &World, special: Value, to: &str, order: &str, (mail, subject, address): Which<'_>) {
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

/// It came back for good.
pub fn bounced() -> Value {
    json!({ "eventType": "Bounce", "bounce": { "bounceType": "Permanent", "bounceSubType": "General" } })
}

/// It could not be delivered, for now.
pub fn full() -> Value {
    json!({ "eventType": "Bounce", "bounce": { "bounceType": "Transient", "bounceSubType": "MailboxFull" } })
}

/// Its reader called it spam.
pub fn complained() -> Value {
    json!({ "eventType": "Complaint", "complaint": { "complaintFeedbackType": "abuse" } })
}

/// The customer's host took it.
pub fn delivered() -> Value {
    json!({ "eventType": "Delivery", "delivery": { "smtpResponse": "250 OK" } })
}

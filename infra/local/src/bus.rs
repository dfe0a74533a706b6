//! The default event bus: the envelope that EventBridge puts around an event, and the queues to which the template's rules send it.
//! The senders, `ses` and `s3`, decide what an event says.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::state::{Outgoing, random_uuid};
use crate::template::{ACCOUNT, Queue, REGION, Template};

/// An event of `source`, at `now`, in milliseconds since 1970.
pub(crate) fn event(source: &str, kind: &str, resources: Value, detail: Value, now: i64) -> Value {
    let mut event = json!({
        "version": "0",
        "id": random_uuid(),
        "detail-type": kind,
        "source": source,
        "account": ACCOUNT,
        "time": instant(now).strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": REGION,
        "resources": resources,
    });
    if let Some(event) = event.as_object_mut() {
        event.insert("detail".to_owned(), detail); // `json!` would copy it once more
    }
    event
}

/// The messages that an event becomes: one for each queue of each rule that takes it.
#[must_use]
pub fn deliveries<'a>(template: &'a Template, event: &Value) -> Vec<(&'a Queue, Outgoing)> {
    let rules = template.event_rules.iter().filter(|rule| rule.pattern.wants(event));
    let queues = rules.flat_map(|rule| rule.queues.iter().filter_map(|name| template.queue(name)));
    queues.map(|queue| (queue, Outgoing { body: event.to_string(), ..Outgoing::default() })).collect()
}

/// An instant, from milliseconds since 1970.
pub(crate) fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or_default()
}

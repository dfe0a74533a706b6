//! The default event bus: EventBridge's envelope of an event, and the queues that the template's rules send it to. `ses` makes
//! the events.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::state::{Outgoing, random_uuid};
use crate::template::{ACCOUNT, Queue, REGION, Template};

/// An event of `source`; `now` in milliseconds since 1970.
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
        event.insert("detail".to_owned(), detail); // `json!` would copy it
    }
    event
}

/// The messages of an event: one for each queue of each rule that matches it.
pub fn deliveries<'a>(template: &'a Template, event: &Value) -> Vec<(&'a Queue, Outgoing)> {
    let rules = template.event_rules.iter().filter(|rule| rule.pattern.wants(event));
    let queues = rules.flat_map(|rule| rule.queues.iter().filter_map(|name| template.queue(name)));
    queues.map(|queue| (queue, Outgoing { body: event.to_string(), ..Outgoing::default() })).collect()
}

/// The instant at `millis` since 1970.
pub(crate) fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or_default()
}

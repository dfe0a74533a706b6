//! Tests the stored names of fields. Tables of running shops hold them. A renamed field keeps its stored name.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use domain::fill::LogEntry;
use domain::identity::IdentityKey;
use domain::names::PaymentReference;
use domain::order::Order;
use domain::stock::Stock;
use domain::task::Task;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const AT: &str = "2026-11-22T11:01:31Z";

/// Checks that a stored value is read and stored again unchanged.
fn assert_stored_as<T: Serialize + DeserializeOwned>(stored: &Value) {
    let read: T = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), *stored);
}

#[test]
fn a_stock_and_its_log_keep_their_stored_names() {
    assert_stored_as::<Stock>(&json!({
        "sku": "led", "filled_through": 3, "accounted_through": 5, "accounted_units": 9, "given_through": 4,
        "seen_through": 6, "seen_at": AT, "unassigned": { "east": 1 }, "received": { "east": 4 }, "written_off": 0,
        "supply": 4, "version": 7, "log_length": 2, "log_hash": "h", "written_by": "fill", "discontinued": true,
        "arrived_at": AT,
    }));
    assert_stored_as::<LogEntry>(&json!({
        "number": 1, "at": AT, "gave": [[1, { "east": 1 }]], "burnt": 2, "accounted_through": 5, "before": "h",
    }));
}

#[test]
fn an_order_keeps_its_stored_names() {
    let key = IdentityKey::new(b"an identity key of a test".to_vec()).unwrap();
    assert_stored_as::<Order>(&json!({
        "order_id": key.order_id(&PaymentReference::new("pi").unwrap()), "version": 2, "stage": "placing", "started_at": AT,
        "payment_reference": "pi", "request": "r", "channel": "web", "customer": { "email": "e", "name": "n" },
        "ship_to": {}, "lines": [], "total": 1000, "currency": "USD", "if_worse": "accept", "policy": "p",
        "in_doubt": { "led": 7 },
        "changes": {
            "c": { "at": AT, "kind": "canceled", "by_shop": true, "refund": 1, "status": "due", "request": "r" },
        },
        "swap": {
            "change_id": "s", "request": "r", "line": 0, "sku": "dear", "units": 1, "unit_price": 1250, "difference": 250,
            "payment": "pi2", "since": AT, "look_at": AT, "turn": 2, "in_doubt": 8,
        },
    }));
}

#[test]
fn a_task_keeps_its_stored_names() {
    assert_stored_as::<Task>(&json!({
        "task_id": "0123456789ABCDEF", "kind": "unclear_wish", "why": "w", "opened_at": AT,
        "letter": { "from": "f", "subject": "s", "text": "t", "received_at": AT, "stored": "k" },
    }));
}

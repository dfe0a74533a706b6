//! Tests of the loops. Each test defines its own functions: order, failures, retries, restarts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Disturbance, Source};
use crate::options::Options;
use crate::state::Outgoing;
use crate::testing::{directory, put, send, stack, start};

fn records(event: &Value) -> Vec<Value> {
    event.get("Records").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The partition keys of the records of a stream.
fn keys(event: &Value) -> Vec<String> {
    let key = |record: &Value| record.pointer("/dynamodb/Keys/pk/S").unwrap().as_str().unwrap().to_owned();
    records(event).iter().map(key).collect()
}

fn body(record: &Value) -> String {
    record.get("body").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn outgoing(group: &str, body: &str) -> Outgoing {
    let (group, body) = (group.to_owned(), body.to_owned());
    Outgoing { deduplication: format!("{group}{body}"), group, body, ..Outgoing::default() }
}

#[tokio::test]
async fn messages_of_a_group_come_in_order_even_when_some_fail_once() {
    let seen: Arc<Mutex<BTreeMap<String, Vec<String>>>> = Arc::default();
    let log = Arc::clone(&seen);
    let stack = stack(move |name, event| {
        let mut failures = Vec::new();
        for record in records(event).iter().filter(|_| name == "orderly") {
            let group = record.pointer("/attributes/MessageGroupId").and_then(Value::as_str).unwrap().to_owned();
            let first = record.pointer("/attributes/ApproximateReceiveCount").unwrap() == "1";
            if (body(record) == "3" && first) || !failures.is_empty() {
                failures.push(json!({ "itemIdentifier": record["messageId"] }));
            } else {
                log.lock().unwrap().entry(group).or_default().push(body(record));
            }
        }
        Ok(json!({ "batchItemFailures": failures }))
    });
    let stack = stack.await;
    let queue = stack.template().queue("Orderly.fifo").unwrap().clone();
    let messages: Vec<_> = ["a", "b"].iter().flat_map(|g| (0..10).map(|n| outgoing(g, &n.to_string()))).collect();
    stack.state().send(&queue, &messages, 0).unwrap();
    stack.delivery().inner.backend.wakeups.queue("Orderly.fifo");
    assert_eq!(stack.delivery().settle().await, 0);
    let expected: Vec<String> = (0..10).map(|n| n.to_string()).collect();
    let seen = seen.lock().unwrap();
    for group in ["a", "b"] {
        assert_eq!(seen[group], expected, "{group}");
    }
}

#[tokio::test]
async fn a_message_that_always_fails_becomes_a_dead_letter_and_its_group_goes_on() {
    let stack = stack(|_, event| {
        let failed = records(event).into_iter().filter(|record| body(record) == "bad");
        let failed: Vec<_> = failed.map(|record| json!({ "itemIdentifier": record["messageId"] })).collect();
        Ok(json!({ "batchItemFailures": failed }))
    });
    let stack = stack.await;
    let queue = stack.template().queue("Orderly.fifo").unwrap().clone();
    stack.state().send(&queue, &[outgoing("g", "bad"), outgoing("g", "good")], 0).unwrap();
    stack.delivery().inner.backend.wakeups.queue("Orderly.fifo");
    assert_eq!(stack.delivery().settle().await, 0);
    let dead = send("GET", &format!("{}/_local/dead-letters", stack.url()), &[], "").await;
    assert_eq!(dead.body.as_array().unwrap().len(), 1, "{}", dead.body);
    assert_eq!((&dead.body[0]["queue"], &dead.body[0]["body"]), (&json!("OrderlyDead.fifo"), &json!("bad")));
    assert_eq!(dead.body[0]["receives"], 3);
}

#[tokio::test]
async fn a_batch_of_records_is_halved_until_the_bad_one_is_alone_and_given_up() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&seen);
    let stack = stack(move |name, event| {
        if name != "changes" {
            return Ok(Value::Null);
        }
        let keys = keys(event);
        if keys.iter().any(|key| key == "bad") {
            return Err("bad".to_owned());
        }
        log.lock().unwrap().extend(keys);
        Ok(Value::Null)
    });
    let stack = stack.await;
    stack.delivery().pause();
    for key in ["1", "2", "bad", "3", "4", "5"] {
        put(&stack, key);
    }
    assert!(stack.delivery().settle().await > 0, "a paused stream still has records to come");
    stack.delivery().resume();
    assert_eq!(stack.delivery().settle().await, 0);
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    assert_eq!(seen, ["1", "2", "3", "4", "5"]);
    let dead = stack.state().messages("PlainDead").unwrap();
    assert_eq!(dead.len(), 1);
    let letter: Value = serde_json::from_str(&dead[0].body).unwrap();
    assert_eq!(letter.pointer("/DDBStreamBatchInfo/batchSize"), Some(&json!(1)));
}

#[tokio::test]
async fn disturbed_deliveries_repeat_and_mix_but_lose_nothing() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&seen);
    let stack = stack(move |name, event| {
        if name == "changes" {
            log.lock().unwrap().extend(keys(event));
        }
        Ok(Value::Null)
    });
    let stack = stack.await;
    let longest_delay = Duration::from_millis(5);
    stack.delivery().disturb(Disturbance { duplicates: 1.0, longest_delay, reorder: true });
    for key in 0..20 {
        put(&stack, &key.to_string());
    }
    assert_eq!(stack.delivery().settle().await, 0);
    let mut seen = seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 40);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 20);
}

#[tokio::test]
async fn moving_the_clock_fires_each_midnight_with_its_own_time_and_a_failure_is_tried_again() {
    let times: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&times);
    let stack = stack(move |name, event| {
        if name == "daily" {
            log.lock().unwrap().push(event["time"].as_str().unwrap().to_owned());
            if log.lock().unwrap().len() == 1 {
                return Err("not now".to_owned());
            }
        }
        Ok(Value::Null)
    });
    let stack = stack.await;
    let before = stack.clock().now();
    let moved = send("POST", &format!("{}/_local/clock", stack.url()), &[], r#"{"advance":"P31D"}"#).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    let now: jiff::Timestamp = moved.body["now"].as_str().unwrap().parse().unwrap();
    assert!(now.duration_since(before).as_hours() >= 31 * 24);
    let times = times.lock().unwrap().clone();
    assert_eq!(times.len(), 32, "31 midnights and one retry");
    assert!(times.iter().all(|time| time.ends_with("T00:00:00Z")) && times.is_sorted(), "{times:?}");
    for wrong in [r#"{"advance":"-P1D"}"#, r#"{"advance":"soon"}"#, "{}", r#"{"advance":"P1D","x":1}"#] {
        assert_eq!(send("POST", &format!("{}/_local/clock", stack.url()), &[], wrong).await.status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn a_stack_that_was_stopped_goes_on_where_it_was() {
    let data = directory("goes-on");
    let options = || Options { data: Some(data.clone()), ..Options::default() };
    let first = start(options(), |_, _| Err("not yet".to_owned())).await;
    first.delivery().advance(first.clock().now() + Duration::from_secs(3_600)).await.unwrap();
    let queue = first.template().queue("Orderly.fifo").unwrap().clone();
    first.delivery().pause_source(Source::Queue(queue.name.clone()));
    first.delivery().pause_source(Source::Stream);
    first.state().send(&queue, &[outgoing("g", "kept")], 0).unwrap();
    put(&first, "kept");
    first.state().receive(&queue, 1, false, 0).unwrap();
    let second = crate::stack::Stack::start(options(), |_| async { Err(String::new()) }).await;
    assert!(second.is_err_and(|error| error.to_string().contains("in use")));
    first.shutdown().await;
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&seen);
    let again = start(options(), move |name, event| {
        log.lock().unwrap().extend(records(event).iter().map(|_| name.to_owned()));
        Ok(Value::Null)
    });
    let again = again.await;
    assert!(again.clock().offset().as_mins() >= 59);
    assert_eq!(again.delivery().settle().await, 0);
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    assert_eq!(seen, ["changes", "orderly"]);
    again.reset().await.unwrap();
    assert!(again.clock().offset().is_zero());
    put(&again, "after");
    assert_eq!(again.delivery().settle().await, 0);
    again.shutdown().await;
    std::fs::remove_dir_all(data).unwrap();
}

#[tokio::test]
async fn a_reset_does_not_wait_for_a_batch_that_fails_for_ever_nor_for_a_pause() {
    let stack = stack(|name, _| if name == "changes" { Err("always".to_owned()) } else { Ok(Value::Null) }).await;
    put(&stack, "bad");
    tokio::time::sleep(Duration::from_millis(50)).await;
    stack.delivery().pause();
    tokio::time::timeout(Duration::from_secs(10), stack.reset()).await.unwrap().unwrap();
    stack.delivery().resume();
    assert_eq!(stack.delivery().settle().await, 0);
    assert!(stack.state().messages("PlainDead").unwrap().is_empty());
}

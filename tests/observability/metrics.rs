//! The metrics of a day, in CloudWatch's embedded metric format.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws::Metric;
use aws::metrics::{DIMENSION, NAMESPACE};
use serde_json::{Value, json};
use tests::{Call, Fault, World};

use crate::log_lines::{Kept, LogLines};

/// The values of each metric in these lines. Asserts that each line follows the format.
fn values(lines: &[Value]) -> BTreeMap<String, Vec<i64>> {
    let mut found = BTreeMap::<String, Vec<i64>>::new();
    for line in lines {
        let about = &line["_aws"];
        assert!(about["Timestamp"].as_i64().is_some_and(|at| at > 1_700_000_000_000), "{line}");
        let directives = about["CloudWatchMetrics"].as_array().unwrap();
        for directive in directives {
            assert_eq!((&directive["Namespace"], &directive["Dimensions"]), (&json!(NAMESPACE), &json!([[DIMENSION]])));
            assert!(line[DIMENSION].as_str().is_some_and(|stack| !stack.is_empty()), "{line}");
            let metrics = directive["Metrics"].as_array().unwrap();
            assert!((1..=100).contains(&metrics.len()), "{line}");
            for metric in metrics {
                let name = metric["Name"].as_str().unwrap();
                let known = Metric::ALL.iter().find(|known| known.name() == name).unwrap();
                assert_eq!(metric["Unit"], known.unit().word(), "{line}");
                let values = line[name].as_array().unwrap();
                assert!((1..=100).contains(&values.len()), "{line}");
                found.entry(name.to_owned()).or_default().extend(values.iter().map(|value| value.as_i64().unwrap()));
            }
        }
        assert!(line.to_string().len() < 256 * 1024, "the line exceeds CloudWatch's limit");
    }
    found
}

/// Number of failing calls to the mailer: a call is tried four times before its function gets the error, and two
/// functions may send.
const FAILURES: usize = 16;

/// Placed and refused orders, goods, parcels in time and late, refunds, and faults that cause a gap, a conflict and a
/// repeated attempt to send a mail.
async fn a_day(world: &World) {
    world.product("led").await;
    world.product_with("lamp", json!({ "backorderable": false })).await;
    let failures = AtomicUsize::new(0);
    let mailer_is_down = move || failures.fetch_add(1, Ordering::SeqCst) < FAILURES;
    let tap = world.tap();
    tap.fault_where(move |call| (call.operation == "SendEmail" && mailer_is_down()).then_some(Fault::RequestLost));
    let mut orders = Vec::new();
    for _ in 0..4 {
        orders.push(world.order("led", 1).placed().await);
    }
    world.settle().await;
    assert_eq!(world.order("lamp", 1).place().await.code(), "sold-out");
    tap.fault_where(|call| (call.function == "place-order" && call.operation == "UpdateItem").then_some(Fault::Lost));
    assert_eq!(world.order("led", 1).place().await.status, 503);
    tap.spare();
    world.advance_and_settle("PT10M").await;
    world.invoke("measure-lines", json!({})).await.unwrap();
    let once =
        |call: &Call| call.function == "stock-arrival" && call.operation == "TransactWriteItems" && call.number < 2;
    tap.clear();
    tap.fault_where(move |call| once(call).then_some(Fault::Conflict));
    world.arrive("led", 2).await;
    tap.spare();
    world.settle().await;
    assert_eq!(world.ship(&orders[0], "east").await.status, 200);
    world.cancel(&orders[2]).await;
    world.advance("P100D").await;
    assert_eq!(world.ship(&orders[1], "east").await.status, 200);
    world.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_measured() {
    let log_lines = LogLines::begin().await;
    let world = World::with_policy("bodybuilding").await;
    a_day(&world).await;
    let measured = values(&log_lines.measured());
    let sum = |metric: Metric| measured.get(metric.name()).map_or(0, |values| values.iter().sum());
    let most = |metric: Metric| measured.get(metric.name()).and_then(|values| values.iter().max()).copied();
    let counts = [
        (Metric::OrdersPlaced, 5),
        (Metric::OrdersRefused, 1),
        (Metric::PlacementsUnfinished, 1),
        (Metric::HolesSealed, 4),
        (Metric::Conflicts, 2),
        (Metric::UnitsGiven, 2),
        (Metric::PromisesKept, 1),
        (Metric::PromisesBroken, 1),
        (Metric::OrdersExpired, 2),
        (Metric::RefundsDue, 4),
        (Metric::RefundsPaid, 4),
        (Metric::RefundsFailed, 0),
    ];
    for (metric, expected) in counts {
        assert_eq!(sum(metric), expected, "{}: {measured:?}", metric.name());
    }
    let mails = i64::try_from(world.inbox().await.len()).unwrap();
    assert_eq!(sum(Metric::MailsSent), mails);
    assert!(sum(Metric::MailsFailed) > 0);
    assert_eq!(measured["ArrivalToRelease"].len(), 2, "one value for each order that had waited");
    assert_eq!(measured["RefundDelay"].len(), 4, "one value for each settled refund");
    let day = 24 * 60 * 60;
    assert!(measured["OrdersWaiting"].contains(&5) && measured["UnitsWaiting"].contains(&5), "five orders wait");
    assert!(most(Metric::OldestWait).is_some_and(|seconds| seconds > 20 * day), "{:?}", measured["OldestWait"]);
    assert_eq!(measured["OldestWait"].last(), Some(&0), "at the end no order waits, and the metric says so");
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_told_at_every_level_of_the_log() {
    let log_lines = LogLines::begin().await;
    let kept = Kept::default();
    let writer = kept.clone();
    tracing::subscriber::with_default(aws::log::subscriber("error", move || writer.clone()), || {
        tracing::info!("not at this level");
        tracing::info!(target: "metrics", "{{}}");
        tracing::error_span!("invocation", function = "fill").in_scope(|| tracing::error!("at this level"));
    });
    let output = kept.bytes(|lines| String::from_utf8(lines.clone()).unwrap());
    assert!(output.starts_with("{}\n"), "{output}");
    assert!(output.contains(r#""function":"fill""#) && !output.contains("not at this"), "{output}");
    drop(log_lines);
}

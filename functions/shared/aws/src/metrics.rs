//! The metrics, in CloudWatch's embedded metric format: each invocation logs its own, without a call. infra/README.md
//! explains each metric; a test compares it with this list.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::clock::Clock;

/// The target of the events that carry a line of metrics: see [`crate::log`].
pub(crate) const TARGET: &str = "metrics";
/// The namespace in CloudWatch.
pub const NAMESPACE: &str = "Backorder";
/// The only dimension: the stack. Each value of a dimension costs money; a property of the line is free.
pub const DIMENSION: &str = "stack";
/// The most values of one metric in one line.
const MAX_VALUES: usize = 100;

/// The unit of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A count. The counts of one invocation are added up.
    Count,
    /// A size at one instant. Each size is a separate value.
    Size,
    /// A duration in seconds. Each duration is a separate value.
    Seconds,
}

impl Unit {
    /// CloudWatch's name of the unit.
    pub fn word(self) -> &'static str {
        match self {
            Self::Count | Self::Size => "Count",
            Self::Seconds => "Seconds",
        }
    }
}

macro_rules! metrics {
    ($($name:ident = $unit:ident;)*) => {
        /// A metric.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "infra/README.md explains each metric")]
        pub enum Metric {
            $($name,)*
        }

        impl Metric {
            /// Every metric.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name in CloudWatch.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// The unit.
            pub fn unit(self) -> Unit {
                match self { $(Self::$name => Unit::$unit,)* }
            }
        }
    };
}

metrics! {
    ArrivalToRelease = Seconds;
    Conflicts = Count;
    // Closed gaps. The old name stays because alarms and dashboards know it.
    HolesSealed = Count;
    DeadLetters = Size;
    MailAge = Seconds;
    MailsComplained = Count;
    MailsDelayed = Count;
    MailsDelivered = Count;
    MailsFailed = Count;
    MailsMissed = Count;
    MailsSent = Count;
    MailsThrottled = Count;
    OldestTask = Seconds;
    OldestWait = Seconds;
    OrdersDiscontinued = Count;
    OrdersExpired = Count;
    OrdersPlaced = Count;
    OrdersRefused = Count;
    OrdersUndeliverable = Count;
    OrdersWaiting = Size;
    PlacementsUnfinished = Count;
    PlacingsLeft = Count;
    PromisesBroken = Count;
    PromisesKept = Count;
    RefundDelay = Seconds;
    RefundsDue = Count;
    RefundsFailed = Count;
    RefundsPaid = Count;
    RepliesCanceled = Count;
    RepliesToStaff = Count;
    TasksOpen = Size;
    UnitsGiven = Count;
    UnitsWaiting = Size;
}

/// The metrics of one invocation. Dropping this value logs the metrics, however the invocation ended.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) stack: String,
    pub(crate) function: &'static str,
    pub(crate) clock: Clock,
    values: Mutex<BTreeMap<Metric, Vec<i64>>>,
}

impl Measured {
    pub(crate) fn new(stack: String, function: &'static str, clock: Clock) -> Self {
        Self { stack, function, clock, values: Mutex::default() }
    }

    pub(crate) fn add(&self, metric: Metric, value: i64) {
        if metric.unit() == Unit::Count && value == 0 {
            return;
        }
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let known = values.entry(metric).or_default();
        match (metric.unit(), known.first_mut()) {
            (Unit::Count, Some(sum)) => *sum += value,
            _ => known.push(value),
        }
    }

    /// The log lines of all values, with at most a hundred values of each metric in a line.
    fn lines(&self) -> Vec<String> {
        let values = std::mem::take(&mut *self.values.lock().unwrap_or_else(PoisonError::into_inner));
        let longest = values.values().map(Vec::len).max().unwrap_or_default();
        (0..longest.div_ceil(MAX_VALUES)).map(|page| self.line(&values, page)).collect()
    }

    fn line(&self, values: &BTreeMap<Metric, Vec<i64>>, page: usize) -> String {
        let on_page = values.iter().filter_map(|(metric, all)| Some((metric, all.chunks(MAX_VALUES).nth(page)?)));
        let (mut named, mut line) = (Vec::new(), json!({ DIMENSION: self.stack, "function": self.function }));
        for (metric, values) in on_page {
            named.push(json!({ "Name": metric.name(), "Unit": metric.unit().word() }));
            if let Some(line) = line.as_object_mut() {
                line.insert(metric.name().to_owned(), json!(values));
            }
        }
        let metric_sets = json!([{ "Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": named }]);
        let about = json!({ "Timestamp": self.clock.now().as_millisecond(), "CloudWatchMetrics": metric_sets });
        if let Some(line) = line.as_object_mut() {
            line.insert("_aws".to_owned(), about);
        }
        Value::to_string(&line)
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        if tracing::enabled!(target: TARGET, tracing::Level::INFO) {
            self.lines().iter().for_each(|line| tracing::info!(target: TARGET, "{line}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_added_up_and_what_was_measured_stands_by_itself() {
        let measured = Measured::new("shop".to_owned(), "fill", Clock::default());
        for _ in 0..3 {
            measured.add(Metric::Conflicts, 2);
        }
        (0..150).for_each(|second| measured.add(Metric::OldestWait, second));
        let lines: Vec<Value> = measured.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2, "at most a hundred values in a line");
        assert_eq!(lines[0]["Conflicts"], json!([6]));
        assert_eq!(lines[1].get("Conflicts"), None);
        assert_eq!(lines[1]["OldestWait"].as_array().unwrap().len(), 50);
        assert!(measured.lines().is_empty(), "no value is logged twice");
    }
}

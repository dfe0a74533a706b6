//! The metrics, in CloudWatch's embedded metric format: one log line an invocation, no call. infra/README.md explains
//! each metric; a test compares it with this list.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::clock::Clock;

/// The target of the events that carry a line of metrics: see [`crate::log`].
pub(crate) const TARGET: &str = "metrics";
/// The namespace in CloudWatch.
pub const NAMESPACE: &str = "Backorder";
/// The one dimension: the stack, which separates two shops in one account. Each value of each dimension costs money; a
/// property of the line costs none.
pub const DIMENSION: &str = "stack";
/// The most values of one metric in one line.
const MAX_VALUES: usize = 100;

/// The unit of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A count; several of one invocation are added up.
    Count,
    /// A size at one instant; each is a value of its own.
    Size,
    /// A duration; each is a value of its own.
    Seconds,
}

impl Unit {
    /// The word for it in CloudWatch.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Count | Self::Size => "Count",
            Self::Seconds => "Seconds",
        }
    }
}

macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident = $unit:ident;)*) => {
        /// What is measured.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Metric {
            $($(#[$doc])* $name,)*
        }

        impl Metric {
            /// Every metric.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in CloudWatch.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What it counts in.
            #[must_use]
            pub fn unit(self) -> Unit {
                match self { $(Self::$name => Unit::$unit,)* }
            }
        }
    };
}

metrics! {
    /// From the units' coming in to the release of an order that had to wait for them.
    ArrivalToRelease = Seconds;
    /// Writes that met somebody else's write of the same items, and were tried again or given up.
    Conflicts = Count;
    /// Numbers closed because their order never came.
    HolesSealed = Count;
    /// Dead letters, of all queues.
    DeadLetters = Size;
    /// From the message of a mail to the mailer's taking it.
    MailAge = Seconds;
    /// Mails that somebody called spam.
    MailsComplained = Count;
    /// Mails whose delivery takes long.
    MailsDelayed = Count;
    /// Mails that the customer's host took.
    MailsDelivered = Count;
    /// Mails that could not be sent now; each that goes back to the queue counts, each time.
    MailsFailed = Count;
    /// Mails that came back, or that the mailer would not send; those withheld from a dead address too.
    MailsMissed = Count;
    /// Mails that the mailer took.
    MailsSent = Count;
    /// Answers of the mailer that there were too many mails a second.
    MailsThrottled = Count;
    /// How long the oldest open staff task has been open; 0 where none is.
    OldestTask = Seconds;
    /// How long the first of a line has waited: a value for each line in which somebody waits, 0 where nobody does.
    OldestWait = Seconds;
    /// Orders that gave up what they waited for, because the product will not come any more.
    OrdersDiscontinued = Count;
    /// Orders canceled because they had waited too long.
    OrdersExpired = Count;
    /// Orders that got their places.
    OrdersPlaced = Count;
    /// Orders that got no place, for good.
    OrdersRefused = Count;
    /// Orders whose address turned out to take no mail.
    OrdersUndeliverable = Count;
    /// Orders in a line: a value for each line in which somebody waits, 0 where nobody does.
    OrdersWaiting = Size;
    /// Calls to place an order that ended 503.
    PlacementsUnfinished = Count;
    /// Orders half placed that a sweep could not finish; each sweep counts.
    PlacingsLeft = Count;
    /// Lines of parcels that left after their promised day.
    PromisesBroken = Count;
    /// Lines of parcels that left on or before their promised day.
    PromisesKept = Count;
    /// From a change of an order to the end of its refund: paid, or refused by the provider for good.
    RefundDelay = Seconds;
    /// Changes whose money is to go back.
    RefundsDue = Count;
    /// Refunds that the payment provider will not pay.
    RefundsFailed = Count;
    /// Changes whose money is back.
    RefundsPaid = Count;
    /// What customers wrote, and a machine could settle: their order is canceled.
    RepliesCanceled = Count;
    /// What customers wrote that went to staff.
    RepliesToStaff = Count;
    /// Staff tasks that are open.
    TasksOpen = Size;
    /// Units given to orders.
    UnitsGiven = Count;
    /// Units waited for in a line: a value for each line in which somebody waits, 0 where nobody does.
    UnitsWaiting = Size;
}

/// The metrics of one invocation. They are logged when the last holder drops them, however the invocation ended.
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

    /// The lines of all values, at most a hundred of each metric in a line.
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
        assert!(measured.lines().is_empty(), "nothing is told twice");
    }
}

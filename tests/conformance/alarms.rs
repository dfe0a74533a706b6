//! Alarms, dashboard, runbook and the table of metrics must agree with each other, the template and the code.

use std::collections::{BTreeMap, BTreeSet};

use aws::Metric;
use aws::metrics::{DIMENSION, NAMESPACE};
use serde_norway::Value;

use crate::file;

/// AWS's own metrics that alarms and the dashboard may use.
const OF_AWS: [(&str, &str); 16] = [
    ("AWS/ApiGateway", "4xx"),
    ("AWS/ApiGateway", "5xx"),
    ("AWS/ApiGateway", "Count"),
    ("AWS/ApiGateway", "Latency"),
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits"),
    ("AWS/DynamoDB", "ConsumedWriteCapacityUnits"),
    ("AWS/DynamoDB", "SystemErrors"),
    ("AWS/DynamoDB", "ThrottledRequests"),
    ("AWS/DynamoDB", "WriteThrottleEvents"),
    ("AWS/Lambda", "Duration"),
    ("AWS/Lambda", "Errors"),
    ("AWS/Lambda", "Invocations"),
    ("AWS/Lambda", "IteratorAge"),
    ("AWS/Lambda", "Throttles"),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
];
const OF_SES: [(&str, &str); 2] = [("AWS/SES", "Reputation.BounceRate"), ("AWS/SES", "Reputation.ComplaintRate")];

fn yaml(path: &str) -> Value {
    serde_norway::from_str(&file(path)).unwrap()
}

/// The text of a value, with or without `!Sub` or `!Ref`.
fn text(value: &Value) -> &str {
    match value {
        Value::Tagged(tagged) => text(&tagged.value),
        plain => plain.as_str().unwrap_or_default(),
    }
}

fn of_type(kind: &str) -> Vec<Value> {
    let template = yaml("infra/watching.yaml");
    let resources = template.get("Resources").and_then(Value::as_mapping).unwrap().values();
    let ours = resources.filter(|it| it.get("Type").map(text) == Some(kind));
    ours.map(|it| it.get("Properties").unwrap().clone()).collect()
}

struct Alarm {
    name: String,
    page: String,
    metric: (String, String),
    dimensions: Vec<String>,
}

fn alarms() -> Vec<Alarm> {
    let mut alarms = Vec::new();
    for properties in of_type("AWS::CloudWatch::Alarm") {
        let of = |key: &str| properties.get(key).map(|value| text(value).to_owned()).unwrap_or_default();
        let description = of("AlarmDescription");
        let page = description.split_once("See infra/runbook/").and_then(|(_, page)| page.strip_suffix(".md"));
        let page = page.unwrap_or_else(|| panic!("{description} names no runbook page")).to_owned();
        let dimensions = properties.get("Dimensions").and_then(Value::as_sequence).into_iter().flatten();
        let dimensions = dimensions.filter_map(|it| it.get("Value")).map(|it| text(it).to_owned()).collect();
        assert!(properties.get("AlarmActions").is_some(), "{description} has no action");
        alarms.push(Alarm { name: of("AlarmName"), page, metric: (of("Namespace"), of("MetricName")), dimensions });
    }
    assert!(alarms.len() > 40, "the alarms were not found");
    alarms
}

fn dashboard() -> BTreeSet<(String, String)> {
    let dashboards = of_type("AWS::CloudWatch::Dashboard");
    let body = dashboards.first().and_then(|it| it.get("DashboardBody")).map(text).unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let widgets = body.get("widgets").and_then(|it| it.as_array()).unwrap();
    let rows = widgets.iter().filter_map(|it| it.pointer("/properties/metrics")?.as_array()).flatten();
    let word =
        |row: &serde_json::Value, at| row.get(at).and_then(|it: &serde_json::Value| it.as_str()).unwrap().to_owned();
    rows.map(|row| (word(row, 0), word(row, 1))).collect()
}

fn pages() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/runbook");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "README.md").map(|name| name.strip_suffix(".md").unwrap().to_owned()).collect()
}

#[test]
fn each_alarm_has_a_page_and_each_page_an_alarm() {
    let named: BTreeSet<String> = alarms().into_iter().map(|alarm| alarm.page).collect();
    assert_eq!(named, pages());
    for page in pages() {
        let text = file(&format!("infra/runbook/{page}.md"));
        for part in ["**What it means.**", "**Look.**", "**Do.**", "**Worry when**"] {
            assert!(text.contains(part), "{page} has no {part}");
        }
    }
}

#[test]
fn each_metric_that_is_watched_is_measured() {
    let ours =
        |(space, name): &(String, String)| space == NAMESPACE && Metric::ALL.iter().any(|metric| metric.name() == name);
    let of_aws = |(space, name): &(String, String)| OF_AWS.iter().chain(&OF_SES).any(|it| *it == (space, name));
    let on_dashboard = dashboard();
    for alarm in alarms() {
        assert!(ours(&alarm.metric) || of_aws(&alarm.metric), "{}: {:?}", alarm.name, alarm.metric);
        assert!(!ours(&alarm.metric) || alarm.dimensions == ["Stack"], "{} has other dimensions", alarm.name);
    }
    for metric in &on_dashboard {
        assert!(ours(metric) || of_aws(metric), "{metric:?} is on the dashboard");
    }
    for metric in Metric::ALL {
        let known = on_dashboard.contains(&(NAMESPACE.to_owned(), metric.name().to_owned()));
        assert!(known, "{} is not on the dashboard", metric.name());
    }
    assert!(file("infra/watching.yaml").contains(&format!("Name: {DIMENSION}, Value: !Ref Stack")));
}

#[test]
fn the_table_of_metrics_is_the_codes() {
    let text = file("infra/README.md");
    let rows = text.lines().filter(|line| line.starts_with("| `") && line.matches('|').count() == 5);
    let mut documented = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let page = cells[4].split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(page, _)| page);
        documented.insert(cells[1].trim_matches('`'), (cells[2], page));
    }
    let alarms = alarms();
    let page = |metric: &Metric| {
        let own = |alarm: &&Alarm| alarm.metric == (NAMESPACE.to_owned(), metric.name().to_owned());
        alarms.iter().find(own).map(|alarm| alarm.page.as_str())
    };
    let measured = Metric::ALL.iter().map(|metric| (metric.name(), (metric.unit().word(), page(metric)))).collect();
    assert_eq!(documented, measured);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_function_and_each_dead_letter_queue_has_its_alarms() {
    let world = tests::World::new().await;
    let names: BTreeSet<String> = alarms().into_iter().map(|alarm| alarm.name).collect();
    let template = file("template.yaml");
    for function in &world.stack().template().functions {
        let name = format!("FunctionName: !Sub \"${{AWS::StackName}}-{}\"", function.name);
        assert!(template.contains(&name), "{} has another name", function.name);
        let alarm = format!("${{Stack}}-{}-errors", function.name);
        assert!(names.contains(&alarm), "{alarm} is missing");
    }
    let watched: BTreeSet<String> = alarms().into_iter().flat_map(|alarm| alarm.dimensions).collect();
    for queue in &world.stack().template().queues {
        assert!(watched.contains(&queue.logical_id), "{} has no alarm", queue.logical_id);
    }
}

#[test]
fn what_the_pages_ask_for_is_there() {
    let code: String = crate::house::paths_of_sources().iter().map(|path| file(path)).collect();
    let outputs = yaml("template.yaml").get("Outputs").and_then(Value::as_mapping).cloned().unwrap();
    let mut asked = 0;
    for page in pages().iter().map(|page| format!("infra/runbook/{page}.md")).chain(["infra/README.md".to_owned()]) {
        let text = file(&page);
        for quoted in text.split("message = \"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(code.contains(&format!("\"{quoted}\"")), "{page}: no line says {quoted:?}");
            asked += 1;
        }
        for command in ["$(output ", "\ndead ", "redrive "] {
            for rest in text.split(command).skip(1) {
                let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
                assert!(!name.ends_with("Url") || outputs.contains_key(name.as_str()), "{page}: no output {name}");
            }
        }
    }
    assert!(asked > 8, "the queries were not found");
}

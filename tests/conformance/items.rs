//! The items that functions/README.md lists for each function must be those of its calls on a long day.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tests::Call;

use crate::file;
use crate::permissions::{QUEUES, calls_of_a_day};

/// For each function `reads stock`, `writes order`, `sends to FillQueue`, ..., with each item in the singular.
type Touched = BTreeMap<String, BTreeSet<String>>;

/// What a function does, though not on that day.
const RARE: [(&str, &str); 4] = [
    ("reads block", "a place in line with many blocks ahead"),
    ("place-order writes policy", "the first order under a policy that no call has set"),
    ("reconcile writes block", "a swap that a crash left under way"),
    ("stock-arrival reads receipt", "a repeat"),
];

fn documented() -> Touched {
    let text = file("functions/README.md");
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| function"));
    let row = |row: &str| {
        let mut cells = row.split('|').map(str::trim).skip(1);
        let function = cells.next().unwrap().to_owned();
        let columns = ["reads", "writes", "sends to"].iter().zip(cells.skip(1));
        let items =
            columns.flat_map(|(column, cell)| cell.split(", ").map(move |item| format!("{column} {}", singular(item))));
        // The stream brings `dispatch` its record: the function reads it without a call.
        (function, items.filter(|it| !it.ends_with(" nothing") && it != "reads the record alone").collect())
    };
    rows.map(row).collect()
}

fn singular(items: &str) -> &str {
    items.trim_end_matches('s')
}

/// The table's word for an item, by its key.
fn item(key: &Value) -> String {
    let part = |name: &str| key.get(name).and_then(|it| it.get("S")).and_then(Value::as_str).unwrap_or_default();
    let mut parts = part("pk").split('#');
    let item = match (parts.next().unwrap_or_default(), parts.nth(1), part("sk")) {
        ("ORDER", _, sort) if sort.starts_with("MAIL") => "mark",
        ("ORDER", ..) if part("entity") == "claim" => "claim",
        ("SKU", Some("LINE"), _) => "ticket",
        ("SKU", None, "TICKETS") => "counter",
        ("SKU", Some(item), _) | ("SKU", None, item) => item,
        ("ADDRESS", ..) => "suppressed",
        ("CUSTOMER", ..) => "bought",
        (item, ..) => item,
    };
    singular(&item.to_lowercase()).to_owned()
}

fn touched(call: &Call) -> Vec<String> {
    let request: Value = serde_json::from_str(&call.request).unwrap_or_default();
    let at = |name: &str| request.get(name).unwrap_or(&Value::Null);
    let reads = |key: &Value| format!("reads {}", item(key));
    let writes = |write: &Value| format!("writes {}", item(write.get("Item").or(write.get("Key")).unwrap()));
    let part =
        |(kind, part): (&String, &Value)| if kind == "ConditionCheck" { reads(&part["Key"]) } else { writes(part) };
    match call.operation.as_str() {
        "GetItem" => vec![reads(at("Key"))],
        "BatchGetItem" => {
            let tables = at("RequestItems").as_object().unwrap().values();
            tables.flat_map(|table| table["Keys"].as_array().unwrap()).map(reads).collect()
        }
        "Query" if at("IndexName").is_string() => vec![format!("reads `{}`", at("IndexName").as_str().unwrap())],
        "Query" => vec![reads(&json!({ "pk": at("ExpressionAttributeValues")[":pk"] }))],
        "PutItem" | "UpdateItem" => vec![writes(&request)],
        "TransactWriteItems" => {
            let parts = at("TransactItems").as_array().unwrap().iter();
            parts.flat_map(|it| it.as_object().unwrap()).map(part).collect()
        }
        "SendMessageBatch" => {
            let queue = QUEUES.iter().find(|queue| at("QueueUrl").as_str().unwrap().contains(**queue));
            vec![format!("sends to {}", singular(queue.unwrap()))]
        }
        "GetQueueAttributes" => vec!["reads the queues of dead letter".to_owned()],
        "GetObject" => vec!["reads the mail in the bucket".to_owned()],
        "SendEmail" => vec!["sends to the customer".to_owned()],
        other if other.contains('/') => vec!["sends to payment provider".to_owned()],
        _ => Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_functions_names_what_each_reads_and_writes() {
    let mut used = Touched::new();
    for call in calls_of_a_day().await {
        used.entry(call.function.clone()).or_default().extend(touched(call));
    }
    let mut wrong = Vec::new();
    for (function, documented) in documented() {
        let used = used.remove(&function).unwrap_or_default();
        wrong.extend(used.difference(&documented).map(|it| format!("{function} {it}: not in the list")));
        let unused = documented.difference(&used).map(|it| format!("{function} {it}"));
        wrong.extend(unused.filter(|it| !RARE.iter().any(|(rare, _)| it.ends_with(rare))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

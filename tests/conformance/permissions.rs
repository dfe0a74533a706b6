//! Each function's policy allows exactly what the function does: compares the calls of a long day, recorded by the tap,
//! with the template's statements.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_norway::Value as Yaml;
use tests::{Call, World};
use tokio::sync::OnceCell;

use crate::file;

type Allowed = BTreeMap<String, BTreeSet<String>>;

/// The queues that functions send to.
pub const QUEUES: [&str; 7] =
    ["EmailDeadLetters", "EmailQueue", "EndLineQueue", "FillQueue", "InboundQueue", "RefundQueue", "RecordDeadLetters"];

/// The permissions in the template: `dynamodb:GetItem`, `dynamodb:Query todo`, `sqs:SendMessage FillQueue`, ...
fn allowed() -> Allowed {
    let template: Yaml = serde_norway::from_str(&file("template.yaml")).unwrap();
    let resources = template.get("Resources").and_then(Yaml::as_mapping).unwrap();
    let mut allowed = Allowed::new();
    for (id, resource) in resources {
        let Some(name) = id.as_str().and_then(|id| id.strip_suffix("Function")) else { continue };
        let actions = allowed.entry(kebab(name)).or_default();
        let policies = resource.get("Properties").and_then(|it| it.get("Policies")).and_then(Yaml::as_sequence);
        for statement in policies.into_iter().flatten().filter_map(|it| it.get("Statement")?.as_sequence()).flatten() {
            let resource = format!("{:?}", statement.get("Resource"));
            let account = format!("{:?}", statement.get("Action")).contains("ses:GetAccount");
            assert!(account || !resource.contains("\"*\""), "{name} may act on all resources");
            for action in statement.get("Action").and_then(Yaml::as_sequence).into_iter().flatten() {
                for target in targets(&kebab(name), action.as_str().unwrap(), &resource) {
                    actions.insert(target);
                }
            }
        }
    }
    allowed
}

fn targets(function: &str, action: &str, resource: &str) -> Vec<String> {
    let named = |names: &[&str]| -> Vec<String> {
        names.iter().filter(|name| resource.contains(*name)).map(|name| format!("{action} {name}")).collect()
    };
    match action {
        "dynamodb:Query" => {
            let mut found = named(&["index/todo", "index/ready", "index/email"]);
            found.extend(resource.contains("Table.Arn\"").then(|| "dynamodb:Query table".to_owned()));
            found
        }
        "secretsmanager:GetSecretValue" => named(&["TokenKey", "IdentityKey", "StripeSecret"]),
        "sqs:SendMessage" => named(&QUEUES),
        // The tap records no call for these two permissions: one signs links to mails, the other lets S3 distinguish a
        // missing object from a forbidden one.
        "s3:ListBucket" => Vec::new(),
        "s3:GetObject" if function == "staff-tasks" => Vec::new(),
        other => vec![other.to_owned()],
    }
}

fn kebab(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.extend(c.to_lowercase());
    }
    text
}

/// The permission that one part of a transaction needs.
fn action(part: &Value) -> &'static str {
    match part.as_object().and_then(|part| part.keys().next()).map(String::as_str) {
        Some("Put") => "dynamodb:PutItem",
        Some("Delete") => "dynamodb:DeleteItem",
        Some("ConditionCheck") => "dynamodb:ConditionCheckItem",
        _ => "dynamodb:UpdateItem",
    }
}

fn needs(call: &Call) -> Vec<String> {
    let request: Value = serde_json::from_str(&call.request).unwrap_or_default();
    let text = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    match call.operation.as_str() {
        "TransactWriteItems" => {
            let items = request.get("TransactItems").and_then(Value::as_array).cloned().unwrap_or_default();
            items.iter().map(|item| action(item).to_owned()).collect()
        }
        "Query" if text("IndexName").is_empty() => vec!["dynamodb:Query table".to_owned()],
        "Query" => vec![format!("dynamodb:Query index/{}", text("IndexName"))],
        "SendMessageBatch" => {
            let url = text("QueueUrl");
            vec![format!("sqs:SendMessage {}", QUEUES.iter().find(|name| url.contains(*name)).unwrap_or(&"?"))]
        }
        "GetQueueAttributes" => vec!["sqs:GetQueueAttributes".to_owned()],
        "GetObject" => vec!["s3:GetObject".to_owned()],
        "GetAccount" | "SendEmail" => vec![format!("ses:{}", call.operation)],
        "GetSecretValue" => {
            let id = text("SecretId");
            let name = if id == "backorder/stripe" { "StripeSecret" } else { id.as_str() };
            vec![format!("secretsmanager:GetSecretValue {name}")]
        }
        other if other.contains('/') => Vec::new(),
        other => vec![format!("dynamodb:{other}")],
    }
}

/// The calls of a long day. Two tests read them; the first one plays the day.
pub async fn calls_of_a_day() -> &'static [Call] {
    static CALLS: OnceCell<Vec<Call>> = OnceCell::const_new();
    let play = async || {
        let world = World::with_policy("bodybuilding").await;
        tests::day::long(&world).await;
        world.tap().calls()
    };
    CALLS.get_or_init(play).await
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_each_policy_allows_just_what_its_function_does() {
    let mut used = Allowed::new();
    for call in calls_of_a_day().await {
        used.entry(call.function.clone()).or_default().extend(needs(call));
    }
    let mut wrong = Vec::new();
    for (function, allowed) in allowed() {
        let used = used.remove(&function).unwrap_or_default();
        wrong.extend(used.difference(&allowed).map(|action| format!("{function} lacks {action}")));
        wrong.extend(allowed.difference(&used).map(|action| format!("{function} never uses {action}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! The kinds of weather: which operation fails, and how. As rules of microburst.

use serde_json::{Value, json};

/// How likely a call of the operation is to be struck.
const PROBABILITY: f64 = 0.3;

/// One kind of weather.
#[derive(Clone, Debug)]
pub struct Weather {
    /// The service; `*` for what is not DynamoDB or SQS.
    pub service: &'static str,
    /// The operation, by AWS's name.
    pub operation: &'static str,
    /// What happens to it.
    pub kind: &'static str,
    /// The same for microburst.
    pub rules: Value,
}

/// The operations that the functions call, and whether they change something.
const OPERATIONS: [(&str, &str, bool); 7] = [
    ("dynamodb", "PutItem", true),
    ("dynamodb", "UpdateItem", true),
    ("dynamodb", "TransactWriteItems", true),
    ("dynamodb", "GetItem", false),
    ("dynamodb", "BatchGetItem", false),
    ("dynamodb", "Query", false),
    ("sqs", "SendMessageBatch", true),
];

/// Every kind of weather, each once.
pub fn forecast() -> Vec<Weather> {
    let mut all = Vec::new();
    for (service, operation, writes) in OPERATIONS {
        for (kind, effect) in kinds(service, operation, writes) {
            all.push(weather(service, operation, kind, effect));
        }
    }
    // SES and the payment provider, whatever is called there: their own words for errors are not microburst's, its cuts are.
    for (kind, effect) in kinds("*", "", true) {
        all.push(weather("*", "mails and money", kind, effect));
    }
    all
}

fn weather(service: &'static str, operation: &'static str, kind: &'static str, effect: Value) -> Weather {
    let mut rule = json!({ "service": service, "probability": PROBABILITY });
    if let (Some(rule), Value::Object(effect)) = (rule.as_object_mut(), effect) {
        rule.extend(effect);
        if service != "*" {
            rule.insert("operation".to_owned(), json!(operation));
        }
    }
    Weather { service, operation, kind, rules: json!([rule]) }
}

/// What can happen to an operation.
fn kinds(service: &str, operation: &str, writes: bool) -> Vec<(&'static str, Value)> {
    let error = |code: &str, status: u16| json!({ "error": { "code": code, "status": status } });
    let mut kinds = vec![
        ("latency", json!({ "latency": { "min": 300, "max": 2_000 } })),
        ("reset", json!({ "reset": true })),
        ("truncated", json!({ "response": { "truncate_frac": 0.5 } })),
        ("5xx", error(if service == "sqs" { "InternalError" } else { "InternalServerError" }, 500)),
    ];
    match service {
        "dynamodb" => kinds.push(("throttled", error("ThrottlingException", 400))),
        "sqs" => kinds.push(("throttled", error("RequestThrottled", 403))),
        _ => {}
    }
    if writes {
        kinds.push(("committed, then lost", json!({ "response": { "abort_bytes": 5 } })));
    }
    if service == "dynamodb" && writes {
        let canceled = json!([{ "Code": "TransactionConflict", "Message": "Transaction is ongoing for the item" }]);
        kinds.push(if operation == "TransactWriteItems" {
            let code = "TransactionCanceledException";
            (
                "conflict",
                json!({ "error": { "code": code, "status": 400, "fields": { "CancellationReasons": canceled } } }),
            )
        } else {
            ("conflict", error("TransactionConflictException", 400))
        });
    }
    kinds
}

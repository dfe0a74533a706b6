//! The fault profiles, as rules for microburst: which operation fails, and how.

use serde_json::{Value, json};

/// Probability that a call of the operation fails.
const PROBABILITY: f64 = 0.3;

#[derive(Clone, Debug)]
pub struct FaultProfile {
    /// The service; `*` for services other than DynamoDB and SQS.
    pub service: &'static str,
    /// AWS's name of the operation.
    pub operation: &'static str,
    pub kind: &'static str,
    pub rules: Value,
}

/// The operations that the functions call, and whether they write.
const OPERATIONS: [(&str, &str, bool); 7] = [
    ("dynamodb", "PutItem", true),
    ("dynamodb", "UpdateItem", true),
    ("dynamodb", "TransactWriteItems", true),
    ("dynamodb", "GetItem", false),
    ("dynamodb", "BatchGetItem", false),
    ("dynamodb", "Query", false),
    ("sqs", "SendMessageBatch", true),
];

pub fn fault_profiles() -> Vec<FaultProfile> {
    let mut all = Vec::new();
    for (service, operation, writes) in OPERATIONS {
        for (kind, effect) in kinds(service, operation, writes) {
            all.push(profile(service, operation, kind, effect));
        }
    }
    // SES and the payment provider, any operation. microburst does not know their error codes, so only cut connections
    // apply.
    for (kind, effect) in kinds("*", "", true) {
        all.push(profile("*", "mails and money", kind, effect));
    }
    all
}

fn profile(service: &'static str, operation: &'static str, kind: &'static str, effect: Value) -> FaultProfile {
    let mut rule = json!({ "service": service, "probability": PROBABILITY });
    if let (Some(rule), Value::Object(effect)) = (rule.as_object_mut(), effect) {
        rule.extend(effect);
        if service != "*" {
            rule.insert("operation".to_owned(), json!(operation));
        }
    }
    FaultProfile { service, operation, kind, rules: json!([rule]) }
}

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
        let fields = json!({ "CancellationReasons": canceled });
        let effect = if operation == "TransactWriteItems" {
            json!({ "error": { "code": "TransactionCanceledException", "status": 400, "fields": fields } })
        } else {
            error("TransactionConflictException", 400)
        };
        kinds.push(("conflict", effect));
    }
    kinds
}

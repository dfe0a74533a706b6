//! A second opinion on the store: AWS's own DynamoDB Local in place of ministack's DynamoDB. Its stream is read here and handed
//! to `dispatch`, as Lambda's event source mapping does; all else stays as it is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use local::creation;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::deployment::Deployment;
use crate::process::{Process, free_port, root};

/// How long between two looks for records.
const AGAIN: Duration = Duration::from_millis(30);
/// How long before a batch that failed comes again.
const AFTER_A_FAILURE: Duration = Duration::from_millis(300);

/// Starts it on a free port, in memory; gives where it listens.
///
/// # Errors
/// Why it could not be started.
pub async fn start(log: &str) -> Result<(String, Process), String> {
    let port = free_port()?.to_string();
    let home: PathBuf = root().join("target/dynamodb-local");
    let (library, jar) =
        (format!("-Djava.library.path={0}/DynamoDBLocal_lib", home.display()), home.join("DynamoDBLocal.jar"));
    let jar = jar.display().to_string();
    let arguments = [&library, "-Xmx512m", "-jar", &jar, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", &port];
    let mut process = Process::start("java", &arguments, &[], &format!("{log}-dynamodb-local.log"))?;
    let url = format!("http://127.0.0.1:{port}");
    process.listens(&url).await?;
    Ok((url, process))
}

/// Makes the stack's table there too, and begins to hand its changes to `dispatch`.
///
/// # Errors
/// What DynamoDB said.
pub async fn take_over(shop: &Arc<Deployment>) -> Result<JoinHandle<()>, String> {
    let mut request = creation(&shop.template.table);
    if let Some(request) = request.as_object_mut() {
        request.insert("TableName".to_owned(), json!(shop.physical("Table")));
    }
    let made = shop.aws.call("dynamodb", "CreateTable", &request).await?;
    let arn =
        made.pointer("/TableDescription/LatestStreamArn").and_then(Value::as_str).ok_or("the table has no stream")?;
    let (shop, arn) = (Arc::clone(shop), arn.to_owned());
    Ok(tokio::spawn(async move {
        if let Err(error) = pump(&shop, &arn).await {
            eprintln!("the stream of DynamoDB Local ended: {error}");
        }
    }))
}

async fn pump(shop: &Deployment, arn: &str) -> Result<(), String> {
    let described = shop.aws.call("dynamodbstreams", "DescribeStream", &json!({ "StreamArn": arn })).await?;
    let shard = described.pointer("/StreamDescription/Shards/0/ShardId").cloned().ok_or("the stream has no shard")?;
    let ask = json!({ "StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON" });
    let mut iterator = shop.aws.call("dynamodbstreams", "GetShardIterator", &ask).await?.get("ShardIterator").cloned();
    let wanted =
        shop.template.function("dispatch").and_then(|it| it.streams.first()).ok_or("dispatch reads no stream")?;
    while let Some(from) = iterator {
        let mut answer =
            shop.aws.call("dynamodbstreams", "GetRecords", &json!({ "ShardIterator": from, "Limit": 100 })).await?;
        iterator = answer.get("NextShardIterator").cloned();
        let records = answer.get_mut("Records").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
        let passes =
            |record: &Value| wanted.filters.is_empty() || wanted.filters.iter().any(|filter| filter.wants(record));
        let batch: Vec<Value> = records.into_iter().filter(passes).collect();
        if batch.is_empty() {
            tokio::time::sleep(AGAIN).await;
            continue;
        }
        let event = json!({ "Records": batch });
        while !shop.invoke("dispatch", &event).await.is_ok_and(|told| nothing_failed(&told)) {
            tokio::time::sleep(AFTER_A_FAILURE).await;
        }
    }
    Err("its only shard was closed".to_owned())
}

fn nothing_failed(told: &Value) -> bool {
    told.get("batchItemFailures").and_then(Value::as_array).is_none_or(Vec::is_empty)
}

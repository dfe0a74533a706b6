//! A second opinion on the store: AWS's own DynamoDB Local in place of ministack's DynamoDB. Its stream is read here and handed
//! to `dispatch`, as Lambda's event source mapping does; all else stays as it is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use local::creation;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::deployment::Deployment;
use crate::process::{Process, free_port, root};

/// How long between two looks for records.
const AGAIN: Duration = Duration::from_millis(30);
/// How late a record may come into the stream.
const LATEST: Duration = Duration::from_secs(2);
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

/// Reads the stream for ever. Writes at the same time may stand in it late, behind records that were read already (AWS's own
/// streams know no such thing): so each look begins a little before the last, and passes over what was seen.
async fn pump(shop: &Deployment, arn: &str) -> Result<(), String> {
    let wanted =
        shop.template.function("dispatch").and_then(|it| it.streams.first()).ok_or("dispatch reads no stream")?;
    let passes = |record: &Value| wanted.filters.is_empty() || wanted.filters.iter().any(|filter| filter.wants(record));
    let mut reader = Reader::open(shop, arn).await?;
    loop {
        let batch: Vec<Value> = reader.news(shop).await?.into_iter().filter(passes).collect();
        if batch.is_empty() {
            tokio::time::sleep(AGAIN).await;
            continue;
        }
        let event = json!({ "Records": batch });
        while !shop.invoke("dispatch", &event).await.is_ok_and(|told| nothing_failed(&told)) {
            tokio::time::sleep(AFTER_A_FAILURE).await;
        }
    }
}

/// How far the stream was read.
struct Reader {
    arn: String,
    shard: Value,
    /// The last record that is too old for another to come in before it.
    settled: Option<String>,
    /// What was read after that, and when.
    seen: Vec<(Instant, String)>,
}

impl Reader {
    async fn open(shop: &Deployment, arn: &str) -> Result<Self, String> {
        let described = shop.aws.call("dynamodbstreams", "DescribeStream", &json!({ "StreamArn": arn })).await?;
        let shard =
            described.pointer("/StreamDescription/Shards/0/ShardId").cloned().ok_or("the stream has no shard")?;
        Ok(Self { arn: arn.to_owned(), shard, settled: None, seen: Vec::new() })
    }

    /// Records that were not seen before.
    async fn news(&mut self, shop: &Deployment) -> Result<Vec<Value>, String> {
        while self.seen.first().is_some_and(|(at, _)| at.elapsed() > LATEST) {
            self.settled = Some(self.seen.remove(0).1);
        }
        let kind = if self.settled.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" };
        let mut ask = json!({ "StreamArn": self.arn, "ShardId": self.shard, "ShardIteratorType": kind });
        if let (Some(ask), Some(number)) = (ask.as_object_mut(), &self.settled) {
            ask.insert("SequenceNumber".to_owned(), json!(number));
        }
        let from = shop.aws.call("dynamodbstreams", "GetShardIterator", &ask).await?;
        let ask = json!({ "ShardIterator": from.get("ShardIterator"), "Limit": 1_000 });
        let mut answer = shop.aws.call("dynamodbstreams", "GetRecords", &ask).await?;
        let mut records =
            answer.get_mut("Records").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
        records.retain(|record| !self.seen.iter().any(|(_, seen)| seen == number(record)));
        let newest = self.seen.iter().map(|(_, seen)| seen.as_str()).max();
        let late = records.iter().filter(|record| newest.is_some_and(|newest| number(record) < newest)).count();
        if late > 0 {
            println!("DynamoDB Local: {late} changes stood in the stream behind later ones");
        }
        self.seen.extend(records.iter().map(|record| (Instant::now(), number(record).to_owned())));
        self.seen.sort_by(|one, other| one.1.cmp(&other.1));
        Ok(records)
    }
}

/// A record's number, of the same length for all.
fn number(record: &Value) -> &str {
    record.pointer("/dynamodb/SequenceNumber").and_then(Value::as_str).unwrap_or_default()
}

fn nothing_failed(told: &Value) -> bool {
    told.get("batchItemFailures").and_then(Value::as_array).is_none_or(Vec::is_empty)
}

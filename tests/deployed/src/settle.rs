//! Waits until a deployed shop has no work left, moves its clock, and empties it, all through AWS's APIs.
//!
//! No API reports how far a stream was read, so this module sends a probe: an item that `dispatch` cannot read and
//! sends whole to the record dead letters. Once the probe is there, `dispatch` has processed every earlier change.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use local::due;
use local::template::Queue;
use serde_json::{Value, json};

use crate::deployment::Deployment;

/// Maximum time for settling. The grace period of a gap is 60 seconds.
const SETTLE: Duration = Duration::from_secs(85);
/// Maximum time for all work that one scheduled run causes.
const BETWEEN_RUNS: Duration = Duration::from_secs(20);
const AGAIN: Duration = Duration::from_millis(15);
/// Time between two sweeps, while gaps are within their grace period.
const BETWEEN_SWEEPS: Duration = Duration::from_secs(2);
/// Number of index shards that mark products with unresolved numbers.
const DRAWN_SHARDS: u32 = 8;
/// Maximum number of items that one call deletes.
const BATCH: usize = 25;
/// Prefix of the probes' keys.
const PROBE: &str = "PROBE#";

impl Deployment {
    /// Waits up to 85 seconds until nothing is pending, and returns the number of pending stream records, messages and
    /// products with unresolved numbers. It runs the sweep for such products. Dead letters do not count.
    pub async fn settle(&self) -> Result<usize, String> {
        let end = Instant::now() + SETTLE;
        loop {
            let pending = self.quiet(end).await?;
            let gaps = self.drawn().await?;
            if pending > 0 || gaps == 0 || Instant::now() > end {
                return Ok(pending + gaps);
            }
            // A failed run is repeated by this loop, as in production by the next minute's run.
            let _failed = self.invoke("reconcile", &json!({ "time": self.provider.clock.now().to_string() })).await;
            self.quiet(end).await?;
            if self.drawn().await? > 0 {
                tokio::time::sleep(BETWEEN_SWEEPS).await;
            }
        }
    }

    /// Waits until the stream is dispatched and the queues are empty, twice in a row: the second round covers the
    /// changes that the first round's messages caused.
    async fn quiet(&self, end: Instant) -> Result<usize, String> {
        let mut rounds = 0;
        loop {
            let dispatched = self.probe(end).await?;
            let pending = self.backlog().await? + usize::from(!dispatched);
            rounds = if pending == 0 { rounds + 1 } else { 0 };
            if rounds == 2 || Instant::now() > end {
                return Ok(pending);
            }
            while rounds == 0 && self.backlog().await? > 0 && Instant::now() < end {
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    /// Sends a probe through the stream. Returns false if it does not arrive in time.
    async fn probe(&self, end: Instant) -> Result<bool, String> {
        let key = format!("{PROBE}{}", self.probes.fetch_add(1, Ordering::SeqCst));
        let mut item = json!({ "pk": { "S": key }, "sk": { "S": "PROBE" }, "entity": { "S": "order" } });
        let table = self.physical("Table");
        self.aws.call("dynamodb", "PutItem", &json!({ "TableName": table, "Item": item })).await?;
        let queue = self.physical("RecordDeadLetters");
        let receive = json!({ "QueueUrl": queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0 });
        let seen = loop {
            let mut answer = self.aws.call("sqs", "ReceiveMessage", &receive).await?;
            let found =
                answer.get_mut("Messages").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
            if let Some(letter) = found.iter().find(|letter| text(letter, "Body").contains(&format!("\"{key}\""))) {
                let delete = json!({ "QueueUrl": queue, "ReceiptHandle": text(letter, "ReceiptHandle") });
                self.aws.call("sqs", "DeleteMessage", &delete).await?;
                break true;
            }
            if Instant::now() > end {
                break false;
            }
            tokio::time::sleep(AGAIN).await;
        };
        if let Some(item) = item.as_object_mut() {
            item.remove("entity");
        }
        self.aws.call("dynamodb", "DeleteItem", &json!({ "TableName": table, "Key": item })).await?;
        Ok(seen)
    }

    /// The number of messages in the functions' queues, including those in flight.
    async fn backlog(&self) -> Result<usize, String> {
        let names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ];
        let mut backlog = 0;
        for queue in self.template.queues.iter().filter(|queue| queue.redrive.is_some()) {
            let ask = json!({ "QueueUrl": self.physical(&queue.logical_id), "AttributeNames": names });
            let response = self.aws.call("sqs", "GetQueueAttributes", &ask).await?;
            let count = |name: &str| text(&response, &format!("Attributes/{name}")).parse::<usize>().unwrap_or(0);
            backlog += names.into_iter().map(count).sum::<usize>();
        }
        Ok(backlog)
    }

    /// The number of products with numbers beyond their resolved watermark.
    async fn drawn(&self) -> Result<usize, String> {
        let mut drawn = 0;
        for shard in 0..DRAWN_SHARDS {
            let query = json!({
                "TableName": self.physical("Table"), "IndexName": "todo", "KeyConditionExpression": "todo = :shard",
                "ExpressionAttributeValues": { ":shard": { "S": format!("DRAWN#{shard}") } }, "Select": "COUNT",
            });
            let response = self.aws.call("dynamodb", "Query", &query).await?;
            let count = response.get("Count").and_then(Value::as_u64);
            drawn += count.map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX));
        }
        Ok(drawn)
    }

    /// Moves the shop's clock and invokes each schedule that falls due meanwhile, with the due time in its event. The
    /// functions' own clock does not move; only the time in a schedule's event does.
    pub async fn advance(&self, until: Timestamp) -> Result<(), String> {
        let now = self.provider.clock.now();
        for run in due(&self.template.schedules, now, until)? {
            let Some(schedule) = self.template.schedules.get(run.schedule) else { continue };
            // Queues drop a repeated message id, and ids contain times. So no two runs may have the same time.
            let at = run.at + SignedDuration::from_micros(fastrand::i64(1..1_000_000));
            self.provider.clock.move_to(at);
            let input = schedule.input.as_deref().unwrap_or("{}");
            let event = input.replace("<aws.scheduler.scheduled-time>", &at.to_string());
            self.invoke(&schedule.function, &serde_json::from_str(&event).unwrap_or_default()).await?;
            self.quiet(Instant::now() + BETWEEN_RUNS).await?;
        }
        self.provider.clock.move_to(until);
        Ok(())
    }

    /// The messages in all dead letter queues. Reading does not hide them.
    pub async fn dead_letters(&self) -> Result<Vec<Value>, String> {
        let mut letters = Vec::new();
        for queue in self.dead_letter_queues() {
            let url = self.physical(&queue.logical_id);
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("QueueUrl", url).finish();
            let path = format!("/_ministack/sqs/messages?{query}");
            let response = self.aws.rest("sqs", "GET", &path, &json!({})).await?;
            let found = response.get("messages").and_then(Value::as_array).into_iter().flatten();
            letters.extend(found.filter(|it| !it.to_string().contains(PROBE)).cloned());
        }
        Ok(letters)
    }

    fn dead_letter_queues(&self) -> impl Iterator<Item = &Queue> {
        self.template.queues.iter().filter(|queue| queue.redrive.is_none())
    }

    /// Deletes all items, messages, mails and payments, and resets the clock.
    pub async fn empty(&self) -> Result<(), String> {
        self.quiet(Instant::now() + BETWEEN_RUNS).await?;
        let key = |item: Value| json!({ "DeleteRequest": { "Key": { "pk": item.get("pk"), "sk": item.get("sk") } } });
        let requests: Vec<Value> = self.items().await?.into_iter().map(key).collect();
        for batch in requests.chunks(BATCH) {
            let delete = json!({ "RequestItems": { self.physical("Table"): batch } });
            self.aws.call("dynamodb", "BatchWriteItem", &delete).await?;
        }
        for queue in &self.template.queues {
            self.aws.call("sqs", "PurgeQueue", &json!({ "QueueUrl": self.physical(&queue.logical_id) })).await?;
        }
        self.provider.state.clear().map_err(|error| error.to_string())?;
        self.provider.clock.reset();
        Ok(())
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(&format!("/{pointer}")).and_then(Value::as_str).unwrap_or_default()
}

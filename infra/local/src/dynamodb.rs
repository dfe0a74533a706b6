//! The table and its stream, which dynoxide keeps in memory or in a file. The SDK reaches the table through a port. The delivery
//! reads the stream in process. An error is dynoxide's, as text.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use dynoxide::Database;
use dynoxide::actions::create_table::CreateTableRequest;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::list_streams::ListStreamsRequest;
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::state::random_id;
use crate::template;

/// dynoxide finds a stream's last record by number. Without this index, every write reads the whole stream.
const STREAM_INDEX: &str = "CREATE INDEX IF NOT EXISTS stream_records_by_number
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER));";

/// A stream keeps its records for a day. Opening a file drops its older records.
const STREAM_RETENTION: &str =
    "DELETE FROM _stream_records WHERE created_at < CAST(strftime('%s', 'now') AS INTEGER) - 86400
     AND CAST(sequence_number AS INTEGER) + 0 <= ?1;";

/// The shop's table.
#[derive(Clone)]
pub struct Table {
    database: Database,
    name: String,
    /// An empty table, for the start and for resets.
    blank: Arc<Blank>,
    stream: Option<Stream>,
}

struct Blank {
    uri: String,
    /// A handle that keeps the in-memory database alive.
    _held: Database,
}

#[derive(Clone)]
struct Stream {
    arn: String,
    shard: String,
}

/// A change of the table.
#[derive(Clone, Debug)]
pub struct Record {
    /// The change's number in the stream.
    pub sequence: String,
    /// The record as Lambda gets it.
    pub event: Value,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Table").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Table {
    /// Opens the table in memory, or in the file at `path`, and makes it if it does not exist.
    pub fn open(described: &template::Table, path: Option<&Path>) -> Result<Self, String> {
        let blank = Blank::new(described)?;
        let database = match path {
            None => {
                let database = Database::memory().map_err(text)?;
                database.restore_from(&blank.uri).map_err(text)?;
                database
            }
            Some(path) => {
                let path = path.to_str().ok_or("the data directory's name is not UTF-8")?;
                let database = Database::new(path).map_err(text)?;
                let exists = database.get_table_metadata(&described.name).map_err(text)?.is_some();
                if !exists {
                    database.restore_from(&blank.uri).map_err(text)?;
                }
                database
            }
        };
        let stream = stream(&database, described)?;
        Ok(Self { database, name: described.name.clone(), blank: Arc::new(blank), stream })
    }

    /// The database itself, for tests and audits.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The table's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Empties the table and its stream.
    pub fn clear(&self) -> Result<(), String> {
        self.database.restore_from(&self.blank.uri).map_err(text)
    }

    /// Up to `most` changes after the number `position`; `None` begins at the oldest.
    pub fn changes(&self, position: Option<&str>, most: usize) -> Result<Vec<Record>, String> {
        let Some(stream) = &self.stream else { return Ok(Vec::new()) };
        let kind = if position.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" };
        let request = GetShardIteratorRequest {
            stream_arn: stream.arn.clone(),
            shard_id: stream.shard.clone(),
            shard_iterator_type: kind.to_owned(),
            sequence_number: position.map(str::to_owned),
        };
        let iterator = self.database.get_shard_iterator(request).map_err(text)?;
        let shard_iterator = iterator.shard_iterator.ok_or("the stream gave no iterator")?;
        let request = GetRecordsRequest { shard_iterator, limit: Some(most) };
        let answer = self.database.get_records(request).map_err(text)?;
        let mut records = Vec::with_capacity(answer.records.len());
        for record in answer.records {
            let sequence = record.dynamodb.sequence_number.clone();
            let mut event = serde_json::to_value(&record).map_err(text)?;
            if let Some(event) = event.as_object_mut() {
                event.insert("eventSourceARN".to_owned(), Value::String(stream.arn.clone()));
            }
            records.push(Record { sequence, event });
        }
        Ok(records)
    }

    /// The keys (`pk`, `sk`) of up to `most` items with `value` in `attribute`, the key of `index`.
    pub fn indexed(&self, index: &str, attribute: &str, value: &str, most: usize) -> Result<Vec<Value>, String> {
        let request = json!({
            "TableName": self.name, "IndexName": index, "Limit": most, "KeyConditionExpression": "#key = :value",
            "ExpressionAttributeNames": { "#key": attribute }, "ExpressionAttributeValues": { ":value": { "S": value } },
        });
        let answer = self.database.query(serde_json::from_value(request).map_err(text)?).map_err(text)?;
        let answer = serde_json::to_value(&answer).map_err(text)?;
        Ok(answer.get("Items").and_then(Value::as_array).cloned().unwrap_or_default())
    }
}

impl Blank {
    fn new(described: &template::Table) -> Result<Self, String> {
        let uri = format!("file:blank-{}?mode=memory&cache=shared", random_id(16));
        let held = Database::new(&uri).map_err(text)?;
        let request: CreateTableRequest = serde_json::from_value(creation(described)).map_err(text)?;
        held.create_table(request).map_err(text)?;
        Connection::open(&uri).and_then(|side| side.execute_batch(STREAM_INDEX)).map_err(text)?;
        Ok(Self { uri, _held: held })
    }
}

/// Drops the stream's records in a file, if they are older than a day and their number is at most `delivered`.
pub fn drop_old_records(path: &Path, delivered: &str) -> Result<(), String> {
    // A public number has 21 digits: a 1, zeros, and the stored number.
    let stored: i64 = delivered.get(1..).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let side = Connection::open(path).map_err(text)?;
    side.execute(STREAM_RETENTION, [stored]).map(drop).map_err(text)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn stream(database: &Database, described: &template::Table) -> Result<Option<Stream>, String> {
    if described.stream.is_none() {
        return Ok(None);
    }
    let request = ListStreamsRequest { table_name: Some(described.name.clone()), ..ListStreamsRequest::default() };
    let streams = database.list_streams(request).map_err(text)?;
    let arn = streams.streams.into_iter().next().ok_or("the table has no stream")?.stream_arn;
    let request = DescribeStreamRequest { stream_arn: arn.clone(), ..DescribeStreamRequest::default() };
    let description = database.describe_stream(request).map_err(text)?.stream_description;
    let shard = description.shards.into_iter().next().ok_or("the stream has no shard")?.shard_id;
    Ok(Some(Stream { arn, shard }))
}

/// The request of `CreateTable` for a table of the template.
pub fn creation(table: &template::Table) -> Value {
    let keys = |keys: &[template::Key]| -> Vec<Value> {
        keys.iter().map(|key| json!({ "AttributeName": key.attribute, "KeyType": key.role })).collect()
    };
    let attributes = table.attributes.iter();
    let attributes: Vec<Value> =
        attributes.map(|(name, kind)| json!({ "AttributeName": name, "AttributeType": kind })).collect();
    let mut request = json!({
        "TableName": table.name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": keys(&table.keys),
        "AttributeDefinitions": attributes,
    });
    let indexes = table.indexes.iter().map(|index| {
        let projection = json!({ "ProjectionType": index.projection });
        json!({ "IndexName": index.name, "KeySchema": keys(&index.keys), "Projection": projection })
    });
    let indexes: Vec<Value> = indexes.collect();
    if let Some(object) = request.as_object_mut() {
        if !indexes.is_empty() {
            object.insert("GlobalSecondaryIndexes".to_owned(), Value::Array(indexes));
        }
        if let Some(view) = &table.stream {
            let stream = json!({ "StreamEnabled": true, "StreamViewType": view });
            object.insert("StreamSpecification".to_owned(), stream);
        }
    }
    request
}

/// The table's server. Its own threads keep its work from delaying the functions. Dropping this value stops the server.
#[derive(Debug)]
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, table: &Table) -> std::io::Result<Self> {
        listener.set_nonblocking(true)?;
        let database = table.database.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        std::thread::Builder::new().name("dynamodb".to_owned()).spawn(move || {
            let served = runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).map_err(text)?;
                tokio::select! {
                    served = dynoxide::server::serve_with_shutdown(listener, database, std::future::pending()) => served,
                    _ = stopped => Ok(()),
                }
            });
            if let Err(error) = served {
                tracing::error!(error, "the table's server ended");
            }
            runtime.shutdown_background();
        })?;
        Ok(Self { stop: Some(stop) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

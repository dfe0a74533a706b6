//! Copies a restored table into the shop's table: deletes every item of the shop's table, then puts every item of the restored one.
//! Each put passes the stream, so every consequence of an item happens again. Those that had already happened are recognized by their
//! marks and by the payment provider.
//!
//! Invariant: nothing is deleted before every key of the restored table was read once.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, PutRequest, WriteRequest};

type Item = HashMap<String, AttributeValue>;

/// How many items a batch of writes takes.
const BATCH: usize = 25;
/// How often what a batch left over is written again.
const TRIES: u32 = 12;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Items that the shop's table had.
    pub removed: usize,
    /// Items that were put into it.
    pub put: usize,
}

/// Makes the shop's table `to` what the table `from` is. `progress` hears of every batch. Repeating it after it broke off
/// ends in the same state.
pub async fn restore(
    client: &Client,
    from: &str,
    to: &str,
    progress: impl Fn(&str, usize),
) -> Result<Restored, String> {
    if from == to {
        return Err("a table cannot be restored from itself: --from names the restored one".to_owned());
    }
    let kept = keys(client, from).await?;
    if kept.is_empty() {
        return Err(format!("{from} is empty: nothing was changed"));
    }
    let mut done = Restored::default();
    for batch in keys(client, to).await?.chunks(BATCH) {
        let requests = batch.iter().map(|key| removal(key.clone())).collect::<Result<_, _>>()?;
        write(client, to, requests).await?;
        done.removed += batch.len();
        progress("removed", done.removed);
    }
    let mut after = None;
    loop {
        let page = client.scan().table_name(from).consistent_read(true).set_exclusive_start_key(after).send().await;
        let page = page.map_err(|error| refused(from, &error))?;
        for batch in page.items().chunks(BATCH) {
            let requests = batch.iter().map(|item| put(item.clone())).collect::<Result<_, _>>()?;
            write(client, to, requests).await?;
            done.put += batch.len();
            progress("put", done.put);
        }
        after = page.last_evaluated_key;
        if after.is_none() {
            return Ok(done);
        }
    }
}

/// The keys of every item.
async fn keys(client: &Client, table: &str) -> Result<Vec<Item>, String> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let asked = client.scan().table_name(table).consistent_read(true).projection_expression("pk, sk");
        let page = asked.set_exclusive_start_key(after).send().await.map_err(|error| refused(table, &error))?;
        after = page.last_evaluated_key;
        found.extend(page.items.unwrap_or_default());
        if after.is_none() {
            return Ok(found);
        }
    }
}

fn removal(key: Item) -> Result<WriteRequest, String> {
    let request = DeleteRequest::builder().set_key(Some(key)).build().map_err(|error| error.to_string())?;
    Ok(WriteRequest::builder().delete_request(request).build())
}

fn put(item: Item) -> Result<WriteRequest, String> {
    let request = PutRequest::builder().set_item(Some(item)).build().map_err(|error| error.to_string())?;
    Ok(WriteRequest::builder().put_request(request).build())
}

/// Writes a batch, and what DynamoDB left over of it again.
async fn write(client: &Client, table: &str, mut requests: Vec<WriteRequest>) -> Result<(), String> {
    for tried in 0..TRIES {
        let asked = client.batch_write_item().request_items(table, requests);
        let answer = asked.send().await.map_err(|error| refused(table, &error))?;
        requests = answer.unprocessed_items.unwrap_or_default().remove(table).unwrap_or_default();
        if requests.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50 << tried.min(6))).await;
    }
    Err(format!("{table} takes no more writes for now: run the same command again"))
}

fn refused(table: &str, error: &(impl std::error::Error + 'static)) -> String {
    format!("{table}: {}; run the same command again once that is mended", DisplayErrorContext(error))
}

//! Copies a restored table into the shop's table: deletes all items of the shop's table, then puts all restored items.
//! Each put enters the stream and triggers its consequences again. Marks and the payment provider prevent a second
//! effect. Invariant: nothing is deleted before every key of the restored table was read once.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, PutRequest, WriteRequest};

type Item = HashMap<String, AttributeValue>;

/// The most items of a batch write.
const BATCH: usize = 25;
/// The most attempts to write a batch.
const TRIES: u32 = 12;

/// The counts of a restore.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Items deleted from the shop's table.
    pub removed: usize,
    /// Items put into the shop's table.
    pub put: usize,
}

/// Replaces the content of the shop's table `to` with that of `from`. Calls `progress` after every batch. A repeat after an
/// error ends in the same state.
pub async fn restore(
    client: &Client,
    from: &str,
    to: &str,
    progress: impl Fn(&str, usize),
) -> Result<Restored, String> {
    if from == to {
        return Err("--from and --to must differ: --from names the restored table".to_owned());
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

/// Writes a batch. Items that DynamoDB leaves unprocessed are written again.
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
    Err(format!("{table} accepts no more writes for now: run the same command again"))
}

fn refused(table: &str, error: &(impl std::error::Error + 'static)) -> String {
    format!("{table}: {}; fix the cause and run the same command again", DisplayErrorContext(error))
}

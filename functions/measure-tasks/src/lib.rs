//! Every five minutes: what lies in the dead letters becomes a task of the staff, or its task is done when nothing is left;
//! and how many tasks are open, and for how long the oldest, is told.

use aws::{CorrelationId, Metric, Shop};
use domain::task::Task;
use jiff::Timestamp;
use lambda_runtime::Error;
use serde_json::Value;
use use_cases::Trouble;
use use_cases::retry::Tries;

/// So many open tasks are counted; more are as bad.
const MOST_COUNTED: i32 = 500;

/// Looks and tells.
///
/// # Errors
/// Where a queue or the table fails; the next run looks again.
pub async fn handle(shop: &Shop, _fired: Value) -> Result<(), Error> {
    let shop = shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    Ok(shop.told(measure(&shop)).await?)
}

async fn measure(shop: &Shop) -> Result<(), Trouble> {
    let now = shop.clock.now();
    let mut dead = 0;
    for (queue, url) in &shop.settings.dead_letters {
        let messages = shop.queues.lying(url).await?;
        dead += messages;
        settle(shop, Task::dead_letter(queue, messages, now), now).await?;
    }
    shop.measure(Metric::DeadLetters, i64::try_from(dead).unwrap_or(i64::MAX));
    let (open, _) = shop.table.open_tasks("", MOST_COUNTED).await?;
    let oldest = open.first().map_or(0, |task| now.duration_since(task.opened_at).as_secs());
    shop.measure(Metric::TasksOpen, i64::try_from(open.len()).unwrap_or(i64::MAX));
    shop.measure(Metric::OldestTask, oldest);
    tracing::info!(open = open.len(), oldest, dead, "staff tasks");
    Ok(())
}

/// Opens the task of a queue in which something lies, or settles it.
async fn settle(shop: &Shop, task: Task, now: Timestamp) -> Result<(), Trouble> {
    let known = shop.table.task(&task.task_id).await?.filter(|task| task.done_at.is_none());
    let open = known.as_ref().and_then(|known| known.messages);
    if task.messages == open.or(Some(0)) {
        return Ok(());
    }
    let mut tries = Tries::of(6);
    loop {
        let written = match task.messages {
            Some(0) => shop.table.finish_task(&task.task_id, now).await.map(|_| ()),
            _ => shop.table.open_task_again(&task).await,
        };
        match written {
            Ok(()) => return Ok(()),
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

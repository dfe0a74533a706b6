//! Every five minutes: opens a staff task for each dead letter queue with messages, settles the task of an emptied
//! queue, and measures the number of open tasks and the age of the oldest.

use aws::{App, CorrelationId, Metric};
use domain::task::Task;
use jiff::Timestamp;
use lambda_runtime::Error;
use serde_json::Value;
use use_cases::RetryableError;
use use_cases::retry::retry;

/// The maximum number of open tasks that are counted. A higher count would be no more useful.
const MAX_COUNTED: i32 = 500;
/// The most tries while other writes change the same task.
const TRIES: u32 = 6;

/// Opens or settles the tasks of the dead letter queues, and measures the open tasks.
pub async fn handle(app: &App, _fired: Value) -> Result<(), Error> {
    let app = app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    Ok(app.in_span(measure(&app)).await?)
}

async fn measure(app: &App) -> Result<(), RetryableError> {
    let now = app.clock.now();
    let mut dead = 0;
    for (queue, url) in &app.settings.dead_letters {
        let messages = app.queues.lying(url).await?;
        dead += messages;
        settle(app, Task::dead_letter(queue, messages, now), now).await?;
    }
    app.measure(Metric::DeadLetters, i64::try_from(dead).unwrap_or(i64::MAX));
    let (open, _) = app.table.open_tasks("", MAX_COUNTED).await?;
    let oldest = open.first().map_or(0, |task| now.duration_since(task.opened_at).as_secs());
    app.measure(Metric::TasksOpen, i64::try_from(open.len()).unwrap_or(i64::MAX));
    app.measure(Metric::OldestTask, oldest);
    tracing::info!(open = open.len(), oldest, dead, "staff tasks");
    Ok(())
}

/// Opens the task of a queue that has messages, or settles the task of an empty queue.
async fn settle(app: &App, task: Task, now: Timestamp) -> Result<(), RetryableError> {
    let known = app.table.task(&task.task_id).await?.filter(|task| task.done_at.is_none());
    let open = known.as_ref().and_then(|known| known.messages);
    if task.messages == open.or(Some(0)) {
        return Ok(());
    }
    match task.messages {
        Some(0) => retry(TRIES, || app.table.finish_task(&task.task_id, now)).await.map(|_| ()),
        _ => retry(TRIES, || app.table.open_task_again(&task)).await,
    }
}

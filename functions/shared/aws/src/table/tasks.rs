//! Staff tasks. A task is opened once, listed while it is open, and kept when it is done.

use domain::task::{Task, TaskId};
use jiff::Timestamp;

use super::Table;
use super::item::{Item, attribute, item, text, value};
use super::keys::{self, Marked, sortable};
use super::read::Question;
use super::write::{Write, WriteError, Written};
use crate::service_error::ServiceError;

/// Puts a task. An open task goes into the index `todo`.
pub(super) fn put_task(task: &Task) -> Result<Write, ServiceError> {
    let mut stored = item(keys::task(&task.task_id), "task", task)?;
    if task.done_at.is_none() {
        stored.insert("todo".to_owned(), text(Marked::Task.partition(0)));
        stored.insert("todo_at".to_owned(), text(format!("{}#{}", sortable(task.opened_at), task.task_id)));
    }
    Ok(Write::put(stored))
}

/// Settles an existing task. An already settled task keeps its time.
pub(super) fn done_task(id: &TaskId, at: Timestamp) -> Result<Write, ServiceError> {
    Ok(Write::update(keys::task(id), "SET done_at = if_not_exists(done_at, :now) REMOVE todo, todo_at")
        .when("attribute_exists(pk)")
        .value(":now", attribute(&at)?))
}

impl Table {
    /// Opens a task, only if no task with its id exists, open or done. False: one exists.
    pub async fn open_task(&self, task: &Task) -> Result<bool, WriteError> {
        Ok(matches!(self.write(put_task(task)?.if_absent()).await?, Written::Done(_)))
    }

    /// Opens a task, or opens it again after it was done. An open task keeps its age and gets the new `messages`.
    pub async fn open_task_again(&self, task: &Task) -> Result<(), WriteError> {
        let closed = put_task(task)?.when("attribute_not_exists(pk) OR attribute_exists(done_at)");
        if matches!(self.write(closed).await?, Written::Done(_)) {
            return Ok(());
        }
        let count = Write::update(keys::task(&task.task_id), "SET messages = :messages")
            .when("attribute_exists(pk) AND attribute_not_exists(done_at)")
            .value(":messages", attribute(&task.messages)?);
        self.write(count).await.map(|_: Written| ())
    }

    /// Settles a task. False: it is settled already, or does not exist.
    pub async fn finish_task(&self, id: &TaskId, at: Timestamp) -> Result<bool, WriteError> {
        let done = done_task(id, at)?.when("attribute_exists(pk) AND attribute_not_exists(done_at)");
        Ok(matches!(self.write(done).await?, Written::Done(_)))
    }

    /// The task with this id.
    pub async fn task(&self, id: &TaskId) -> Result<Option<Task>, ServiceError> {
        self.get(keys::task(id)).await?.map(value).transpose()
    }

    /// At most `limit` open tasks after a position, oldest first, and the next position, if there may be more.
    pub async fn open_tasks(&self, after: &str, limit: i32) -> Result<(Vec<Task>, Option<String>), ServiceError> {
        let after = if after.is_empty() { "0" } else { after };
        let asked = [(":todo", Marked::Task.partition(0)), (":after", after.to_owned())];
        let question = Question::new("todo = :todo AND todo_at > :after", asked);
        let items = self.ask(question.of_index("todo", limit)).await?;
        let full = usize::try_from(limit).is_ok_and(|limit| items.len() >= limit);
        let last = items.last().filter(|_| full).and_then(|item| keys::part(item, "todo_at")).map(str::to_owned);
        let named = |item: &Item| TaskId::parse(keys::part(item, "pk")?.strip_prefix("TASK#")?).ok();
        let ids: Vec<TaskId> = items.iter().filter_map(named).collect();
        let tasks = self.get_all(ids.iter().map(keys::task).collect()).await?;
        let mut tasks: Vec<Task> = tasks.into_iter().map(value).collect::<Result<_, _>>()?;
        tasks.retain(|task| task.done_at.is_none());
        tasks.sort_by(|a, b| (a.opened_at, &a.task_id).cmp(&(b.opened_at, &b.task_id)));
        Ok((tasks, last))
    }
}

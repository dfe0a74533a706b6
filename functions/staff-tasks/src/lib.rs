//! GET /staff/tasks, POST /staff/tasks/{id}/done: the tasks that only a person can settle, the oldest first.

use std::time::Duration;

use aws::{App, ServiceError};
use contract::caller::Caller;
use contract::staff::{DoneBody, view};
use contract::token::Scope;
use contract::{Code, Problem, answer, read};
use domain::task::{Task, TaskId};
use jiff::Timestamp;
use lambda_http::http::Method;
use lambda_http::{Body, Request, RequestExt, Response};
use serde_json::json;
use use_cases::retry::retry;

/// The time for which a link to a whole mail is valid.
const LINK_LASTS: Duration = Duration::from_secs(900);
/// The maximum number of tasks on one page.
const MAX_PAGE_SIZE: i64 = 100;
/// An index position separates time and task by `#`. `next` contains `~` instead, because a `#` would end the URL.
const IN_INDEX: char = '#';
const IN_URL: char = '~';
/// The most tries while other writes change the same task.
const TRIES: u32 = 6;

/// Lists tasks, or settles one.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    match *request.method() {
        Method::GET => list(app, request).await,
        _ => done(app, request).await,
    }
}

async fn list(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Orders)?;
    let limit = i32::try_from(read::number(request, "limit", 50, MAX_PAGE_SIZE)?).unwrap_or(50);
    let after = read::text(request, "after")?.replace(IN_URL, &IN_INDEX.to_string());
    if !after.is_empty() && !is_position(&after) {
        return Err(Problem::field(Code::Invalid, "after", "must be what an earlier answer called next"));
    }
    let (tasks, next) = app.table.open_tasks(&after, limit).await?;
    let mut shown = Vec::with_capacity(tasks.len());
    for task in &tasks {
        shown.push(view(task, link(app, task).await?.as_deref()));
    }
    let next = next.map(|next| next.replace(IN_INDEX, &IN_URL.to_string()));
    answer::json(200, &json!({ "tasks": shown, "next": next }))
}

/// The link to the mail that led to a task, if the mail is stored.
async fn link(app: &App, task: &Task) -> Result<Option<String>, ServiceError> {
    match task.message.as_ref().and_then(|message| message.stored.as_ref()) {
        Some(key) => Ok(Some(app.mailroom.link(key, LINK_LASTS).await?)),
        None => Ok(None),
    }
}

fn is_position(text: &str) -> bool {
    let parts = text.split_once(IN_INDEX);
    parts.is_some_and(|(opened, id)| opened.parse::<Timestamp>().is_ok() && TaskId::parse(id).is_ok())
}

async fn done(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Orders)?;
    let unknown = || Problem::new(Code::NotFound, "there is no such task");
    let id = TaskId::parse(request.path_parameters().first("id").unwrap_or_default()).map_err(|_| unknown())?;
    let DoneBody {} = read::body(request)?;
    let new = retry(TRIES, || app.table.finish_task(&id, app.clock.now())).await?;
    let task = app.table.task(&id).await?.ok_or_else(unknown)?;
    if new {
        tracing::info!(task_id = %id, kind = ?task.kind, "a task is done");
    }
    answer::json(200, &view(&task, link(app, &task).await?.as_deref()))
}

//! The triggers of a function: routes, queues, the table's stream, schedules.

use serde_json::Value;

use super::api::Api;
use super::error::TemplateError;
use super::intrinsics::Scope;
use super::resources::{Queue, Table};
use super::strict::{Properties, bounded, flag, list, map, needed, number, only, reports_failures, section, text};
use crate::filter::Filter;
use crate::schedule::{Expression, Schedule};

/// The concurrency of a queue. One machine gains nothing from a higher value.
const LOCAL_CONCURRENCY: u32 = 8;

/// An HTTP route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method in capitals, or `ANY`.
    pub method: String,
    /// The path with its parameters, for example `/orders/{id}`.
    pub path: String,
    /// The function that authorizes callers, if the route has one.
    pub authorizer: Option<String>,
}

/// The event source mapping of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueMapping {
    /// The queue's name.
    pub queue: String,
    /// The most messages in an invocation.
    pub batch_size: u32,
    /// Whether the function reports which messages failed.
    pub reports_failures: bool,
    /// The most invocations at a time.
    pub concurrency: u32,
}

/// The event source mapping of the table's stream.
#[derive(Clone, Debug)]
pub struct StreamMapping {
    /// The most records in an invocation.
    pub batch_size: u32,
    /// Whether the function reports which records failed.
    pub reports_failures: bool,
    /// Whether a failed batch is halved.
    pub bisects: bool,
    /// The most retries of a failed batch; `None` retries for ever.
    pub max_retries: Option<u32>,
    /// The queue for batches that failed every retry.
    pub on_failure: Option<String>,
    /// The filters that select records for the function; an empty list selects all.
    pub filters: Vec<Filter>,
}

/// The parts of the template that a trigger may refer to.
pub(super) struct Known<'a> {
    pub scope: &'a Scope,
    pub api: &'a Api,
    pub queues: &'a [Queue],
    pub table: &'a Table,
}

pub(super) enum Trigger {
    Route(Route),
    Queue(QueueMapping),
    Stream(StreamMapping),
    Schedule(Schedule),
}

pub(super) fn read(known: &Known<'_>, at: &str, function: &str, trigger: &Value) -> Result<Trigger, TemplateError> {
    let trigger = map(at, trigger)?;
    only(at, trigger, &["Type", "Properties"], &[])?;
    let properties = section(at, trigger, "Properties")?;
    match trigger.get("Type").and_then(Value::as_str) {
        Some("HttpApi") => route(known, at, properties).map(Trigger::Route),
        Some("SQS") => queue(known, at, properties).map(Trigger::Queue),
        Some("DynamoDB") => stream(known, at, properties).map(Trigger::Stream),
        Some("ScheduleV2") => schedule(known, at, function, properties).map(Trigger::Schedule),
        Some(other) => Err(TemplateError::new(at, format!("the local stack does not know events of type {other}"))),
        None => Err(TemplateError::new(at, "has no Type")),
    }
}

fn route(known: &Known<'_>, at: &str, properties: &Properties) -> Result<Route, TemplateError> {
    let understood = &["ApiId", "Method", "Path", "Auth", "PayloadFormatVersion"];
    only(at, properties, understood, &["RouteSettings", "TimeoutInMillis"])?;
    let properties = &known.scope.properties(at, properties)?;
    if text(at, properties, "PayloadFormatVersion")?.is_some_and(|version| version != "2.0") {
        return Err(TemplateError::new(format!("{at}.PayloadFormatVersion"), "must be \"2.0\""));
    }
    if let Some(id) = text(at, properties, "ApiId")?
        && known.api.logical_id.as_ref() != Some(&id)
    {
        return Err(TemplateError::new(format!("{at}.ApiId"), format!("{id} is not the HTTP API")));
    }
    let path = needed(at, properties, "Path")?;
    if !path.starts_with('/') {
        return Err(TemplateError::new(format!("{at}.Path"), "must start with /"));
    }
    let named = match properties.get("Auth") {
        None => None,
        Some(auth) => {
            let at = format!("{at}.Auth");
            let auth = map(&at, auth)?;
            only(&at, auth, &["Authorizer"], &[])?;
            text(&at, auth, "Authorizer")?
        }
    };
    let authorizer = match named.or_else(|| known.api.default_authorizer.clone()) {
        None => None,
        Some(none) if none == "NONE" => None,
        Some(name) => {
            let function = known.api.authorizers.get(&name).cloned();
            let problem = || TemplateError::new(format!("{at}.Auth"), format!("{name} is no authorizer of the API"));
            Some(function.ok_or_else(problem)?)
        }
    };
    Ok(Route { method: needed(at, properties, "Method")?.to_ascii_uppercase(), path, authorizer })
}

fn queue(known: &Known<'_>, at: &str, properties: &Properties) -> Result<QueueMapping, TemplateError> {
    let understood = &["Queue", "BatchSize", "FunctionResponseTypes", "ScalingConfig"];
    only(at, properties, understood, &["MaximumBatchingWindowInSeconds"])?;
    let properties = &known.scope.properties(at, properties)?;
    let arn = needed(at, properties, "Queue")?;
    let queue = known.queues.iter().find(|queue| queue.arn == arn);
    let queue = queue.ok_or_else(|| TemplateError::new(format!("{at}.Queue"), format!("{arn} is no queue")))?;
    let concurrency = match properties.get("ScalingConfig") {
        None => LOCAL_CONCURRENCY,
        Some(scaling) => {
            let at = format!("{at}.ScalingConfig");
            let scaling = map(&at, scaling)?;
            only(&at, scaling, &["MaximumConcurrency"], &[])?;
            bounded(&at, scaling, "MaximumConcurrency", 2..=1_000, i64::from(LOCAL_CONCURRENCY))?
        }
    };
    Ok(QueueMapping {
        queue: queue.name.clone(),
        batch_size: bounded(at, properties, "BatchSize", 1..=if queue.fifo { 10 } else { 10_000 }, 10)?,
        reports_failures: reports_failures(at, properties)?,
        concurrency: concurrency.min(LOCAL_CONCURRENCY),
    })
}

fn stream(known: &Known<'_>, at: &str, properties: &Properties) -> Result<StreamMapping, TemplateError> {
    let understood = &[
        "Stream",
        "StartingPosition",
        "BatchSize",
        "FunctionResponseTypes",
        "BisectBatchOnFunctionError",
        "MaximumRetryAttempts",
        "DestinationConfig",
        "FilterCriteria",
    ];
    let without = &["MaximumBatchingWindowInSeconds", "MaximumRecordAgeInSeconds", "ParallelizationFactor"];
    only(at, properties, understood, without)?;
    let properties = &known.scope.properties(at, properties)?;
    let arn = needed(at, properties, "Stream")?;
    if known.table.stream.is_none() || !arn.ends_with(&format!("table/{}/stream/local", known.table.name)) {
        return Err(TemplateError::new(format!("{at}.Stream"), format!("{arn} is not the table's stream")));
    }
    match needed(at, properties, "StartingPosition")?.as_str() {
        "TRIM_HORIZON" | "LATEST" => {}
        other => return Err(TemplateError::new(format!("{at}.StartingPosition"), format!("{other} is unknown"))),
    }
    let retries = number(at, properties, "MaximumRetryAttempts")?.unwrap_or(-1);
    Ok(StreamMapping {
        batch_size: bounded(at, properties, "BatchSize", 1..=1_000, 100)?,
        reports_failures: reports_failures(at, properties)?,
        bisects: flag(at, properties, "BisectBatchOnFunctionError")?,
        max_retries: u32::try_from(retries).ok(),
        on_failure: on_failure(known.queues, at, properties)?,
        filters: filters(at, properties)?,
    })
}

/// The queue of `DestinationConfig`, if there is one.
pub(super) fn on_failure(queues: &[Queue], at: &str, properties: &Properties) -> Result<Option<String>, TemplateError> {
    let Some(config) = properties.get("DestinationConfig") else { return Ok(None) };
    let at = format!("{at}.DestinationConfig");
    let config = map(&at, config)?;
    only(&at, config, &["OnFailure"], &[])?;
    let Some(target) = config.get("OnFailure") else { return Ok(None) };
    let target = map(&at, target)?;
    only(&at, target, &["Destination", "Type"], &[])?;
    let arn = needed(&at, target, "Destination")?;
    let queue = queues.iter().find(|queue| queue.arn == arn);
    let queue = queue.ok_or_else(|| TemplateError::new(&at, format!("{arn} is no queue")))?;
    Ok(Some(queue.name.clone()))
}

fn filters(at: &str, properties: &Properties) -> Result<Vec<Filter>, TemplateError> {
    let Some(criteria) = properties.get("FilterCriteria") else { return Ok(Vec::new()) };
    let at = format!("{at}.FilterCriteria");
    let criteria = map(&at, criteria)?;
    only(&at, criteria, &["Filters"], &[])?;
    let mut filters = Vec::new();
    for filter in list(&at, criteria, "Filters")? {
        let filter = map(&at, filter)?;
        only(&at, filter, &["Pattern"], &[])?;
        let pattern = needed(&at, filter, "Pattern")?;
        filters.push(Filter::read(&pattern).map_err(|problem| TemplateError::new(&at, problem))?);
    }
    Ok(filters)
}

fn schedule(known: &Known<'_>, at: &str, function: &str, properties: &Properties) -> Result<Schedule, TemplateError> {
    let understood = &["ScheduleExpression", "ScheduleExpressionTimezone", "Input", "State", "FlexibleTimeWindow"];
    let without = &["DeadLetterConfig", "Description", "Name", "OmitName", "RetryPolicy", "PermissionsBoundary"];
    only(at, properties, understood, without)?;
    let kept = properties.iter().filter(|(key, _)| understood.contains(&key.as_str()));
    let kept: Properties = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
    let properties = &known.scope.properties(at, &kept)?;
    let wrong = |key: &str| {
        let at = format!("{at}.{key}");
        move |problem: String| TemplateError::new(at, problem)
    };
    let expression = needed(at, properties, "ScheduleExpression")?;
    let zone = text(at, properties, "ScheduleExpressionTimezone")?.unwrap_or_else(|| "UTC".to_owned());
    let expression = Expression::read(&expression, &zone).map_err(wrong("ScheduleExpression"))?;
    if let Some(input) = text(at, properties, "Input")? {
        serde_json::from_str::<Value>(&input).map_err(|error| wrong("Input")(error.to_string()))?;
    }
    Ok(Schedule {
        name: at.replace(".Events", ""),
        function: function.to_owned(),
        expression,
        input: text(at, properties, "Input")?,
        enabled: text(at, properties, "State")?.is_none_or(|state| state == "ENABLED"),
    })
}

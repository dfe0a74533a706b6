//! Functions: name, environment, triggers. How a trigger's properties are read stands in `events.rs`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::TemplateError;
use super::api::Api;
use super::events::{self, Event};
use super::intrinsics::Scope;
use super::resources::{Queue, Table};
use super::strict::{Properties, bounded, map, only};
use crate::filter::Filter;
use crate::schedule::Schedule;

/// A function and what triggers it.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its id in the template, for example `PlaceOrderFunction`.
    pub logical_id: String,
    /// Its name, for example `place-order`.
    pub name: String,
    /// Its environment, filled in.
    pub environment: BTreeMap<String, String>,
    /// Its memory in MB, which its share of a processor goes by; means nothing to the local stack itself.
    pub memory: u32,
    /// Its HTTP routes.
    pub routes: Vec<Route>,
    /// The queues that it reads.
    pub queues: Vec<QueueMapping>,
    /// The table's stream, where it reads that.
    pub streams: Vec<StreamMapping>,
    /// What happens when a scheduled run fails.
    pub retries: AsyncRetries,
}

/// What happens when an invocation that nobody waits for fails: here, a scheduled one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsyncRetries {
    /// Tries after the first.
    pub attempts: u32,
    /// The queue that hears of a run given up.
    pub on_failure: Option<String>,
}

/// An HTTP route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method in capitals, or `ANY`.
    pub method: String,
    /// The path with its parameters, for example `/orders/{id}`.
    pub path: String,
    /// The function that says who calls, where the route has one.
    pub authorizer: Option<String>,
}

/// A function reading a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueMapping {
    /// The queue's name.
    pub queue: String,
    /// The most messages an invocation gets.
    pub batch_size: u32,
    /// Whether the function says which messages failed.
    pub reports_failures: bool,
    /// How many invocations run at once, at most.
    pub concurrency: u32,
}

/// A function reading the table's stream.
#[derive(Clone, Debug)]
pub struct StreamMapping {
    /// The most records an invocation gets.
    pub batch_size: u32,
    /// Whether the function says which records failed.
    pub reports_failures: bool,
    /// Whether a failed batch is halved.
    pub bisects: bool,
    /// Retries before a batch is given up; `None`: never.
    pub max_retries: Option<u32>,
    /// The queue that hears of batches given up.
    pub on_failure: Option<String>,
    /// Which records the function wants; all where this is empty.
    pub filters: Vec<Filter>,
}

/// Everything that the description of a function refers to.
pub(super) struct Reader<'a> {
    pub scope: &'a Scope,
    pub globals: &'a Properties,
    pub api: &'a Api,
    pub queues: &'a [Queue],
    pub table: &'a Table,
}

const UNDERSTOOD: &[&str] = &["Environment", "EventInvokeConfig", "Events", "MemorySize"];
const WITHOUT_MEANING: &[&str] = &[
    "Architectures",
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "CodeUri",
    "DeploymentPreference",
    "Description",
    "EphemeralStorage",
    "FunctionName",
    "Handler",
    "LoggingConfig",
    "PermissionsBoundary",
    "Policies",
    "PropagateTags",
    "RecursiveLoop",
    "ReservedConcurrentExecutions",
    "Runtime",
    "RuntimeManagementConfig",
    "Tags",
    "Timeout",
    "Tracing",
];

/// `PlaceOrderFunction` is `place-order` everywhere else.
pub(super) fn function_name(logical_id: &str) -> Result<String, TemplateError> {
    let problem = || TemplateError::new(logical_id, "the id of a function ends in Function");
    let words = logical_id.strip_suffix("Function").filter(|words| !words.is_empty()).ok_or_else(problem)?;
    let mut name = String::new();
    for (position, letter) in words.chars().enumerate() {
        if letter.is_ascii_uppercase() && position > 0 {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    Ok(name)
}

impl Reader<'_> {
    /// Reads a function; its schedules are added to `schedules`.
    pub(super) fn function(
        &self,
        id: &str,
        properties: &Properties,
        schedules: &mut Vec<Schedule>,
    ) -> Result<Function, TemplateError> {
        only(id, properties, UNDERSTOOD, WITHOUT_MEANING)?;
        let name = function_name(id)?;
        let mut function = Function {
            logical_id: id.to_owned(),
            name,
            environment: self.environment(id, properties)?,
            memory: self.memory(id, properties)?,
            routes: Vec::new(),
            queues: Vec::new(),
            streams: Vec::new(),
            retries: self.retries(id, properties)?,
        };
        let nothing = Value::Object(Properties::new());
        let triggers = map(&format!("{id}.Events"), properties.get("Events").unwrap_or(&nothing))?;
        for (event, trigger) in triggers {
            let at = format!("{id}.Events.{event}");
            match events::read(self, &at, &function.name, trigger)? {
                Event::Route(route) => function.routes.push(route),
                Event::Queue(mapping) => function.queues.push(mapping),
                Event::Stream(mapping) => function.streams.push(mapping),
                Event::Schedule(schedule) => schedules.push(schedule),
            }
        }
        Ok(function)
    }

    fn retries(&self, id: &str, properties: &Properties) -> Result<AsyncRetries, TemplateError> {
        let at = format!("{id}.EventInvokeConfig");
        let nothing = Value::Object(Properties::new());
        let config = map(&at, properties.get("EventInvokeConfig").unwrap_or(&nothing))?;
        only(&at, config, &["DestinationConfig", "MaximumRetryAttempts"], &["MaximumEventAgeInSeconds"])?;
        let config = &self.scope.properties(&at, config)?;
        let attempts = bounded(&at, config, "MaximumRetryAttempts", 0..=2, 2)?;
        Ok(AsyncRetries { attempts, on_failure: events::on_failure(self, &at, config)? })
    }

    fn memory(&self, id: &str, properties: &Properties) -> Result<u32, TemplateError> {
        let nothing = Value::Object(Properties::new());
        let globals = map("Globals.Function", self.globals.get("Function").unwrap_or(&nothing))?;
        let of_all = bounded("Globals.Function", globals, "MemorySize", 128..=10_240, 128)?;
        bounded(id, properties, "MemorySize", 128..=10_240, of_all.into())
    }

    fn environment(&self, id: &str, properties: &Properties) -> Result<BTreeMap<String, String>, TemplateError> {
        let nothing = Value::Object(Properties::new());
        let globals = map("Globals.Function", self.globals.get("Function").unwrap_or(&nothing))?;
        only("Globals.Function", globals, &["Environment", "MemorySize"], WITHOUT_MEANING)?;
        let mut environment = BTreeMap::new();
        for (at, holder) in [("Globals.Function", globals), (id, properties)] {
            let at = format!("{at}.Environment");
            let Some(described) = holder.get("Environment") else { continue };
            let described = map(&at, described)?;
            only(&at, described, &["Variables"], &[])?;
            let Some(variables) = described.get("Variables") else { continue };
            for (variable, value) in self.scope.properties(&at, map(&at, variables)?)? {
                environment.insert(variable.clone(), self.variable(&at, &variable, &value)?);
            }
        }
        Ok(environment)
    }

    fn variable(&self, at: &str, variable: &str, value: &Value) -> Result<String, TemplateError> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => return Err(TemplateError::new(format!("{at}.{variable}"), "must be a plain value")),
        };
        if text.contains("{{resolve:") {
            let problem = "a secret does not belong in an environment: give its ARN, and let the function read it";
            return Err(TemplateError::new(format!("{at}.{variable}"), problem));
        }
        Ok(text)
    }
}

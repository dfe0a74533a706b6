//! Functions: name, memory, environment. `triggers` reads their events.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::TemplateError;
use super::intrinsics::function_name;
use super::strict::{Properties, bounded, map, only, section};
use super::triggers::{self, Known, QueueMapping, Route, StreamMapping, Trigger};
use crate::schedule::Schedule;

/// A function and its triggers.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its id in the template, for example `PlaceOrderFunction`.
    pub logical_id: String,
    /// Its name, for example `place-order`.
    pub name: String,
    /// Its environment.
    pub environment: BTreeMap<String, String>,
    /// Its memory in MB, which decides its share of a processor on Lambda. The local stack itself ignores it.
    pub memory: u32,
    /// Its HTTP routes.
    pub routes: Vec<Route>,
    /// The queues that it reads.
    pub queues: Vec<QueueMapping>,
    /// The table's stream, if the function reads the stream.
    pub streams: Vec<StreamMapping>,
    /// The retries of its scheduled runs.
    pub retries: AsyncRetries,
}

/// The retries of asynchronous invocations. Here, only scheduled runs are asynchronous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsyncRetries {
    /// The tries after the first.
    pub attempts: u32,
    /// The queue for runs that failed every try.
    pub on_failure: Option<String>,
}

pub(super) struct Reader<'a> {
    pub globals: &'a Properties,
    pub known: Known<'a>,
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

impl Reader<'_> {
    /// Reads a function, and adds its schedules to `schedules`.
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
        let described = section(&format!("{id}.Events"), properties, "Events")?;
        for (event, trigger) in described {
            let at = format!("{id}.Events.{event}");
            match triggers::read(&self.known, &at, &function.name, trigger)? {
                Trigger::Route(route) => function.routes.push(route),
                Trigger::Queue(mapping) => function.queues.push(mapping),
                Trigger::Stream(mapping) => function.streams.push(mapping),
                Trigger::Schedule(schedule) => schedules.push(schedule),
            }
        }
        Ok(function)
    }

    fn retries(&self, id: &str, properties: &Properties) -> Result<AsyncRetries, TemplateError> {
        let at = format!("{id}.EventInvokeConfig");
        let config = section(&at, properties, "EventInvokeConfig")?;
        only(&at, config, &["DestinationConfig", "MaximumRetryAttempts"], &["MaximumEventAgeInSeconds"])?;
        let config = &self.known.scope.properties(&at, config)?;
        let attempts = bounded(&at, config, "MaximumRetryAttempts", 0..=2, 2)?;
        Ok(AsyncRetries { attempts, on_failure: triggers::on_failure(self.known.queues, &at, config)? })
    }

    fn memory(&self, id: &str, properties: &Properties) -> Result<u32, TemplateError> {
        let globals = section("Globals.Function", self.globals, "Function")?;
        let of_all = bounded("Globals.Function", globals, "MemorySize", 128..=10_240, 128)?;
        bounded(id, properties, "MemorySize", 128..=10_240, of_all.into())
    }

    fn environment(&self, id: &str, properties: &Properties) -> Result<BTreeMap<String, String>, TemplateError> {
        let globals = section("Globals.Function", self.globals, "Function")?;
        only("Globals.Function", globals, &["Environment", "MemorySize"], WITHOUT_MEANING)?;
        let mut environment = BTreeMap::new();
        for (at, holder) in [("Globals.Function", globals), (id, properties)] {
            let at = format!("{at}.Environment");
            let Some(described) = holder.get("Environment") else { continue };
            let described = map(&at, described)?;
            only(&at, described, &["Variables"], &[])?;
            let Some(variables) = described.get("Variables") else { continue };
            for (variable, value) in self.known.scope.properties(&at, map(&at, variables)?)? {
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

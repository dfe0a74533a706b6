//! Reads template.yaml into typed descriptions: the table, the queues, the functions and their triggers, mail in both
//! directions. It starts nothing.
//!
//! Invariant: an unknown resource or property is an error that names it. Each known one has an effect or is listed as
//! without meaning on one machine (policies, tags). So the local stack cannot differ silently from the deployed one.

mod api;
mod bus;
mod error;
mod function;
mod intrinsics;
mod resources;
mod ses;
mod strict;
#[cfg(test)]
mod tests;
mod triggers;
mod yaml;

use std::collections::BTreeMap;

pub use bus::{Bucket, EventRule};
pub use error::{TemplateError, TemplateInputs};
pub use function::{AsyncRetries, Function};
pub use resources::{Index, Key, Queue, Redrive, Table};
pub use ses::{MailConfiguration, ReceiptRule};
pub use triggers::{QueueMapping, Route, StreamMapping};

use crate::schedule::Schedule;
use intrinsics::Scope;
pub(crate) use intrinsics::{ACCOUNT, REGION};
use strict::{map, only, section};

/// The content of template.yaml, with parameters filled in.
#[derive(Clone, Debug)]
pub struct Template {
    /// The one table.
    pub table: Table,
    /// Every queue, dead-letter queues included.
    pub queues: Vec<Queue>,
    /// Every function.
    pub functions: Vec<Function>,
    /// Every schedule of every function, by function and event name.
    pub schedules: Vec<Schedule>,
    /// The configuration sets of outgoing mail.
    pub mail_configurations: Vec<MailConfiguration>,
    /// The rules for incoming mail.
    pub receipt_rules: Vec<ReceiptRule>,
    /// Every bucket.
    pub buckets: Vec<Bucket>,
    /// The rules of the default event bus.
    pub event_rules: Vec<EventRule>,
}

const SECTIONS: &[&str] = &["Parameters", "Globals", "Resources"];
const SECTIONS_WITHOUT_MEANING: &[&str] =
    &["AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Outputs"];

impl Template {
    /// Reads the text of a template. An error names the first wrong or unknown resource or property.
    pub fn read(text: &str, inputs: &TemplateInputs) -> Result<Self, TemplateError> {
        let root = yaml::parse(text)?;
        let root = map("the template", &root)?;
        only("the template", root, SECTIONS, SECTIONS_WITHOUT_MEANING)?;
        let resources = section("Resources", root, "Resources")?;
        let scope = Scope::new(root, resources, inputs)?;
        let globals = section("Globals", root, "Globals")?;
        only("Globals", globals, &["Function"], &[])?;
        let described = scope.resources(resources)?;
        resources::check_types(&described)?;
        let queues = resources::queues(&scope, &described)?;
        let table = resources::table(&scope, &described)?;
        let api = api::read(&scope, &described)?;
        let mut schedules = Vec::new();
        let mut functions = Vec::new();
        for (id, resource) in described.iter().filter(|(_, r)| r.kind == "AWS::Serverless::Function") {
            let known = triggers::Known { scope: &scope, api: &api, queues: &queues, table: &table };
            let reader = function::Reader { globals, known };
            functions.push(reader.function(id, &resource.properties, &mut schedules)?);
        }
        let buckets = bus::buckets(&scope, &described)?;
        let template = Self {
            mail_configurations: ses::configurations(&scope, &described)?,
            receipt_rules: ses::receipt_rules(&scope, &described, &buckets)?,
            event_rules: bus::rules(&scope, &described, &queues)?,
            buckets,
            table,
            queues,
            functions,
            schedules,
        };
        template.check_names()?;
        Ok(template)
    }

    /// The queue with this name.
    pub fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.name == name)
    }

    /// The function with this name, for example `place-order`.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name == name)
    }

    /// The queues that no function reads. Their messages wait for a person.
    pub fn dead_letter_queues(&self) -> impl Iterator<Item = &Queue> {
        self.queues.iter().filter(|queue| {
            !self.functions.iter().any(|function| function.queues.iter().any(|mapping| mapping.queue == queue.name))
        })
    }

    /// The environment of each function, by its name.
    pub fn environments(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        self.functions.iter().map(|function| (function.name.clone(), function.environment.clone())).collect()
    }

    fn check_names(&self) -> Result<(), TemplateError> {
        for function in &self.functions {
            for route in &function.routes {
                let Some(authorizer) = &route.authorizer else { continue };
                if self.function(authorizer).is_none() {
                    let at = format!("{}: {} {}", function.logical_id, route.method, route.path);
                    return Err(TemplateError::new(at, format!("its authorizer {authorizer} is no function")));
                }
            }
        }
        for queue in &self.queues {
            if let Some(redrive) = &queue.redrive
                && self.queue(&redrive.dead_letters).is_none()
            {
                let problem = format!("its dead-letter queue {} does not exist", redrive.dead_letters);
                return Err(TemplateError::new(&queue.logical_id, problem));
            }
        }
        Ok(())
    }
}

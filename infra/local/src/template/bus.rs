//! The default event bus: the rules that send events to queues, and the buckets that publish events of their objects.

use super::error::TemplateError;
use super::intrinsics::{Resource, Scope};
use super::resources::Queue;
use super::strict::{Properties, flag, list, map, needed, only, section, text};
use crate::filter::Filter;

/// A rule of the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRule {
    /// The events that it takes.
    pub pattern: Filter,
    /// The names of its target queues.
    pub queues: Vec<String>,
}

/// A bucket of S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its id in the template.
    pub logical_id: String,
    /// Its name.
    pub name: String,
    /// Whether it publishes events of its objects.
    pub tells: bool,
}

/// Every enabled rule.
pub(super) fn rules(
    scope: &Scope,
    resources: &[(String, Resource)],
    queues: &[Queue],
) -> Result<Vec<EventRule>, TemplateError> {
    let mut rules = Vec::new();
    for (id, resource) in resources.iter().filter(|(_, it)| it.kind == "AWS::Events::Rule") {
        let properties = &scope.properties(id, &resource.properties)?;
        only(id, properties, &["EventPattern", "State", "Targets"], &["Description", "Name", "Tags"])?;
        let pattern = properties.get("EventPattern").cloned().unwrap_or_default();
        let pattern = Filter::new(pattern).map_err(|why| TemplateError::new(format!("{id}.EventPattern"), why))?;
        let queues = targets(&format!("{id}.Targets"), properties, queues)?;
        match text(id, properties, "State")?.as_deref() {
            None | Some("ENABLED") => rules.push(EventRule { pattern, queues }),
            Some(_) => {}
        }
    }
    Ok(rules)
}

fn targets(at: &str, properties: &Properties, queues: &[Queue]) -> Result<Vec<String>, TemplateError> {
    let mut found = Vec::new();
    for target in list(at, properties, "Targets")? {
        let target = map(at, target)?;
        only(at, target, &["Arn"], &["DeadLetterConfig", "Id", "RetryPolicy"])?;
        let arn = needed(at, target, "Arn")?;
        let queue = queues.iter().find(|queue| queue.arn == arn && !queue.fifo);
        let queue = queue.ok_or_else(|| TemplateError::new(at, format!("{arn} is no standard queue")))?;
        found.push(queue.name.clone());
    }
    Ok(found)
}

pub(super) fn buckets(scope: &Scope, resources: &[(String, Resource)]) -> Result<Vec<Bucket>, TemplateError> {
    let mut buckets = Vec::new();
    for (id, resource) in resources.iter().filter(|(_, it)| it.kind == "AWS::S3::Bucket") {
        let without = [
            "BucketEncryption",
            "LifecycleConfiguration",
            "OwnershipControls",
            "PublicAccessBlockConfiguration",
            "Tags",
            "VersioningConfiguration",
        ];
        only(id, &resource.properties, &["BucketName", "NotificationConfiguration"], &without)?;
        let at = format!("{id}.NotificationConfiguration");
        let notifications = section(&at, &resource.properties, "NotificationConfiguration")?;
        only(&at, notifications, &["EventBridgeConfiguration"], &[])?;
        let bus = section(&at, notifications, "EventBridgeConfiguration")?;
        only(&at, bus, &["EventBridgeEnabled"], &[])?;
        let tells = flag(&at, bus, "EventBridgeEnabled")?;
        buckets.push(Bucket { logical_id: id.clone(), name: scope.name_of(id)?, tells });
    }
    Ok(buckets)
}

//! Mail in both directions: the configuration sets of outgoing mail, and the receipt rules of incoming mail.

use std::collections::BTreeSet;

use serde_json::Value;

use super::bus::Bucket;
use super::error::TemplateError;
use super::intrinsics::{Resource, Scope};
use super::strict::{Properties, flag, list, map, needed, only, text};

/// A configuration set of outgoing mail, with its event destinations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailConfiguration {
    /// Its name.
    pub name: String,
    /// The events that it sends to the bus, for example `Bounce`.
    pub published: BTreeSet<String>,
}

/// A rule for incoming mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRule {
    /// The addresses that the rule takes, and the domains of which it takes every address.
    pub recipients: Vec<String>,
    /// The bucket for the mails.
    pub bucket: String,
    /// The prefix of the mails' keys.
    pub prefix: String,
}

impl ReceiptRule {
    /// Whether the rule takes mail to this address.
    pub fn takes(&self, address: &str) -> bool {
        let Some((_, domain)) = address.rsplit_once('@') else { return false };
        self.recipients.iter().any(|it| it.eq_ignore_ascii_case(address) || it.eq_ignore_ascii_case(domain))
    }
}

/// The event types that a destination may ask for, and the names of their events. Opens and clicks are not tracked.
const OUTCOMES: [(&str, &str); 7] = [
    ("bounce", "Bounce"),
    ("complaint", "Complaint"),
    ("delivery", "Delivery"),
    ("deliveryDelay", "DeliveryDelay"),
    ("reject", "Reject"),
    ("renderingFailure", "Rendering Failure"),
    ("send", "Send"),
];

pub(super) fn configurations(
    scope: &Scope,
    resources: &[(String, Resource)],
) -> Result<Vec<MailConfiguration>, TemplateError> {
    let mut all = Vec::new();
    for (id, resource) in resources.iter().filter(|(_, it)| it.kind == "AWS::SES::ConfigurationSet") {
        let without = ["DeliveryOptions", "ReputationOptions", "SendingOptions", "SuppressionOptions", "Tags"];
        only(id, &resource.properties, &["Name"], &without)?;
        all.push(MailConfiguration { name: scope.name_of(id)?, published: BTreeSet::new() });
    }
    for (id, resource) in resources.iter().filter(|(_, it)| it.kind == "AWS::SES::ConfigurationSetEventDestination") {
        let properties = &scope.properties(id, &resource.properties)?;
        only(id, properties, &["ConfigurationSetName", "EventDestination"], &[])?;
        let name = needed(id, properties, "ConfigurationSetName")?;
        let configuration = all.iter_mut().find(|it| it.name == name);
        let configuration = configuration
            .ok_or_else(|| TemplateError::new(format!("{id}.ConfigurationSetName"), format!("{name} is none")))?;
        configuration.published.extend(destination(id, properties)?);
    }
    Ok(all)
}

/// The events of a destination; none if it is switched off.
fn destination(id: &str, properties: &Properties) -> Result<Vec<String>, TemplateError> {
    let at = format!("{id}.EventDestination");
    let nothing = Value::Null;
    let destination = map(&at, properties.get("EventDestination").unwrap_or(&nothing))?;
    only(&at, destination, &["Enabled", "MatchingEventTypes", "EventBridgeDestination"], &["Name"])?;
    let bus = map(&at, destination.get("EventBridgeDestination").unwrap_or(&nothing))?;
    only(&at, bus, &["EventBusArn"], &[])?;
    if !needed(&at, bus, "EventBusArn")?.ends_with(":event-bus/default") {
        return Err(TemplateError::new(at, "SES sends to the default bus only"));
    }
    let mut published = Vec::new();
    for kind in list(&at, destination, "MatchingEventTypes")? {
        let known = OUTCOMES.iter().find(|(asked, _)| kind.as_str() == Some(asked));
        let (_, event) = known.ok_or_else(|| {
            TemplateError::new(format!("{at}.MatchingEventTypes"), format!("the local stack does not know {kind}"))
        })?;
        published.push((*event).to_owned());
    }
    Ok(if flag(&at, destination, "Enabled")? { published } else { Vec::new() })
}

/// Every rule for incoming mail. The reader assumes that the rules' set is the account's active rule set.
pub(super) fn receipt_rules(
    scope: &Scope,
    resources: &[(String, Resource)],
    buckets: &[Bucket],
) -> Result<Vec<ReceiptRule>, TemplateError> {
    let mut rules = Vec::new();
    for (id, resource) in resources {
        match resource.kind.as_str() {
            "AWS::SES::ReceiptRuleSet" => only(id, &resource.properties, &["RuleSetName"], &[])?,
            "AWS::SES::ReceiptRule" => {
                let properties = &scope.properties(id, &resource.properties)?;
                only(id, properties, &["RuleSetName", "Rule"], &[])?;
                needed(id, properties, "RuleSetName")?;
                rules.extend(receipt_rule(&format!("{id}.Rule"), properties, buckets)?);
            }
            _ => {}
        }
    }
    Ok(rules)
}

fn receipt_rule(at: &str, properties: &Properties, buckets: &[Bucket]) -> Result<Option<ReceiptRule>, TemplateError> {
    let rule = map(at, properties.get("Rule").unwrap_or(&Value::Null))?;
    only(at, rule, &["Actions", "Enabled", "Recipients", "ScanEnabled"], &["Name", "TlsPolicy"])?;
    if !flag(at, rule, "ScanEnabled")? {
        return Err(TemplateError::new(format!("{at}.ScanEnabled"), "must be on: the verdicts are read"));
    }
    let recipients = list(at, rule, "Recipients")?.iter().map(|it| it.as_str().map(str::to_owned));
    let recipients: Option<Vec<String>> = recipients.collect();
    let recipients = recipients.filter(|it| !it.is_empty() && it.iter().all(|it| !it.starts_with('.')));
    let problem = "must be addresses or domains, one at least";
    let recipients = recipients.ok_or_else(|| TemplateError::new(format!("{at}.Recipients"), problem))?;
    let at = &format!("{at}.Actions");
    let [action] = list(at, rule, "Actions")? else {
        return Err(TemplateError::new(at, "the local stack takes one action"));
    };
    only(at, map(at, action)?, &["S3Action"], &[])?;
    let action = map(at, action.get("S3Action").unwrap_or(&Value::Null))?;
    only(at, action, &["BucketName", "ObjectKeyPrefix"], &[])?;
    let bucket = needed(at, action, "BucketName")?;
    if !buckets.iter().any(|it| it.name == bucket) {
        return Err(TemplateError::new(at, format!("{bucket} is no bucket")));
    }
    let prefix = text(at, action, "ObjectKeyPrefix")?.unwrap_or_default();
    Ok(flag(at, rule, "Enabled")?.then_some(ReceiptRule { recipients, bucket, prefix }))
}

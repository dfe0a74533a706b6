//! The table, the queues, and the list of known resource types.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::TemplateError;
use super::intrinsics::{Resource, Scope};
use super::strict::{Properties, bounded, flag, list, map, needed, only, section, text};

/// The properties of the table that `CreateTable` needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its id in the template.
    pub logical_id: String,
    /// Its name.
    pub name: String,
    /// The partition key, and the sort key if there is one.
    pub keys: Vec<Key>,
    /// The type (`S`, `N` or `B`) of each attribute of a key or an index.
    pub attributes: BTreeMap<String, String>,
    /// Its global secondary indexes.
    pub indexes: Vec<Index>,
    /// The view type of its stream, for example `NEW_AND_OLD_IMAGES`; `None` without a stream.
    pub stream: Option<String>,
}

/// One attribute of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The attribute.
    pub attribute: String,
    /// `HASH` or `RANGE`.
    pub role: String,
}

/// A global secondary index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its keys.
    pub keys: Vec<Key>,
    /// `KEYS_ONLY` or `ALL`.
    pub projection: String,
}

/// A queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its id in the template.
    pub logical_id: String,
    /// Its name, at the end of its URL.
    pub name: String,
    /// Its URL on this machine.
    pub url: String,
    /// Its ARN.
    pub arn: String,
    /// Whether messages of a group keep their order.
    pub fifo: bool,
    /// Whether the body replaces a missing deduplication id.
    pub content_deduplication: bool,
    /// Whether a deduplication id counts within its group only.
    pub deduplication_by_group: bool,
    /// Seconds for which a received message stays hidden. The local stack retries sooner.
    pub visibility_timeout: u32,
    /// The rule for messages that fail too often.
    pub redrive: Option<Redrive>,
}

/// A redrive policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redrive {
    /// The receives after which a message becomes a dead letter.
    pub max_receives: u32,
    /// The name of the dead-letter queue.
    pub dead_letters: String,
}

/// The resource types that the reader reads. The next list has the types without meaning on one machine.
const KINDS: &[&str] = &[
    "AWS::DynamoDB::Table",
    "AWS::Events::Rule",
    "AWS::S3::Bucket",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SES::ReceiptRule",
    "AWS::SES::ReceiptRuleSet",
    "AWS::SQS::Queue",
    "AWS::Serverless::Function",
    "AWS::Serverless::HttpApi",
];
const KINDS_WITHOUT_MEANING: &[&str] = &[
    "AWS::CloudFormation::Stack",
    "AWS::CloudWatch::",
    "AWS::IAM::",
    "AWS::KMS::",
    "AWS::Logs::",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::",
    "AWS::SQS::QueuePolicy",
    "AWS::SSM::",
    "AWS::SecretsManager::",
];

pub(super) fn check_types(resources: &[(String, Resource)]) -> Result<(), TemplateError> {
    for (id, resource) in resources {
        let kind = resource.kind.as_str();
        if !KINDS.contains(&kind) && !KINDS_WITHOUT_MEANING.iter().any(|prefix| kind.starts_with(prefix)) {
            return Err(TemplateError::new(id, format!("the local stack does not know resources of type {kind}")));
        }
    }
    Ok(())
}

pub(super) fn queues(scope: &Scope, resources: &[(String, Resource)]) -> Result<Vec<Queue>, TemplateError> {
    let queues = resources.iter().filter(|(_, resource)| resource.kind == "AWS::SQS::Queue");
    queues.map(|(id, resource)| queue(scope, id, &resource.properties)).collect()
}

const OF_A_QUEUE: &[&str] = &[
    "QueueName",
    "FifoQueue",
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "VisibilityTimeout",
    "RedrivePolicy",
];
const OF_A_QUEUE_WITHOUT_MEANING: &[&str] = &[
    "FifoThroughputLimit",
    "KmsMasterKeyId",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "SqsManagedSseEnabled",
    "Tags",
];

fn queue(scope: &Scope, id: &str, properties: &Properties) -> Result<Queue, TemplateError> {
    only(id, properties, OF_A_QUEUE, OF_A_QUEUE_WITHOUT_MEANING)?;
    let read = |key: &str| properties.get(key).map(|value| (key.to_owned(), value.clone()));
    let read: Properties = OF_A_QUEUE.iter().filter_map(|key| read(key)).collect();
    let properties = &scope.properties(id, &read)?;
    let itself = |attribute: &str| scope.resolve(id, &serde_json::json!({ "Fn::GetAtt": [id, attribute] }));
    let as_text = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let (name, url, arn) = (as_text(itself("QueueName")?), as_text(itself("QueueUrl")?), as_text(itself("Arn")?));
    let fifo = flag(id, properties, "FifoQueue")?;
    if fifo != name.ends_with(".fifo") {
        return Err(TemplateError::new(id, "the name of a FIFO queue, and of no other, ends in .fifo"));
    }
    Ok(Queue {
        logical_id: id.to_owned(),
        name,
        url,
        arn,
        fifo,
        content_deduplication: flag(id, properties, "ContentBasedDeduplication")?,
        deduplication_by_group: text(id, properties, "DeduplicationScope")?.is_some_and(|s| s == "messageGroup"),
        visibility_timeout: bounded(id, properties, "VisibilityTimeout", 0..=43_200, 30)?,
        redrive: redrive(id, properties)?,
    })
}

fn redrive(id: &str, properties: &Properties) -> Result<Option<Redrive>, TemplateError> {
    let Some(policy) = properties.get("RedrivePolicy") else { return Ok(None) };
    let at = format!("{id}.RedrivePolicy");
    let policy = map(&at, policy)?;
    only(&at, policy, &["deadLetterTargetArn", "maxReceiveCount"], &[])?;
    let target = needed(&at, policy, "deadLetterTargetArn")?;
    let max_receives = bounded(&at, policy, "maxReceiveCount", 1..=1_000, 0)?;
    if max_receives == 0 {
        return Err(TemplateError::new(format!("{at}.maxReceiveCount"), "is missing"));
    }
    Ok(Some(Redrive { max_receives, dead_letters: target.rsplit(':').next().unwrap_or_default().to_owned() }))
}

pub(super) fn table(scope: &Scope, resources: &[(String, Resource)]) -> Result<Table, TemplateError> {
    let mut tables = resources.iter().filter(|(_, resource)| resource.kind == "AWS::DynamoDB::Table");
    let Some((id, resource)) = tables.next() else {
        return Err(TemplateError::new("Resources", "there is no AWS::DynamoDB::Table"));
    };
    if let Some((second, _)) = tables.next() {
        return Err(TemplateError::new(second, "is a second table; the shop has one"));
    }
    let understood =
        &["TableName", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "StreamSpecification"];
    let without = &[
        "BillingMode",
        "ContributorInsightsSpecification",
        "DeletionProtectionEnabled",
        "OnDemandThroughput",
        "PointInTimeRecoverySpecification",
        "SSESpecification",
        "TableClass",
        "Tags",
        "TimeToLiveSpecification",
        "WarmThroughput",
    ];
    only(id, &resource.properties, understood, without)?;
    let kept = resource.properties.iter().filter(|(key, _)| understood.contains(&key.as_str()));
    let kept: Properties = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
    let properties = &scope.properties(id, &kept)?;
    let name = scope.resolve(id, &serde_json::json!({ "Ref": id }))?;
    Ok(Table {
        logical_id: id.clone(),
        name: name.as_str().unwrap_or_default().to_owned(),
        keys: keys(id, properties)?,
        attributes: attributes(id, properties)?,
        indexes: indexes(id, properties)?,
        stream: stream(id, properties)?,
    })
}

fn keys(at: &str, properties: &Properties) -> Result<Vec<Key>, TemplateError> {
    let at = format!("{at}.KeySchema");
    let mut keys = Vec::new();
    for key in list(&at, properties, "KeySchema")? {
        let key = map(&at, key)?;
        only(&at, key, &["AttributeName", "KeyType"], &[])?;
        keys.push(Key { attribute: needed(&at, key, "AttributeName")?, role: needed(&at, key, "KeyType")? });
    }
    if keys.is_empty() { Err(TemplateError::new(at, "is missing")) } else { Ok(keys) }
}

fn attributes(at: &str, properties: &Properties) -> Result<BTreeMap<String, String>, TemplateError> {
    let at = format!("{at}.AttributeDefinitions");
    let mut attributes = BTreeMap::new();
    for attribute in list(&at, properties, "AttributeDefinitions")? {
        let attribute = map(&at, attribute)?;
        only(&at, attribute, &["AttributeName", "AttributeType"], &[])?;
        attributes.insert(needed(&at, attribute, "AttributeName")?, needed(&at, attribute, "AttributeType")?);
    }
    Ok(attributes)
}

fn indexes(at: &str, properties: &Properties) -> Result<Vec<Index>, TemplateError> {
    let at = format!("{at}.GlobalSecondaryIndexes");
    let mut indexes = Vec::new();
    for index in list(&at, properties, "GlobalSecondaryIndexes")? {
        let index = map(&at, index)?;
        only(&at, index, &["IndexName", "KeySchema", "Projection"], &["OnDemandThroughput", "WarmThroughput"])?;
        let projection = section(&at, index, "Projection")?;
        only(&at, projection, &["ProjectionType"], &[])?;
        let projection = needed(&format!("{at}.Projection"), projection, "ProjectionType")?;
        indexes.push(Index { name: needed(&at, index, "IndexName")?, keys: keys(&at, index)?, projection });
    }
    Ok(indexes)
}

fn stream(id: &str, properties: &Properties) -> Result<Option<String>, TemplateError> {
    let Some(stream) = properties.get("StreamSpecification") else { return Ok(None) };
    let at = format!("{id}.StreamSpecification");
    let stream = map(&at, stream)?;
    only(&at, stream, &["StreamViewType"], &["ResourcePolicy"])?;
    needed(&at, stream, "StreamViewType").map(Some)
}

//! A write with its condition, alone or in a transaction with others.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnValue, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, Update,
};
use aws_sdk_dynamodb::{Client, error::ProvideErrorMetadata};

use super::item::{Item, SERVICE, SIGNATURE, number, text};
use super::{Table, keys};
use crate::invocation::Invocation;
use crate::metrics::Metric;
use crate::service_error::ServiceError;

/// The code by which DynamoDB refuses a single write because of a transaction.
const CONFLICT: &[&str] = &["TransactionConflictException"];
/// The codes by which DynamoDB refuses a single write before any change. A throttled try says nothing about earlier
/// tries of the same write.
const NOT_WRITTEN: &[&str] = &[
    "TransactionConflictException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
];

/// Why a write failed.
#[derive(Clone, Debug)]
pub enum WriteError {
    /// The conditions at these positions of the transaction did not hold. Nothing was written.
    Condition(Vec<usize>),
    /// Another call wrote the same items at the same time, or a repeat met its own first try. Read again and repeat.
    Contended,
    /// The service failed. Whether the write happened is unknown.
    Service(ServiceError),
}

impl From<ServiceError> for WriteError {
    fn from(failure: ServiceError) -> Self {
        Self::Service(failure)
    }
}

/// The outcome of a single write.
#[derive(Clone, Debug)]
pub(super) enum Written {
    /// The item is written. An update returns the new values.
    Done(Item),
    /// The condition did not hold. The value is the stored item.
    Refused(Item),
}

/// The effect of a write on its item.
#[derive(Clone, Debug, Default)]
enum Kind {
    #[default]
    Put,
    Update(String),
    /// Deletes the item, if it exists. In a transaction only.
    Delete,
    /// Checks the condition and changes nothing. In a transaction only.
    Check,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Write {
    /// The whole item of a put; the key of any other write.
    item: Item,
    kind: Kind,
    condition: Option<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Write {
    pub(super) fn put(item: Item) -> Self {
        Self { item, ..Self::default() }
    }

    pub(super) fn update(key: Item, expression: impl Into<String>) -> Self {
        Self { item: key, kind: Kind::Update(expression.into()), ..Self::default() }
    }

    pub(super) fn delete(key: Item) -> Self {
        Self { item: key, kind: Kind::Delete, ..Self::default() }
    }

    pub(super) fn check(key: Item) -> Self {
        Self { item: key, kind: Kind::Check, ..Self::default() }
    }

    pub(super) fn when(mut self, condition: impl Into<String>) -> Self {
        self.condition = Some(condition.into());
        self
    }

    pub(super) fn if_absent(self) -> Self {
        self.when("attribute_not_exists(pk)")
    }

    pub(super) fn name(mut self, name: &str, attribute: impl Into<String>) -> Self {
        self.names.insert(name.to_owned(), attribute.into());
        self
    }

    pub(super) fn value(mut self, name: &str, value: AttributeValue) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }

    pub(super) fn number(self, name: &str, value: impl ToString) -> Self {
        self.value(name, number(value))
    }

    pub(super) fn text(self, name: &str, value: impl Into<String>) -> Self {
        self.value(name, text(value))
    }

    /// Adds the invocation's correlation id to each change of an order, a stock or a task. `dispatch` reads it from the
    /// stream and continues under it. A delete, a check, and an update that sets nothing do not carry it.
    fn signed(mut self, by: &Invocation) -> Self {
        if !matches!(keys::part(&self.item, "sk"), Some("ORDER" | "STOCK" | "TASK")) {
            return self;
        }
        let id = text(by.correlation().as_str());
        match &mut self.kind {
            Kind::Put => drop(self.item.insert(SIGNATURE.to_owned(), id)),
            Kind::Update(expression) => {
                if let Some(rest) = expression.strip_prefix("SET ") {
                    *expression = format!("SET {SIGNATURE} = :{SIGNATURE}, {rest}");
                    self.values.insert(format!(":{SIGNATURE}"), id);
                }
            }
            Kind::Delete | Kind::Check => {}
        }
        self
    }

    fn in_transaction(self, table: &str) -> Result<TransactWriteItem, ServiceError> {
        let Self { item, kind, condition, names, values } = self;
        let (names, values) = (non_empty(names), non_empty(values));
        let part = TransactWriteItem::builder();
        let part = match kind {
            Kind::Put => Put::builder()
                .table_name(table)
                .set_item(Some(item))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .build()
                .map(|put| part.put(put)),
            Kind::Update(expression) => Update::builder()
                .table_name(table)
                .set_key(Some(item))
                .update_expression(expression)
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .build()
                .map(|update| part.update(update)),
            Kind::Delete => Delete::builder()
                .table_name(table)
                .set_key(Some(item))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .build()
                .map(|delete| part.delete(delete)),
            Kind::Check => ConditionCheck::builder()
                .table_name(table)
                .set_key(Some(item))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .build()
                .map(|check| part.condition_check(check)),
        };
        part.map(|part| part.build()).map_err(|error| ServiceError::broken(SERVICE, error))
    }
}

/// `None` for an empty map, which DynamoDB refuses.
fn non_empty<V>(map: HashMap<String, V>) -> Option<HashMap<String, V>> {
    Some(map).filter(|map| !map.is_empty())
}

impl Table {
    /// Writes all items or none, once: after a lost answer, the SDK repeats the transaction under the same token.
    pub(super) async fn transact(&self, writes: Vec<Write>) -> Result<(), WriteError> {
        let signed = writes.into_iter().map(|write| write.signed(&self.invocation).in_transaction(&self.name));
        let items = signed.collect::<Result<Vec<_>, _>>()?;
        let sent = self.client.transact_write_items().set_transact_items(Some(items)).send().await;
        let written = sent.map(|_| ()).map_err(|error| match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                reasons(canceled.cancellation_reasons())
            }
            Some(TransactWriteItemsError::TransactionInProgressException(_)) => WriteError::Contended,
            _ => ServiceError::from_sdk(SERVICE, &error).into(),
        });
        self.counted(written)
    }

    /// Counts a write that was contended.
    fn counted<T>(&self, written: Result<T, WriteError>) -> Result<T, WriteError> {
        if matches!(written, Err(WriteError::Contended)) {
            self.invocation.measure(Metric::Conflicts, 1);
        }
        written
    }

    /// Writes one item. The SDK repeats the call after a lost answer.
    pub(super) async fn write(&self, write: Write) -> Result<Written, WriteError> {
        self.counted(self.write_by(&self.client, write, CONFLICT).await)
    }

    /// Writes one item. Nothing repeats the call, so after `Contended` nothing was written.
    pub(super) async fn write_once(&self, write: Write) -> Result<Written, WriteError> {
        self.counted(self.write_by(&self.draws, write, NOT_WRITTEN).await)
    }

    async fn write_by(&self, client: &Client, write: Write, contended: &[&str]) -> Result<Written, WriteError> {
        let Write { item, kind, condition, names, values } = write.signed(&self.invocation);
        let (names, values) = (non_empty(names), non_empty(values));
        match kind {
            Kind::Put => {
                let put = client
                    .put_item()
                    .table_name(&self.name)
                    .set_item(Some(item))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
                match put.send().await {
                    Ok(_) => Ok(Written::Done(Item::new())),
                    Err(error) => match error.as_service_error() {
                        Some(PutItemError::ConditionalCheckFailedException(refused)) => Ok(refused_by(refused.item())),
                        _ => Err(failed(&error, contended)),
                    },
                }
            }
            Kind::Update(expression) => {
                let update = client
                    .update_item()
                    .table_name(&self.name)
                    .set_key(Some(item))
                    .update_expression(expression)
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .return_values(ReturnValue::UpdatedNew)
                    .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
                match update.send().await {
                    Ok(done) => Ok(Written::Done(done.attributes.unwrap_or_default())),
                    Err(error) => match error.as_service_error() {
                        Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                            Ok(refused_by(refused.item()))
                        }
                        _ => Err(failed(&error, contended)),
                    },
                }
            }
            Kind::Delete | Kind::Check => {
                Err(ServiceError::broken(SERVICE, "a delete or a check was not in a transaction").into())
            }
        }
    }
}

/// Classifies the reasons of a canceled transaction, which come in the order of its writes.
fn reasons(reasons: &[CancellationReason]) -> WriteError {
    let positions = |code: &str| -> Vec<usize> {
        reasons.iter().enumerate().filter(|(_, it)| it.code() == Some(code)).map(|(at, _)| at).collect()
    };
    let failed = positions("ConditionalCheckFailed");
    let busy = reasons.iter().any(|it| {
        matches!(it.code(), Some("TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded"))
    });
    match reasons.iter().filter_map(CancellationReason::code).find(|code| *code != "None") {
        _ if !failed.is_empty() => WriteError::Condition(failed),
        _ if busy => WriteError::Contended,
        code => WriteError::Service(ServiceError::broken(SERVICE, code.unwrap_or("canceled without a reason"))),
    }
}

fn refused_by(item: Option<&Item>) -> Written {
    Written::Refused(item.cloned().unwrap_or_default())
}

/// The error of a write. The codes in `contended` mean that another call was first, or that calls were too many.
fn failed<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>, contended: &[&str]) -> WriteError {
    match error.as_service_error().and_then(|it| it.code()) {
        Some(code) if contended.contains(&code) => WriteError::Contended,
        _ => ServiceError::from_sdk(SERVICE, error).into(),
    }
}

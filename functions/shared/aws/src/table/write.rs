//! A write with its condition, alone or together with others in one transaction.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
    Update,
};
use aws_sdk_dynamodb::{Client, error::ProvideErrorMetadata};

use super::bare::Bare;
use super::item::{Item, SERVICE, number, text};
use super::{SIGNATURE, Table, keys};
use crate::failure::Failure;
use crate::invocation::Invocation;
use crate::metrics::Metric;

/// Why something was not written.
#[derive(Clone, Debug)]
pub enum Unwritten {
    /// Conditions did not hold: at which positions of the transaction. Nothing was written.
    Condition(Vec<usize>),
    /// Somebody else was writing the same items, or a repeat met its own first try; read again and repeat.
    Contended,
    /// The service failed; whether it was written is unknown.
    Failure(Failure),
}

impl From<Failure> for Unwritten {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// What a single write came to.
#[derive(Clone, Debug)]
pub(super) enum Written {
    /// It is written; an update returns the new values.
    Done(Item),
    /// The condition did not hold; the item as it is.
    Refused(Item),
}

/// One write.
#[derive(Clone, Debug, Default)]
pub(super) struct Write {
    /// The whole item of a put, or the key of any other.
    item: Item,
    bare: Option<Bare>,
    update: Option<String>,
    condition: Option<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Write {
    pub(super) fn put(item: Item) -> Self {
        Self { item, ..Self::default() }
    }

    pub(super) fn update(key: Item, expression: impl Into<String>) -> Self {
        Self { item: key, update: Some(expression.into()), ..Self::default() }
    }

    /// Takes an item away, within a transaction.
    pub(super) fn delete(key: Item) -> Self {
        Self { item: key, bare: Some(Bare::Delete), ..Self::default() }
    }

    /// Only looks whether a condition holds, within a transaction.
    pub(super) fn check(key: Item) -> Self {
        Self { item: key, bare: Some(Bare::Check), ..Self::default() }
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

    /// The write with the id of who writes in it, where dispatch will read it: each change of an order or a stock says
    /// under which id to go on.
    fn signed(mut self, by: &Invocation) -> Self {
        if !matches!(keys::part(&self.item, "sk"), Some("ORDER" | "STOCK" | "TASK")) {
            return self;
        }
        let id = text(by.correlation().as_str());
        match self.update.as_deref().map(|update| update.strip_prefix("SET ")) {
            None => drop(self.item.insert(SIGNATURE.to_owned(), id)),
            Some(Some(rest)) => {
                self.update = Some(format!("SET {SIGNATURE} = :{SIGNATURE}, {rest}"));
                self.values.insert(format!(":{SIGNATURE}"), id);
            }
            Some(None) => {}
        }
        self
    }

    fn in_transaction(self, table: &str) -> Result<TransactWriteItem, Failure> {
        let broken = |error| Failure::broken(SERVICE, error);
        let (names, values) =
            (Some(self.names).filter(|it| !it.is_empty()), Some(self.values).filter(|it| !it.is_empty()));
        if let Some(bare) = self.bare {
            return bare.in_transaction(table, (self.item, self.condition, values));
        }
        let item = TransactWriteItem::builder();
        let item = match self.update {
            Some(update) => item.update(
                Update::builder()
                    .table_name(table)
                    .set_key(Some(self.item))
                    .update_expression(update)
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(broken)?,
            ),
            None => item.put(
                Put::builder()
                    .table_name(table)
                    .set_item(Some(self.item))
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(broken)?,
            ),
        };
        Ok(item.build())
    }
}

impl Table {
    /// Writes all or nothing. The SDK repeats a lost answer under the same token: what was committed is not committed
    /// twice.
    pub(super) async fn transact(&self, writes: Vec<Write>) -> Result<(), Unwritten> {
        let signed = writes.into_iter().map(|write| write.signed(&self.invocation).in_transaction(&self.name));
        let items = signed.collect::<Result<Vec<_>, _>>()?;
        let sent = self.client.transact_write_items().set_transact_items(Some(items)).send().await;
        let written = sent.map(|_| ()).map_err(|error| match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                reasons(canceled.cancellation_reasons())
            }
            Some(TransactWriteItemsError::TransactionInProgressException(_)) => Unwritten::Contended,
            _ => Failure::of(SERVICE, &error).into(),
        });
        self.counted(written)
    }

    /// Counts it where somebody else was writing the same items.
    fn counted<T>(&self, written: Result<T, Unwritten>) -> Result<T, Unwritten> {
        if matches!(written, Err(Unwritten::Contended)) {
            self.invocation.measure(Metric::Conflicts, 1);
        }
        written
    }

    /// Writes one item.
    pub(super) async fn write(&self, write: Write) -> Result<Written, Unwritten> {
        self.counted(self.write_by(&self.client, write).await)
    }

    /// Writes one item, and never repeats by itself.
    pub(super) async fn write_once(&self, write: Write) -> Result<Written, Unwritten> {
        self.counted(self.write_by(&self.draws, write).await)
    }

    async fn write_by(&self, client: &Client, write: Write) -> Result<Written, Unwritten> {
        let write = write.signed(&self.invocation);
        let (names, values) =
            (Some(write.names).filter(|it| !it.is_empty()), Some(write.values).filter(|it| !it.is_empty()));
        let Some(update) = write.update else {
            let put = client
                .put_item()
                .table_name(&self.name)
                .set_item(Some(write.item))
                .set_condition_expression(write.condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            return match put.send().await {
                Ok(_) => Ok(Written::Done(Item::new())),
                Err(error) => put_refused(&error),
            };
        };
        let update = client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(write.item))
            .update_expression(update)
            .set_condition_expression(write.condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values(ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match update.send().await {
            Ok(done) => Ok(Written::Done(done.attributes.unwrap_or_default())),
            Err(error) => update_refused(&error),
        }
    }
}

/// Reads the reasons of a canceled transaction by their position.
fn reasons(reasons: &[CancellationReason]) -> Unwritten {
    let positions = |code: &str| -> Vec<usize> {
        reasons.iter().enumerate().filter(|(_, it)| it.code() == Some(code)).map(|(at, _)| at).collect()
    };
    let failed = positions("ConditionalCheckFailed");
    let busy = reasons.iter().any(|it| {
        matches!(it.code(), Some("TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded"))
    });
    match reasons.iter().filter_map(CancellationReason::code).find(|code| *code != "None") {
        _ if !failed.is_empty() => Unwritten::Condition(failed),
        _ if busy => Unwritten::Contended,
        code => Unwritten::Failure(Failure::broken(SERVICE, code.unwrap_or("canceled without a reason"))),
    }
}

fn put_refused<R>(error: &SdkError<PutItemError, R>) -> Result<Written, Unwritten> {
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(refused)) => {
            Ok(Written::Refused(refused.item().cloned().unwrap_or_default()))
        }
        Some(PutItemError::TransactionConflictException(_)) => Err(Unwritten::Contended),
        _ => Err(contended_or(error)),
    }
}

fn update_refused<R>(error: &SdkError<UpdateItemError, R>) -> Result<Written, Unwritten> {
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
            Ok(Written::Refused(refused.item().cloned().unwrap_or_default()))
        }
        Some(UpdateItemError::TransactionConflictException(_)) => Err(Unwritten::Contended),
        _ => Err(contended_or(error)),
    }
}

fn contended_or<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Unwritten {
    match error.as_service_error().and_then(|it| it.code()) {
        Some("TransactionConflictException") => Unwritten::Contended,
        _ => Failure::of(SERVICE, error).into(),
    }
}

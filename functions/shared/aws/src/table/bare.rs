//! The two writes of a transaction that bring no values: taking an item away, and only looking whether a condition holds.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, TransactWriteItem};

use super::item::{Item, SERVICE};
use crate::failure::Failure;

/// What happens to the item of a key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bare {
    /// It goes away; nothing happens where it is not there.
    Delete,
    /// It stays as it is.
    Check,
}

/// The item's key, and the condition with the values that it names.
pub(super) type Conditioned = (Item, Option<String>, Option<HashMap<String, AttributeValue>>);

impl Bare {
    /// As a part of a transaction.
    pub(super) fn in_transaction(
        self,
        table: &str,
        (key, condition, values): Conditioned,
    ) -> Result<TransactWriteItem, Failure> {
        let broken = |error| Failure::broken(SERVICE, error);
        let item = TransactWriteItem::builder();
        let item = match self {
            Self::Delete => item.delete(
                Delete::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(broken)?,
            ),
            Self::Check => item.condition_check(
                ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(broken)?,
            ),
        };
        Ok(item.build())
    }
}

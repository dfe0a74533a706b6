//! The units that a customer has bought and not canceled, by product. Each customer has one item, under the keyed hash
//! of the address. The transaction that places or cancels an order changes this item.

use std::collections::BTreeMap;

use domain::names::Sku;

use super::item::SCHEMA;
use super::write::Write;
use super::{Table, keys};
use crate::service_error::ServiceError;

/// The prefix of an attribute that counts the units of a sku.
const COUNTED: &str = "sku:";

/// A change of a customer's units of one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bought {
    /// The product.
    pub sku: Sku,
    /// The units bought; canceled units are negative.
    pub units: i64,
    /// The most units that the customer may have afterwards; `None`: no limit.
    pub most: Option<i64>,
}

impl Table {
    /// The customer's counted units, by product.
    pub async fn bought(&self, email_hash: &str) -> Result<BTreeMap<Sku, i64>, ServiceError> {
        let item = self.get(keys::bought(email_hash)).await?.unwrap_or_default();
        Ok(item.iter().filter_map(|(name, value)| counted(name, value.as_n().ok()?)).collect())
    }
}

fn counted(name: &str, units: &str) -> Option<(Sku, i64)> {
    Some((Sku::new(name.strip_prefix(COUNTED)?).ok()?, units.parse().ok()?))
}

impl Write {
    /// Changes a customer's units of these products in one write, only if none exceeds its limit.
    pub(super) fn bought(email_hash: &str, changes: &[Bought]) -> Self {
        let mut sets = vec!["entity = :entity".to_owned(), "#schema = :schema".to_owned()];
        let mut conditions = Vec::new();
        for (at, change) in changes.iter().enumerate() {
            sets.push(format!("#s{at} = if_not_exists(#s{at}, :zero) + :u{at}"));
            if change.most.is_some() {
                conditions.push(format!("(attribute_not_exists(#s{at}) OR #s{at} <= :m{at})"));
            }
        }
        let mut write = Self::update(keys::bought(email_hash), format!("SET {}", sets.join(", ")))
            .name("#schema", "schema")
            .text(":entity", "bought")
            .number(":schema", SCHEMA)
            .number(":zero", 0);
        for (at, change) in changes.iter().enumerate() {
            write = write
                .name(&format!("#s{at}"), format!("{COUNTED}{}", change.sku))
                .number(&format!(":u{at}"), change.units);
            if let Some(most) = change.most {
                write = write.number(&format!(":m{at}"), most - change.units);
            }
        }
        if conditions.is_empty() { write } else { write.when(conditions.join(" AND ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_counts_units_is_read_as_a_count() {
        assert_eq!(counted("sku:led", "3"), Some((Sku::new("led").unwrap(), 3)));
        for (name, value) in [("schema", "1"), ("sku:", "1"), ("sku:a b", "1"), ("sku:led", "x")] {
            assert_eq!(counted(name, value), None, "{name}");
        }
    }
}

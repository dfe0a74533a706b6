//! Cancelations: the order, its tickets, the stock and the counts change in one transaction.

use std::collections::BTreeMap;

use domain::block::BlockCounts;
use domain::cancel::{Cancelation, GivenUp};
use domain::stock::WrittenBy;
use jiff::Timestamp;

use super::Table;
use super::customers::Bought;
use super::item::attribute;
use super::keys;
use super::orders::rewrite;
use super::tickets::as_read;
use super::write::{Write, WriteError};
use crate::service_error::ServiceError;

impl Table {
    /// Commits a cancelation of a placed order in one transaction: the order at the version before; for each line its
    /// ticket as read, its stock and its block's counts; and, if `counted`, the customer's units. Publish afterwards.
    pub async fn commit_cancel(
        &self,
        cancelation: &Cancelation,
        email_hash: &str,
        counted: bool,
        at: Timestamp,
    ) -> Result<(), WriteError> {
        let mut writes = cancel_writes(cancelation, email_hash, at)?;
        let gone: Vec<_> = given_back(cancelation).filter(|_| counted).collect();
        writes.extend((!gone.is_empty()).then(|| Write::bought(email_hash, &gone)));
        self.transact(writes).await
    }
}

/// Returns the order's write, then three writes for each line.
pub(super) fn cancel_writes(
    cancelation: &Cancelation,
    email_hash: &str,
    at: Timestamp,
) -> Result<Vec<Write>, ServiceError> {
    let mut writes = vec![rewrite(&cancelation.order, email_hash)?];
    for given_up in &cancelation.given_up {
        writes.push(row(given_up)?);
        writes.push(stock(given_up, at)?);
        let whole = i64::from(given_up.units == given_up.row_quantity);
        let counts = BlockCounts { drawn: 0, gone_orders: whole, gone_units: given_up.units };
        let blocks = BTreeMap::from([(domain::block::block_of(given_up.ticket), counts)]);
        writes.extend(Write::counts(&given_up.sku, &blocks));
    }
    Ok(writes)
}

/// The canceled units of each product, as negative numbers.
pub(super) fn given_back(cancelation: &Cancelation) -> impl Iterator<Item = Bought> {
    cancelation.given_up.iter().map(|it| Bought { sku: it.sku.clone(), units: -it.units, most: None })
}

fn row(given_up: &GivenUp) -> Result<Write, ServiceError> {
    let quantity = given_up.row_quantity - given_up.units;
    let mut assigned = given_up.row_assigned.clone();
    for (warehouse, units) in &given_up.back {
        domain::stock::take(&mut assigned, warehouse, *units);
    }
    let update = Write::update(
        keys::row(&given_up.sku, given_up.ticket),
        "SET quantity = :left, assigned = :kept, #state = :state",
    )
    .number(":left", quantity)
    .value(":kept", attribute(&assigned)?)
    .text(":state", if quantity == 0 { "canceled" } else { "live" });
    as_read(update, given_up.row_quantity, &given_up.row_assigned)
}

fn stock(given_up: &GivenUp, at: Timestamp) -> Result<Write, ServiceError> {
    let mut expression = "SET supply = supply + :units, version = version + :one, written_by = :by".to_owned();
    if !given_up.back.is_empty() {
        expression.push_str(", arrived_at = :at");
    }
    for at in 0..given_up.back.len() {
        expression.push_str(&format!(", unassigned.#w{at} = if_not_exists(unassigned.#w{at}, :zero) + :w{at}"));
    }
    let mut update = Write::update(keys::stock(&given_up.sku), expression)
        .number(":units", given_up.units)
        .number(":one", 1)
        .value(":by", attribute(&WrittenBy::Cancel)?);
    if !given_up.back.is_empty() {
        update = update.value(":at", attribute(&at)?).number(":zero", 0);
    }
    for (at, (warehouse, units)) in given_up.back.iter().enumerate() {
        update = update.name(&format!("#w{at}"), warehouse.as_str()).number(&format!(":w{at}"), units);
    }
    Ok(update)
}

//! The tickets of a product, and the counts of their blocks. Ten blocks share an item, so the place in line of the last
//! of 100,000 orders takes a few dozen small reads. Items of one block, written by an earlier version, still count.

use std::collections::{BTreeMap, HashMap};

use domain::block::{self, BlockCounts, GROUP, Grouped};
use domain::names::Sku;
use domain::place_in_line::TicketStatus;
use domain::stock::Units;
use domain::ticket::{Row, Ticket};
use futures::future::try_join_all;
use serde::de::DeserializeOwned;

use super::Table;
use super::item::{SCHEMA, SERVICE, attribute, item, text, value};
use super::keys::{self, padded};
use super::read::Question;
use super::write::{Write, WriteError, Written};
use crate::service_error::ServiceError;

/// Replaces a ticket, only if it is live and unchanged since it was read.
pub(super) fn change_row(sku: &Sku, ticket: u64, before: &Ticket, after: &Row) -> Result<Write, ServiceError> {
    let row = item(keys::row(sku, ticket), "ticket", after)?;
    as_read(Write::put(row), before.quantity, &before.assigned)
}

/// Adds the condition that a ticket is live and unchanged since it was read.
pub(super) fn as_read(write: Write, quantity: i64, assigned: &Units) -> Result<Write, ServiceError> {
    Ok(write
        .when("#state = :live AND quantity = :quantity AND assigned = :assigned")
        .name("#state", "state")
        .text(":live", "live")
        .number(":quantity", quantity)
        .value(":assigned", attribute(assigned)?))
}

impl Write {
    /// Adds to the counts of blocks: one write for each item, which creates a missing item.
    pub(super) fn counts(sku: &Sku, blocks: &BTreeMap<u64, BlockCounts>) -> Vec<Self> {
        let mut groups: BTreeMap<u64, Vec<(u64, BlockCounts)>> = BTreeMap::new();
        for (number, counts) in blocks {
            groups.entry(number / GROUP).or_default().push((number % GROUP, *counts));
        }
        groups.into_iter().map(|(group, counts)| Self::group_counts(sku, group * GROUP, &counts)).collect()
    }

    fn group_counts(sku: &Sku, first: u64, blocks: &[(u64, BlockCounts)]) -> Self {
        let mut sums = Vec::new();
        for (at, BlockCounts { drawn, gone_orders, gone_units }) in blocks {
            sums.extend([("drawn", at, *drawn), ("gone_orders", at, *gone_orders), ("gone_units", at, *gone_units)]);
        }
        // Zeros are left out because most blocks have only drawn units.
        sums.retain(|(.., sum)| *sum != 0);
        let added: Vec<String> = sums.iter().map(|(what, at, _)| format!("{what}_{at} :{what}_{at}")).collect();
        let add = if added.is_empty() { String::new() } else { format!(" ADD {}", added.join(", ")) };
        let write = Self::update(keys::blocks(sku, first), format!("SET entity = :entity, #schema = :schema{add}"))
            .name("#schema", "schema")
            .text(":entity", "blocks")
            .number(":schema", SCHEMA);
        sums.into_iter().fold(write, |write, (what, at, sum)| write.number(&format!(":{what}_{at}"), sum))
    }
}

impl Table {
    /// Closes a gap, only if the number has no ticket. False: it has one.
    pub async fn close_gap(&self, sku: &Sku, ticket: u64) -> Result<bool, WriteError> {
        let closed = item(keys::row(sku, ticket), "ticket", &Row::Closed)?;
        match self.write(Write::put(closed).if_absent()).await? {
            Written::Done(_) => Ok(true),
            Written::Refused(row) => Ok(matches!(value(row)?, Row::Closed)),
        }
    }

    /// The tickets and closed gaps from one number to another, both included.
    pub async fn rows(&self, sku: &Sku, from: u64, through: u64) -> Result<BTreeMap<u64, Row>, ServiceError> {
        self.ask_rows(sku, (from, through), |question| question).await
    }

    /// The part of each ticket that matters to the tickets behind it. With `gone`: only closed gaps, and tickets that
    /// were canceled in whole or in part. All other tickets have the units that they drew and need not be transferred.
    pub async fn ticket_statuses(
        &self,
        sku: &Sku,
        (from, through): (u64, u64),
        gone: bool,
    ) -> Result<BTreeMap<u64, TicketStatus>, ServiceError> {
        let refine = |mut question: Question| {
            let name = |name: &str| (format!("#{name}"), name.to_owned());
            question.names = Some(HashMap::from([name("state"), name("schema")]));
            question.only = Some("pk, sk, #schema, #state, drawn, quantity, assigned, lost");
            if gone {
                question.filter = Some("#state <> :live OR quantity <> drawn");
                question.values.insert(":live".to_owned(), text("live"));
            }
            question
        };
        self.ask_rows(sku, (from, through), refine).await
    }

    async fn ask_rows<T: DeserializeOwned>(
        &self,
        sku: &Sku,
        (from, through): (u64, u64),
        refine: impl Fn(Question) -> Question,
    ) -> Result<BTreeMap<u64, T>, ServiceError> {
        if from > through {
            return Ok(BTreeMap::new());
        }
        let blocks = (block::block_of(from)..=block::block_of(through)).map(|number| {
            self.ask(refine(Question::new(
                "pk = :pk AND sk BETWEEN :from AND :through",
                [(":pk", keys::row_partition(sku, number)), (":from", padded(from)), (":through", padded(through))],
            )))
        });
        let mut rows = BTreeMap::new();
        for row in try_join_all(blocks).await?.into_iter().flatten() {
            let number = keys::part(&row, "sk").and_then(|sk| sk.parse().ok());
            let number = number.ok_or_else(|| ServiceError::broken(SERVICE, "a ticket has no number"))?;
            rows.insert(number, value(row)?);
        }
        Ok(rows)
    }

    /// The counts of a product's blocks from one to another, both included.
    pub async fn block_counts(
        &self,
        sku: &Sku,
        from: u64,
        through: u64,
    ) -> Result<BTreeMap<u64, BlockCounts>, ServiceError> {
        let question = Question::new(
            "pk = :pk AND sk BETWEEN :from AND :through",
            [
                (":pk", keys::blocks_partition(sku)),
                (":from", padded(from / GROUP * GROUP)),
                (":through", format!("{}~", padded(through))),
            ],
        );
        let mut counts = BTreeMap::new();
        for item in self.ask(question).await? {
            let sort = keys::part(&item, "sk").unwrap_or_default().to_owned();
            value::<Grouped>(item)?.add_to(&sort, &mut counts);
        }
        counts.retain(|number, _| (from..=through).contains(number));
        Ok(counts)
    }
}

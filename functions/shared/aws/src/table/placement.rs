//! Placing an order: the steps of the line's protocol, each one atomic fact.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::identity::OrderId;
use domain::names::Sku;
use domain::order::{Order, Stage};
use domain::placement::Draw;
use domain::stock::Counter;
use domain::ticket::{Row, Ticket};
use jiff::Timestamp;

use super::customers::Bought;
use super::item::{SERVICE, item, text, value};
use super::keys::{self, Marked, sortable};
use super::swap::is_claim;
use super::write::{Unwritten, Write, Written};
use super::{Item, Table};
use crate::failure::Failure;

/// Whether an order is new.
#[derive(Clone, Debug)]
pub enum PutOutcome {
    /// It was written now.
    New,
    /// It was there before; so it is.
    Present(Box<Order>),
    /// Its payment paid for a swap.
    Claimed,
}

/// What a draw came to.
#[derive(Clone, Debug)]
pub enum DrawOutcome {
    /// A number was drawn.
    Drawn(Draw),
    /// Not enough for these terms; the counter as it is.
    Refused(Counter),
    /// There is no such line.
    UnknownSku,
    /// Nobody knows whether a number was drawn: if so, it is a hole, and will be sealed.
    Lost(Failure),
}

/// A number drawn for one line of an order.
#[derive(Clone, Debug)]
pub struct TicketDraw {
    /// The product.
    pub sku: Sku,
    /// The number.
    pub ticket: u64,
    /// The row to be put there.
    pub row: Ticket,
}

/// What committing an order's places came to.
#[derive(Clone, Debug)]
pub enum CommitOutcome {
    /// The order has its places.
    Placed,
    /// The order is not being placed any more: somebody else finished or ended it.
    NotPlacing,
    /// These draws (by position) were sealed meanwhile; draw again for them.
    Sealed(Vec<usize>),
    /// The customer would have more of a product than the shop allows; nothing was written.
    OverLimit,
    /// Contended or failed; the order may or may not be placed: read it.
    Unknown(Unwritten),
}

impl Table {
    /// Writes an order down as `placing`, only if absent. Repeating it is safe: an order that is there is returned.
    /// `look_at`: when somebody must see to it that it has been finished.
    ///
    /// # Errors
    /// Where the table fails; whether it was written is unknown then, and a repeat tells.
    pub async fn put_placing(
        &self,
        order: &Order,
        email_hash: &str,
        look_at: Timestamp,
    ) -> Result<PutOutcome, Unwritten> {
        let mut new = order_item(order)?;
        new.insert("email_hash".to_owned(), text(email_hash));
        mark_placing(&mut new, &order.order_id, look_at);
        match self.write(Write::put(new).if_absent()).await? {
            Written::Done(_) => Ok(PutOutcome::New),
            Written::Refused(present) if is_claim(&present) => Ok(PutOutcome::Claimed),
            Written::Refused(present) => Ok(PutOutcome::Present(Box::new(value(present)?))),
        }
    }

    /// Takes an order up again, only if still `placing` at this version: its doubts are noted, and nobody else looks at
    /// it before `look_at`. False: somebody else changed it.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn resume_placement(&self, order: &Order, look_at: Timestamp) -> Result<bool, Unwritten> {
        let doubts: BTreeMap<String, u64> = order.in_doubt.iter().map(|(sku, at)| (sku.to_string(), *at)).collect();
        let update = Write::update(
            keys::order(&order.order_id),
            "SET version = :next, in_doubt = :doubts, todo = :todo, todo_at = :at",
        )
        .when("stage = :placing AND version = :read")
        .number(":next", order.version + 1)
        .number(":read", order.version)
        .value(":placing", stage(Stage::Placing)?)
        .value(":doubts", super::item::attribute(&doubts)?)
        .text(":todo", Marked::Placing.partition_of(order.order_id.as_str()))
        .text(":at", sortable(look_at));
        Ok(matches!(self.write(update).await?, Written::Done(_)))
    }

    /// Draws the next number of a product's line for `quantity` units, if no more than `allowance` units would wait then
    /// (`None`: any number). One plain conditional write, never repeated: where its outcome is unknown it is a hole.
    pub async fn draw_ticket(&self, sku: &Sku, quantity: i64, allowance: Option<i64>) -> DrawOutcome {
        let update = Write::update(
            keys::counter(sku),
            "SET available = available - :q, last_ticket = last_ticket + :one, units_issued = units_issued + :q, \
             todo = :todo, todo_at = :sku",
        )
        .number(":q", quantity)
        .number(":one", 1)
        .text(":todo", Marked::Drawn.partition_of(sku.as_str()))
        .text(":sku", sku.as_str());
        // Of a closed line, only what is there can be drawn.
        let update = match allowance {
            Some(0) => update.when("available >= :q"),
            Some(allowance) => update
                .when("available >= :least AND (attribute_not_exists(closed) OR available >= :q)")
                .number(":least", quantity - allowance),
            None => update.when("attribute_exists(pk) AND (attribute_not_exists(closed) OR available >= :q)"),
        };
        match self.write_once(update).await {
            Ok(Written::Done(new)) => drawn(&new).map_or_else(DrawOutcome::Lost, DrawOutcome::Drawn),
            Ok(Written::Refused(counter)) if counter.is_empty() => DrawOutcome::UnknownSku,
            Ok(Written::Refused(counter)) => value(counter).map_or_else(DrawOutcome::Lost, DrawOutcome::Refused),
            Err(Unwritten::Failure(failure)) => DrawOutcome::Lost(failure),
            Err(_) => DrawOutcome::Lost(Failure::unavailable(SERVICE, "contended")),
        }
    }

    /// Gives the order its places: the order as given (`placed`), only if still `placing`, each row, only if nothing is
    /// there, and what the customer has `bought` with it, where the shop counts that. All or nothing.
    pub async fn commit_placement(
        &self,
        order: &Order,
        email_hash: &str,
        draws: &[TicketDraw],
        bought: &[Bought],
    ) -> CommitOutcome {
        let mut writes = match placement_writes(order, email_hash, draws) {
            Ok(writes) => writes,
            Err(failure) => return CommitOutcome::Unknown(failure.into()),
        };
        writes.extend((!bought.is_empty()).then(|| Write::bought(email_hash, bought)));
        match self.transact(writes).await {
            Ok(()) => CommitOutcome::Placed,
            Err(Unwritten::Condition(failed)) if failed.contains(&0) => CommitOutcome::NotPlacing,
            Err(Unwritten::Condition(failed)) => {
                let sealed: Vec<_> = failed.into_iter().map(|at| at - 1).filter(|at| *at < draws.len()).collect();
                if sealed.is_empty() { CommitOutcome::OverLimit } else { CommitOutcome::Sealed(sealed) }
            }
            Err(other) => CommitOutcome::Unknown(other),
        }
    }

    /// Ends a placing without places: the order as given (`refused`, or `canceled`), only if still `placing` at the
    /// version before. False: somebody else changed it.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn refuse_placement(&self, order: &Order, email_hash: &str) -> Result<bool, Unwritten> {
        let mut ended = order_item(order)?;
        ended.insert("email_hash".to_owned(), text(email_hash));
        let write = Write::put(ended)
            .when("stage = :placing AND version = :read")
            .value(":placing", stage(Stage::Placing)?)
            .number(":read", order.version - 1);
        Ok(matches!(self.write(write).await?, Written::Done(_)))
    }

    /// Closes a number for good, only if nothing is there. False: a row is there.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn seal_ticket(&self, sku: &Sku, ticket: u64) -> Result<bool, Unwritten> {
        let sealed = item(keys::row(sku, ticket), "ticket", &Row::Sealed)?;
        match self.write(Write::put(sealed).if_absent()).await? {
            Written::Done(_) => Ok(true),
            Written::Refused(row) => Ok(matches!(value(row)?, Row::Sealed)),
        }
    }
}

fn placement_writes(order: &Order, email_hash: &str, draws: &[TicketDraw]) -> Result<Vec<Write>, Failure> {
    let mut placed = order_item(order)?;
    placed.insert("email_hash".to_owned(), text(email_hash));
    let mut writes = vec![Write::put(placed).when("stage = :placing").value(":placing", stage(Stage::Placing)?)];
    for draw in draws {
        let row = item(keys::row(&draw.sku, draw.ticket), "ticket", &Row::Live(draw.row.clone()))?;
        writes.push(Write::put(row).if_absent());
    }
    Ok(writes)
}

/// An order as an item, with the index keys that follow from it. `todo` of a placing and `email_hash` are whoever's writes it.
pub(super) fn order_item(order: &Order) -> Result<Item, Failure> {
    let mut new = item(keys::order(&order.order_id), "order", order)?;
    if let Some((partition, position)) = keys::ready(order) {
        new.insert("ready".to_owned(), text(partition));
        new.insert("ready_at".to_owned(), text(position));
    }
    if let Some(swap) = &order.swap {
        mark_placing(&mut new, &order.order_id, swap.look_at);
    }
    Ok(new)
}

fn mark_placing(item: &mut Item, id: &OrderId, look_at: Timestamp) {
    item.insert("todo".to_owned(), text(Marked::Placing.partition_of(id.as_str())));
    item.insert("todo_at".to_owned(), text(sortable(look_at)));
}

pub(super) fn stage(stage: Stage) -> Result<AttributeValue, Failure> {
    super::item::attribute(&stage)
}

fn drawn(new: &Item) -> Result<Draw, Failure> {
    let number = |name: &str| -> Result<i64, Failure> {
        let value = new.get(name).and_then(|value| value.as_n().ok()).and_then(|text| text.parse().ok());
        value.ok_or_else(|| Failure::broken(SERVICE, format!("a draw returned no {name}")))
    };
    Ok(Draw {
        ticket: u64::try_from(number("last_ticket")?).map_err(|error| Failure::broken(SERVICE, error))?,
        units_through: number("units_issued")?,
        available: number("available")?,
    })
}

//! Placements: the protocol by which an order gets its tickets, one atomic step after another.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::names::Sku;
use domain::order::{Order, Stage};
use domain::placement::Draw;
use domain::stock::Counter;
use domain::ticket::{Row, Ticket};
use jiff::Timestamp;

use super::Table;
use super::customers::Bought;
use super::item::{Item, SERVICE, attribute, item, value};
use super::keys::{self, Marked, sortable};
use super::orders::{is_claim, mark_placing, order_item};
use super::write::{Unwritten, Write, Written};
use crate::failure::Failure;

/// The outcome of putting an order.
#[derive(Clone, Debug)]
pub enum PutOutcome {
    /// It is new.
    New,
    /// It was there before.
    Present(Box<Order>),
    /// Its payment was used for a swap.
    Claimed,
}

/// The outcome of a draw.
#[derive(Clone, Debug)]
pub enum DrawOutcome {
    /// A number was drawn.
    Drawn(Draw),
    /// The terms allow no draw; the counter as it is.
    Refused(Counter),
    /// There is no such product.
    UnknownSku,
    /// Unknown. A number that was drawn is a gap, and will be closed.
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

impl TicketDraw {
    /// Puts the ticket, only if absent.
    pub(super) fn write(&self) -> Result<Write, Failure> {
        let row = item(keys::row(&self.sku, self.ticket), "ticket", &Row::Live(self.row.clone()))?;
        Ok(Write::put(row).if_absent())
    }
}

/// The outcome of committing an order's tickets.
#[derive(Clone, Debug)]
pub enum CommitOutcome {
    /// The order has its places.
    Placed,
    /// The order is no longer `placing`: somebody else finished or ended it.
    NotPlacing,
    /// The numbers of these draws (by position) were closed meanwhile; draw again for them.
    Sealed(Vec<usize>),
    /// The customer would have more of a product than the shop allows; nothing was written.
    OverLimit,
    /// Contended or failed. The order may be placed: read it.
    Unknown(Unwritten),
}

impl Table {
    /// Puts an order as `placing`, only if absent; one that is there is returned. `look_at`: when the sweep takes it up
    /// if it is still unfinished.
    pub async fn put_placing(
        &self,
        order: &Order,
        email_hash: &str,
        look_at: Timestamp,
    ) -> Result<PutOutcome, Unwritten> {
        let mut new = order_item(order, email_hash)?;
        mark_placing(&mut new, &order.order_id, look_at);
        match self.write(Write::put(new).if_absent()).await? {
            Written::Done(_) => Ok(PutOutcome::New),
            Written::Refused(present) if is_claim(&present) => Ok(PutOutcome::Claimed),
            Written::Refused(present) => Ok(PutOutcome::Present(Box::new(value(present)?))),
        }
    }

    /// Takes up an order, only if it is still `placing` at this version: stores its doubts and moves its due time to
    /// `look_at`. False: somebody else changed it.
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
        .value(":doubts", attribute(&doubts)?)
        .text(":todo", Marked::Placing.partition_of(order.order_id.as_str()))
        .text(":at", sortable(look_at));
        Ok(matches!(self.write(update).await?, Written::Done(_)))
    }

    /// Draws the next ticket of a product for `quantity` units, if at most `allowance` units would wait then (`None`:
    /// any number). One conditional write, never repeated.
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
        // A closed backlog sells only what is available.
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

    /// Gives the order its tickets in one transaction: the order as given (`placed`), only if still `placing`; each
    /// ticket, only if absent; and the customer's units, where they are counted.
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

    /// Ends a placement without tickets: puts the order as given (`refused` or `canceled`), only if still `placing` at
    /// the version before. False: somebody else changed it.
    pub async fn refuse_placement(&self, order: &Order, email_hash: &str) -> Result<bool, Unwritten> {
        let write = Write::put(order_item(order, email_hash)?)
            .when("stage = :placing AND version = :read")
            .value(":placing", stage(Stage::Placing)?)
            .number(":read", order.version - 1);
        Ok(matches!(self.write(write).await?, Written::Done(_)))
    }
}

fn placement_writes(order: &Order, email_hash: &str, draws: &[TicketDraw]) -> Result<Vec<Write>, Failure> {
    let placed = Write::put(order_item(order, email_hash)?);
    let mut writes = vec![placed.when("stage = :placing").value(":placing", stage(Stage::Placing)?)];
    for draw in draws {
        writes.push(draw.write()?);
    }
    Ok(writes)
}

fn stage(stage: Stage) -> Result<AttributeValue, Failure> {
    attribute(&stage)
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

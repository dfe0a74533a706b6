//! Placements: the atomic steps by which an order gets its tickets. The use cases decide their order.

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
use super::write::{Write, WriteError, Written};
use crate::service_error::ServiceError;

/// The outcome of putting an order.
#[derive(Clone, Debug)]
pub enum PutOutcome {
    /// The order is new.
    New,
    /// The order existed before.
    Present(Box<Order>),
    /// The payment was used for a swap.
    Claimed,
}

/// The outcome of a draw.
#[derive(Clone, Debug)]
pub enum DrawOutcome {
    /// A number was drawn.
    Drawn(Draw),
    /// The condition of the draw failed. The value is the counter at that instant.
    Refused(Counter),
    /// The product is unknown.
    UnknownSku,
    /// The counter is throttled or in another transaction. No number was drawn.
    Busy,
    /// The answer was lost. If a number was drawn, it is a gap and will be closed.
    Lost(ServiceError),
}

/// A ticket drawn for an order line.
#[derive(Clone, Debug)]
pub struct TicketDraw {
    /// The product.
    pub sku: Sku,
    /// The ticket's number.
    pub ticket: u64,
    /// The ticket to be put.
    pub row: Ticket,
}

impl TicketDraw {
    pub(super) fn write(&self) -> Result<Write, ServiceError> {
        let row = item(keys::row(&self.sku, self.ticket), "ticket", &Row::Live(self.row.clone()))?;
        Ok(Write::put(row).if_absent())
    }
}

/// The outcome of committing an order's tickets.
#[derive(Clone, Debug)]
pub enum CommitOutcome {
    /// The order has its tickets.
    Placed,
    /// The order is no longer `placing`: another call finished or ended it.
    NotPlacing,
    /// The numbers of the draws at these positions were closed meanwhile. Draw again for their lines.
    Closed(Vec<usize>),
    /// The customer would exceed the shop's limit for a product. Nothing was written.
    OverLimit,
    /// The write was contended or failed. The order may be placed, so read it.
    Unknown(WriteError),
}

impl Table {
    /// Puts a `placing` order, if absent, else returns the existing one. `reconcile` finishes it from `lease_until` on.
    pub async fn put_placing(
        &self,
        order: &Order,
        email_hash: &str,
        lease_until: Timestamp,
    ) -> Result<PutOutcome, WriteError> {
        let mut new = order_item(order, email_hash)?;
        mark_placing(&mut new, &order.order_id, lease_until);
        match self.write(Write::put(new).if_absent()).await? {
            Written::Done(_) => Ok(PutOutcome::New),
            Written::Refused(present) if is_claim(&present) => Ok(PutOutcome::Claimed),
            Written::Refused(present) => Ok(PutOutcome::Present(Box::new(value(present)?))),
        }
    }

    /// Takes the lease of an order until `lease_until`, only if it is still `placing` at this version, and stores its
    /// unresolved draws. False: another call changed it.
    pub async fn resume_placement(&self, order: &Order, lease_until: Timestamp) -> Result<bool, WriteError> {
        let draws: BTreeMap<String, u64> =
            order.unresolved_draws.iter().map(|(sku, at)| (sku.to_string(), *at)).collect();
        let update = Write::update(
            keys::order(&order.order_id),
            "SET version = :next, in_doubt = :doubts, todo = :todo, todo_at = :at",
        )
        .when("stage = :placing AND version = :read")
        .number(":next", order.version + 1)
        .number(":read", order.version)
        .value(":placing", stage(Stage::Placing)?)
        .value(":doubts", attribute(&draws)?)
        .text(":todo", Marked::Placing.partition_of(order.order_id.as_str()))
        .text(":at", sortable(lease_until));
        Ok(matches!(self.write(update).await?, Written::Done(_)))
    }

    /// Draws the next ticket of a product for `quantity` units, only if at most `allowance` units wait afterwards
    /// (`None`: no limit). One conditional write, never repeated.
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
            Err(WriteError::Service(failure)) => DrawOutcome::Lost(failure),
            Err(WriteError::Contended | WriteError::Condition(_)) => DrawOutcome::Busy,
        }
    }

    /// Commits a placement in one transaction: the `placed` order, only if it is still `placing`; each ticket, only if
    /// absent; and the customer's units, if the shop counts them.
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
            Err(WriteError::Condition(failed)) if failed.contains(&0) => CommitOutcome::NotPlacing,
            Err(WriteError::Condition(failed)) => {
                let closed: Vec<_> = failed.into_iter().map(|at| at - 1).filter(|at| *at < draws.len()).collect();
                if closed.is_empty() { CommitOutcome::OverLimit } else { CommitOutcome::Closed(closed) }
            }
            Err(other) => CommitOutcome::Unknown(other),
        }
    }

    /// Ends a placement without tickets: puts the `refused` or `canceled` order, only if it is still `placing` at the
    /// version before. False: another call changed it.
    pub async fn refuse_placement(&self, order: &Order, email_hash: &str) -> Result<bool, WriteError> {
        let write = Write::put(order_item(order, email_hash)?)
            .when("stage = :placing AND version = :read")
            .value(":placing", stage(Stage::Placing)?)
            .number(":read", order.version - 1);
        Ok(matches!(self.write(write).await?, Written::Done(_)))
    }
}

fn placement_writes(order: &Order, email_hash: &str, draws: &[TicketDraw]) -> Result<Vec<Write>, ServiceError> {
    let placed = Write::put(order_item(order, email_hash)?);
    let mut writes = vec![placed.when("stage = :placing").value(":placing", stage(Stage::Placing)?)];
    for draw in draws {
        writes.push(draw.write()?);
    }
    Ok(writes)
}

fn stage(stage: Stage) -> Result<AttributeValue, ServiceError> {
    attribute(&stage)
}

fn drawn(new: &Item) -> Result<Draw, ServiceError> {
    let number = |name: &str| -> Result<i64, ServiceError> {
        let value = new.get(name).and_then(|value| value.as_n().ok()).and_then(|text| text.parse().ok());
        value.ok_or_else(|| ServiceError::broken(SERVICE, format!("a draw returned no {name}")))
    };
    Ok(Draw {
        ticket: u64::try_from(number("last_ticket")?).map_err(|error| ServiceError::broken(SERVICE, error))?,
        units_through: number("units_issued")?,
        available: number("available")?,
    })
}

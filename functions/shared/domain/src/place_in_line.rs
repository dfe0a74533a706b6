//! The place of a ticket: the orders and units ahead of it. The result is exact. The calculation needs the tickets of a
//! few blocks and the counts of the blocks between.
//!
//! Damage that takes units from an order moves the fill watermark back to before that order. Later tickets are full at
//! that time. So until the order is full again, all tickets up to the last one that ever got a unit are read.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::block::{self, BlockCounts, TICKETS};
use crate::stock::{Stock, Units, total};
use crate::ticket::{Row, Ticket};

/// A place in line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaceInLine {
    /// Orders ahead, which get units first.
    pub orders_ahead: i64,
    /// Units that the orders ahead still wait for.
    pub units_ahead: i64,
    /// Whether a ticket ahead lost assigned units. If so, the place may have grown.
    pub after_loss: bool,
}

/// The part of a ticket that matters to the tickets behind it. [`Ticket`] documents the fields.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are fields of `Ticket`")]
pub enum TicketStatus {
    /// The ticket belongs to an order.
    Live {
        drawn: i64,
        quantity: i64,
        #[serde(default)]
        assigned: Units,
        #[serde(default)]
        lost: i64,
    },
    /// The order canceled or swapped all units of the ticket.
    Canceled { drawn: i64 },
    /// A closed gap.
    #[serde(rename = "sealed")]
    Closed,
}

impl TicketStatus {
    /// Units that the ticket still waits for.
    fn short(&self) -> i64 {
        match self {
            Self::Live { quantity, assigned, .. } => (quantity - total(assigned)).max(0),
            Self::Canceled { .. } | Self::Closed => 0,
        }
    }

    /// Whether the ticket waits again for units that it lost.
    fn lost_goods(&self) -> bool {
        matches!(self, Self::Live { lost, .. } if *lost > 0) && self.short() > 0
    }

    fn given_up(&self) -> i64 {
        match self {
            Self::Live { drawn, quantity, .. } => drawn - quantity,
            Self::Canceled { drawn } => *drawn,
            Self::Closed => 0,
        }
    }
}

impl From<&Row> for TicketStatus {
    fn from(row: &Row) -> Self {
        match row {
            Row::Live(ticket) => {
                let Ticket { drawn, quantity, lost, .. } = *ticket;
                Self::Live { drawn, quantity, assigned: ticket.assigned.clone(), lost }
            }
            Row::Canceled(ticket) => Self::Canceled { drawn: ticket.drawn },
            Row::Closed => Self::Closed,
        }
    }
}

/// A ticket, and the data that determine its place.
#[derive(Clone, Debug)]
pub struct PlaceView<'a> {
    /// The product's stock.
    pub stock: &'a Stock,
    /// The ticket whose place is computed.
    pub ticket: u64,
    /// Units drawn before the ticket.
    pub units_before: i64,
    /// The rows of [`blocks_to_read`]: all resolved rows, and later rows that are closed, canceled or reduced.
    pub rows: &'a BTreeMap<u64, TicketStatus>,
    /// The counts of [`counts_to_read`].
    pub counts: &'a BTreeMap<u64, BlockCounts>,
}

/// The number after which no ticket ahead holds a unit: the fill watermark, unless damage moved the watermark back.
fn served_through(stock: &Stock, ticket: u64) -> u64 {
    stock.given_through.min(stock.resolved_watermark).min(ticket.saturating_sub(1)).max(stock.fill_watermark)
}

/// The blocks whose tickets must be read: the first and the last block of the resolved range ahead and of the
/// unresolved range ahead, and all blocks from the fill watermark to the last ticket that holds a unit.
pub fn blocks_to_read(stock: &Stock, ticket: u64) -> Vec<u64> {
    let (last, served) = (ticket.saturating_sub(1), served_through(stock, ticket));
    let first = block::block_of(stock.fill_watermark + 1);
    let ends = [served + 1, stock.resolved_watermark, stock.resolved_watermark + 1, last];
    let mut blocks: Vec<u64> = ends.into_iter().map(|end| block::block_of(end.min(last))).collect();
    blocks.extend(first..=block::block_of(served));
    blocks.retain(|number| *number >= first);
    blocks.sort_unstable();
    blocks.dedup();
    blocks
}

/// The first and last block whose counts must be read, if any.
pub fn counts_to_read(stock: &Stock, ticket: u64) -> Option<(u64, u64)> {
    let first = block::block_of(served_through(stock, ticket) + 1) + 1;
    let last = block::block_of(ticket.saturating_sub(1)).saturating_sub(1);
    (first <= last).then_some((first, last))
}

/// The place of a waiting ticket. Unfinished placements count as orders ahead, so they never make the place grow.
pub fn place_in_line(view: &PlaceView<'_>) -> PlaceInLine {
    let stock = view.stock;
    if view.ticket <= stock.fill_watermark {
        return PlaceInLine::default();
    }
    let ahead = view.rows.range(stock.fill_watermark + 1..view.ticket);
    let after_loss = ahead.into_iter().any(|(_, row)| row.lost_goods());
    let accounted = PlaceInLine { after_loss, ..resolved_ahead(view) };
    if view.ticket <= stock.resolved_watermark + 1 {
        return accounted;
    }
    let fresh = gone(view, stock.resolved_watermark + 1, view.ticket - 1);
    PlaceInLine {
        orders_ahead: accounted.orders_ahead + signed(view.ticket - 1 - stock.resolved_watermark) - fresh.gone_orders,
        units_ahead: accounted.units_ahead + view.units_before - stock.resolved_units - fresh.gone_units,
        after_loss,
    }
}

/// The resolved orders and units between the fill watermark and the ticket.
fn resolved_ahead(view: &PlaceView<'_>) -> PlaceInLine {
    let served = served_through(view.stock, view.ticket);
    let first = served + 1;
    let last = view.stock.resolved_watermark.min(view.ticket - 1);
    let mut place = PlaceInLine::default();
    let rows = (view.stock.fill_watermark + 1..=served).chain(edges(first, last));
    for short in rows.filter_map(|number| view.rows.get(&number)).map(TicketStatus::short) {
        place.orders_ahead += i64::from(short > 0);
        place.units_ahead += short;
    }
    for counts in between(first, last).map(|number| view.counts.get(&number).copied().unwrap_or_default()) {
        place.orders_ahead += signed(TICKETS) - counts.gone_orders;
        place.units_ahead += counts.drawn - counts.gone_units;
    }
    place
}

/// The counts of canceled and closed tickets among unresolved numbers.
fn gone(view: &PlaceView<'_>, first: u64, last: u64) -> BlockCounts {
    let mut sum = BlockCounts::default();
    for row in edges(first, last).filter_map(|number| view.rows.get(&number)) {
        sum.gone_orders += i64::from(!matches!(row, TicketStatus::Live { .. }));
        sum.gone_units += row.given_up();
    }
    for counts in between(first, last).filter_map(|number| view.counts.get(&number)) {
        sum.gone_orders += counts.gone_orders;
        sum.gone_units += counts.gone_units;
    }
    sum
}

/// The numbers of a range that lie in its first or last block.
fn edges(first: u64, last: u64) -> impl Iterator<Item = u64> {
    let (low, high) = (block::block_of(first), block::block_of(last));
    let head = first..=last.min(low * TICKETS + TICKETS - 1);
    let tail = (high > low).then(|| (high * TICKETS).max(first)..=last);
    head.chain(tail.into_iter().flatten())
}

/// The blocks strictly between the blocks of `first` and `last`.
fn between(first: u64, last: u64) -> impl Iterator<Item = u64> {
    block::block_of(first) + 1..block::block_of(last)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

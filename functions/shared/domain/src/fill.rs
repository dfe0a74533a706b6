//! Plans a fill: closes gaps, resolves numbers, gives units to the oldest tickets, never past an unresolved gap (I2).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::block::{self, BlockCounts};
use crate::identity::fingerprint;
use crate::names::{CallerId, Warehouse};
use crate::parcels::fewest;
use crate::stock::{Counter, Stock, Units, WrittenBy, take, total};
use crate::ticket::{Row, Ticket};

/// The data that a fill reads: the stock first, then the counter, then the tickets.
#[derive(Clone, Debug)]
pub struct FillView {
    /// The stock.
    pub stock: Stock,
    /// The counter, read after the stock.
    pub counter: Counter,
    /// All rows after the fill watermark up to `head_through`, and after the resolved watermark up to `fresh_through`.
    /// A number missing from the second range is a gap.
    pub rows: BTreeMap<u64, Row>,
    /// How far the rows after the fill watermark were read: at most to the resolved watermark.
    pub head_through: u64,
    /// How far the unresolved rows were read: at most to the last number drawn.
    pub fresh_through: u64,
}

/// The limits of a fill.
#[derive(Clone, Copy, Debug)]
pub struct FillLimits {
    /// The most tickets that get units in one commit.
    pub gives: usize,
    /// The age at which a gap is closed: longer than a placement can last.
    pub grace: SignedDuration,
}

/// Units for one ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Give {
    /// The ticket.
    pub ticket: u64,
    /// The ticket's row, as it was read.
    pub before: Ticket,
    /// The units that the ticket gets.
    pub units: Units,
}

/// The log entry of one commit. Each entry carries the hash of the previous entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// The entry's number, counted from 1.
    pub number: u64,
    /// When the entry was written.
    pub at: Timestamp,
    /// The tickets that got units, each with its units.
    pub gave: Vec<(u64, Units)>,
    /// The tickets that lost units (damage), each with its units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub took_back: Vec<(u64, Units)>,
    /// The adjustment that took the lost units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustment_id: Option<CallerId>,
    /// Units drawn by closed gaps.
    #[serde(rename = "burnt")]
    pub voided: i64,
    /// The resolved watermark after the commit.
    #[serde(rename = "accounted_through")]
    pub resolved_watermark: u64,
    /// The hash of the previous entry.
    pub before: String,
}

impl LogEntry {
    /// The hash that the next entry carries.
    pub fn hash(&self) -> String {
        fingerprint(self)
    }
}

/// The writes of one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FillCommit {
    /// The stock afterwards, one version later than it was read.
    pub stock: Stock,
    /// The tickets that get units.
    pub gives: Vec<Give>,
    /// The counts to add to each block.
    pub blocks: BTreeMap<u64, BlockCounts>,
    /// The log entry.
    pub entry: LogEntry,
}

impl FillCommit {
    /// Chooses the warehouses again once the orders are known, oldest ticket first, from the units that were
    /// `unassigned` before the commit. Each ticket gets as many units as planned (I2).
    pub fn from_warehouses(&mut self, unassigned: &Units, mut choose: impl FnMut(&Give, &Units) -> Units) {
        let mut left = unassigned.clone();
        for give in &mut self.gives {
            let quantity = total(&give.units);
            let mut chosen = choose(give, &left);
            let there = |(warehouse, units): (&Warehouse, &i64)| left.get(warehouse).is_some_and(|held| held >= units);
            if total(&chosen) != quantity || !chosen.iter().all(there) {
                chosen = fewest(left.clone(), quantity);
            }
            chosen.iter().for_each(|(warehouse, units)| take(&mut left, warehouse, *units));
            give.units = chosen;
        }
        self.entry.gave = self.gives.iter().map(|give| (give.ticket, give.units.clone())).collect();
        self.stock.unassigned = left;
        self.stock.log_hash = self.entry.hash();
    }
}

/// The next step for a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FillPlan {
    /// Close these gaps, then plan again.
    Close(Vec<u64>),
    /// Commit this, then plan again.
    Commit(Box<FillCommit>),
    /// Only record that the gaps up to this number exist now.
    NoteSeen(u64),
    /// Nothing to do: all units are given and all numbers resolved, or a gap is too young to close.
    Rest,
}

/// Plans the next step for a product.
pub fn plan_fill(view: &FillView, limits: FillLimits, now: Timestamp) -> FillPlan {
    let frontier = Frontier::find(view, limits.grace, now);
    if !frontier.closes.is_empty() {
        return FillPlan::Close(frontier.closes);
    }
    let mut stock = view.stock.clone();
    let accounting = account(view, frontier.resolved, &mut stock);
    let gives = give(view, &mut stock, limits.gives);
    move_cursor(view, &gives, &mut stock);
    // A commit for each canceled ticket would only cause conflicts. So a commit that only moves the watermark must move
    // it by a whole block, unless units are unassigned. Canceled tickets after the watermark cost nothing else.
    let by = stock.fill_watermark - view.stock.fill_watermark;
    let moved = by >= block::TICKETS || (by > 0 && !stock.unassigned.is_empty());
    let note = frontier.gap.filter(|gap| *gap > view.stock.seen_through).map(|_| view.counter.last_ticket);
    if gives.is_empty() && !moved && accounting.is_none() {
        return note.map_or(FillPlan::Rest, FillPlan::NoteSeen);
    }
    if let Some(last) = note {
        stock.seen_through = last;
        stock.seen_at = Some(now);
    }
    FillPlan::Commit(Box::new(commit(stock, gives, accounting.unwrap_or_default(), now)))
}

/// The resolved watermark that can be reached, the gaps to close, and the first gap that is too young.
struct Frontier {
    resolved: u64,
    closes: Vec<u64>,
    gap: Option<u64>,
}

impl Frontier {
    fn find(view: &FillView, grace: SignedDuration, now: Timestamp) -> Self {
        let stock = &view.stock;
        let old = stock.seen_at.is_some_and(|seen| now.duration_since(seen) >= grace);
        let mut frontier = Self { resolved: stock.resolved_watermark, closes: Vec::new(), gap: None };
        for number in stock.resolved_watermark + 1..=view.fresh_through {
            if view.rows.contains_key(&number) {
                if frontier.closes.is_empty() {
                    frontier.resolved = number;
                }
            } else if old && number <= stock.seen_through {
                frontier.closes.push(number);
            } else {
                frontier.gap = Some(number);
                break;
            }
        }
        frontier
    }
}

#[derive(Default)]
struct Accounting {
    voided: i64,
    blocks: BTreeMap<u64, BlockCounts>,
}

/// Moves the resolved watermark. The next ticket, or the end of the backlog, reveals the units of a closed gap. Until
/// then, these units are not in the supply.
fn account(view: &FillView, resolved: u64, stock: &mut Stock) -> Option<Accounting> {
    let mut accounting = Accounting::default();
    let (mut units, mut wanted) = (stock.resolved_units, 0);
    for number in stock.resolved_watermark + 1..=resolved {
        let counts = accounting.blocks.entry(block::block_of(number)).or_default();
        match view.rows.get(&number).and_then(Row::ticket) {
            Some(ticket) => {
                units = ticket.units_through;
                wanted += ticket.drawn;
                counts.drawn += ticket.drawn;
            }
            None => counts.gone_orders += 1,
        }
    }
    if resolved == view.counter.last_ticket {
        units = view.counter.units_issued;
    }
    if resolved == stock.resolved_watermark && units == stock.resolved_units {
        return None;
    }
    accounting.voided = units - stock.resolved_units - wanted;
    stock.resolved_watermark = resolved;
    stock.resolved_units = units;
    stock.supply += accounting.voided;
    Some(accounting)
}

/// Assigns unassigned units to the oldest tickets that are short.
fn give(view: &FillView, stock: &mut Stock, most: usize) -> Vec<Give> {
    let mut gives = Vec::new();
    for (number, row) in in_order(view, stock.resolved_watermark) {
        if stock.unassigned.is_empty() || gives.len() == most {
            break;
        }
        let Some(ticket) = row.live().filter(|ticket| ticket.short() > 0) else { continue };
        let units = fewest(stock.unassigned.clone(), ticket.short());
        units.iter().for_each(|(warehouse, quantity)| take(&mut stock.unassigned, warehouse, *quantity));
        stock.given_through = stock.given_through.max(number);
        gives.push(Give { ticket: number, before: ticket.clone(), units });
    }
    gives
}

/// The rows after the fill watermark, in order and without a gap.
fn in_order(view: &FillView, resolved_watermark: u64) -> impl Iterator<Item = (u64, &Row)> {
    let through =
        if view.head_through == view.stock.resolved_watermark { resolved_watermark } else { view.head_through };
    (view.stock.fill_watermark + 1..=through).map_while(|number| view.rows.get(&number).map(|row| (number, row)))
}

/// Moves the fill watermark past tickets that need no units, never past a ticket that is short.
fn move_cursor(view: &FillView, gives: &[Give], stock: &mut Stock) {
    let given: BTreeMap<u64, i64> = gives.iter().map(|give| (give.ticket, give.units.values().sum())).collect();
    let done = |(number, row): &(u64, &Row)| {
        row.live().is_none_or(|ticket| ticket.short() == given.get(number).copied().unwrap_or_default())
    };
    let through = in_order(view, stock.resolved_watermark).take_while(done).last().map(|(number, _)| number);
    stock.fill_watermark = through.unwrap_or(stock.fill_watermark);
}

fn commit(mut stock: Stock, gives: Vec<Give>, accounting: Accounting, now: Timestamp) -> FillCommit {
    let entry = LogEntry {
        number: stock.log_length + 1,
        at: now,
        gave: gives.iter().map(|give| (give.ticket, give.units.clone())).collect(),
        took_back: Vec::new(),
        adjustment_id: None,
        voided: accounting.voided,
        resolved_watermark: stock.resolved_watermark,
        before: stock.log_hash.clone(),
    };
    stock.version += 1;
    stock.log_length += 1;
    stock.log_hash = entry.hash();
    stock.written_by = WrittenBy::Fill;
    FillCommit { stock, gives, blocks: accounting.blocks, entry }
}

//! Plays the fill's plan step by step over backlogs of every shape: live, canceled and closed numbers, gaps that are
//! closed or get their ticket late, partly filled heads, several warehouses.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod tickets;

use std::collections::BTreeMap;

use domain::fill::{FillCommit, FillLimits, FillPlan, FillView, plan_fill};
use domain::names::{Sku, Warehouse};
use domain::stock::{Counter, Stock, put, total};
use domain::ticket::{Row, Ticket};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use tickets::{NOW, ticket};

/// The fate of a number.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Live,
    Canceled,
    ClosedByItsOwner,
    /// The call that drew the number died.
    Gap,
    /// The call that drew the number returns after this many steps of the fill.
    Late(u8),
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        6 => Just(Fate::Live),
        1 => Just(Fate::Canceled),
        1 => Just(Fate::ClosedByItsOwner),
        1 => Just(Fate::Gap),
        1 => (1_u8..4).prop_map(Fate::Late),
    ]
}

struct Line {
    stock: Stock,
    counter: Counter,
    rows: BTreeMap<u64, Row>,
    late: BTreeMap<u64, (u8, Row)>,
    now: Timestamp,
}

impl Line {
    fn new(numbers: &[(Fate, i64)], arrivals: &[i64]) -> Self {
        let sku = Sku::new("led").unwrap();
        let stock = Stock::empty(sku.clone());
        let counter =
            Counter { sku, last_ticket: 0, units_issued: 0, available: 0, stamp: 0, closed: false, todo: None };
        let mut line = Self { stock, counter, rows: BTreeMap::new(), late: BTreeMap::new(), now: NOW };
        for (at, (fate, units)) in numbers.iter().enumerate() {
            let number = at as u64 + 1;
            line.counter.last_ticket = number;
            line.counter.units_issued += units;
            let ticket = ticket(&format!("pi_{number}"), *units, line.counter.units_issued);
            match fate {
                Fate::Live => drop(line.rows.insert(number, Row::Live(ticket))),
                Fate::Canceled => {
                    // The cancel returned the units, so the supply grows by them.
                    line.stock.supply += units;
                    line.rows.insert(number, Row::Canceled(Ticket { quantity: 0, ..ticket }));
                }
                Fate::ClosedByItsOwner => drop(line.rows.insert(number, Row::Closed)),
                Fate::Gap => {}
                Fate::Late(steps) => drop(line.late.insert(number, (*steps, Row::Live(ticket)))),
            }
        }
        for (at, units) in arrivals.iter().enumerate() {
            let warehouse = Warehouse::new(if at % 2 == 0 { "east" } else { "west" }).unwrap();
            put(&mut line.stock.unassigned, &warehouse, *units);
            put(&mut line.stock.received, &warehouse, *units);
            line.stock.supply += units;
            line.stock.version += 1;
        }
        line
    }

    /// Reads as the function does, but only `fresh` numbers and `head` tickets at a time.
    fn view(&self, head: u64, fresh: u64) -> FillView {
        let head_through = (self.stock.fill_watermark + head).min(self.stock.resolved_watermark);
        let fresh_through = (self.stock.resolved_watermark + fresh).min(self.counter.last_ticket);
        let within = |number: u64| {
            (self.stock.fill_watermark + 1..=head_through).contains(&number)
                || (self.stock.resolved_watermark + 1..=fresh_through).contains(&number)
        };
        let rows = self.rows.iter().filter(|(number, _)| within(**number));
        FillView {
            stock: self.stock.clone(),
            counter: self.counter.clone(),
            rows: rows.map(|(number, row)| (*number, row.clone())).collect(),
            head_through,
            fresh_through,
        }
    }

    fn apply(&mut self, commit: FillCommit) {
        let given: i64 = commit.gives.iter().map(|give| total(&give.units)).sum();
        assert_eq!(self.stock.unassigned_total() - given, commit.stock.unassigned_total(), "units appear or vanish");
        assert_eq!(self.stock.version + 1, commit.stock.version);
        for give in commit.gives {
            let Some(Row::Live(ticket)) = self.rows.get_mut(&give.ticket) else { panic!("no live ticket") };
            assert_eq!(*ticket, give.before);
            give.units.iter().for_each(|(warehouse, units)| put(&mut ticket.assigned, warehouse, *units));
        }
        self.stock = commit.stock;
    }

    /// Checks I2 and both watermarks after every step.
    fn assert_fair(&self) {
        let mut short = false;
        for (number, row) in &self.rows {
            let Some(ticket) = row.live() else { continue };
            assert!(total(&ticket.assigned) <= ticket.quantity, "ticket {number} has too many units");
            assert!(!short || ticket.assigned.is_empty(), "ticket {number} was served before its turn");
            assert!(ticket.short() == 0 || *number > self.stock.fill_watermark, "the fill watermark is past {number}");
            short |= ticket.short() > 0;
        }
        for number in 1..=self.stock.resolved_watermark {
            assert!(self.rows.contains_key(&number), "the fill passed the gap {number}");
        }
    }

    fn run(&mut self, limits: FillLimits, head: u64, fresh: u64) {
        for step in 0..400_u32 {
            match plan_fill(&self.view(head, fresh), limits, self.now) {
                FillPlan::Rest if self.late.is_empty() && self.stock.resolved_watermark == self.counter.last_ticket => {
                    return;
                }
                FillPlan::Rest => self.now += SignedDuration::from_secs(20),
                FillPlan::NoteSeen(through) => {
                    self.stock.seen_through = through;
                    self.stock.seen_at = Some(self.now);
                }
                FillPlan::Close(numbers) => numbers.into_iter().for_each(|number| {
                    self.rows.entry(number).or_insert(Row::Closed);
                    self.late.remove(&number);
                }),
                FillPlan::Commit(commit) => self.apply(*commit),
            }
            for (number, (_, row)) in self.late.extract_if(.., |_, (steps, _)| u32::from(*steps) <= step) {
                self.rows.entry(number).or_insert(row);
            }
            self.assert_fair();
        }
        panic!("the fill does not finish");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_line_is_served_in_order_and_every_unit_finds_its_place(
        numbers in prop::collection::vec((fate(), 1_i64..6), 0..40),
        arrivals in prop::collection::vec(1_i64..30, 0..5),
        gives in 1_usize..6, head in 1_u64..8, fresh in 1_u64..8,
    ) {
        let mut line = Line::new(&numbers, &arrivals);
        line.run(FillLimits { gives, grace: SignedDuration::from_secs(60) }, head, fresh);
        let short: i64 = line.rows.values().filter_map(Row::live).map(Ticket::short).sum();
        let unassigned = line.stock.unassigned_total();
        prop_assert!(short == 0 || unassigned == 0, "units lie there while somebody waits");
        // The published value: exactly the units that no ticket waits for are for sale.
        prop_assert_eq!(line.stock.supply - line.counter.units_issued, unassigned - short);
    }
}

#[test]
fn a_partly_filled_head_keeps_its_units_and_is_served_next() {
    let mut line = Line::new(&[(Fate::Live, 3), (Fate::Live, 1)], &[2]);
    let limits = FillLimits { gives: 45, grace: SignedDuration::from_secs(60) };
    line.run(limits, 100, 400);
    assert_eq!(line.rows[&1].live().map(Ticket::short), Some(1));
    assert_eq!(line.rows[&2].live().map(Ticket::short), Some(1));
    assert_eq!(line.stock.fill_watermark, 0);
    put(&mut line.stock.unassigned, &Warehouse::new("east").unwrap(), 1);
    line.run(limits, 100, 400);
    assert_eq!(line.rows[&1].live().map(Ticket::short), Some(0));
    assert_eq!(line.rows[&2].live().map(Ticket::short), Some(1));
}

#[test]
fn a_gap_is_closed_only_after_its_grace() {
    let mut line = Line::new(&[(Fate::Gap, 2), (Fate::Live, 1)], &[1]);
    let limits = FillLimits { gives: 45, grace: SignedDuration::from_secs(60) };
    assert_eq!(plan_fill(&line.view(10, 10), limits, line.now), FillPlan::NoteSeen(2));
    line.stock.seen_through = 2;
    line.stock.seen_at = Some(line.now);
    assert_eq!(plan_fill(&line.view(10, 10), limits, line.now + SignedDuration::from_secs(59)), FillPlan::Rest);
    assert_eq!(
        plan_fill(&line.view(10, 10), limits, line.now + SignedDuration::from_secs(60)),
        FillPlan::Close(vec![1])
    );
}

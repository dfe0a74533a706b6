//! The plan of a fill: pure code from the stock, the counter and the tickets that the fill read, oldest first.

use crate::calls::{Give, Plan};
use crate::protocol::{Flaw, Protocol};
use crate::stored::{Counter, Row, RowState, Stock};

struct Read<'a> {
    stock: &'a Stock,
    counter: &'a Counter,
    rows: &'a [Option<Row>],
}

impl Read<'_> {
    fn row(&self, number: u8) -> Option<&Row> {
        if number > self.counter.last {
            return None;
        }
        self.rows.get(usize::from(number) - 1)?.as_ref()
    }
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.gives.is_empty()
            && self.accounted == self.stock.accounted
            && self.resolved_units == self.stock.resolved_units
    }

    /// The number of units that the plan gives.
    pub fn units_given(&self) -> u8 {
        self.gives.iter().map(|g| g.units).sum()
    }

    fn assigned_after(&self, number: u8, row: &Row) -> u8 {
        let given = self.gives.iter().find(|g| g.number == number);
        row.assigned + given.map_or(0, |g| g.units)
    }
}

impl Protocol {
    /// Decides which units to give, which numbers to resolve, and the new fill watermark.
    pub(crate) fn plan(&self, stock: &Stock, counter: &Counter, rows: &[Option<Row>]) -> Plan {
        let read = Read { stock, counter, rows };
        let mut plan = Plan {
            stock: *stock,
            gives: self.gives(&read),
            accounted: stock.accounted,
            resolved_units: stock.resolved_units,
            known: 0,
            voided: 0,
            filled: stock.filled,
        };
        self.account(&read, &mut plan);
        self.move_cursor(&read, &mut plan);
        plan
    }

    fn gives(&self, read: &Read<'_>) -> Vec<Give> {
        let mut left = read.stock.unassigned;
        let mut gives = Vec::new();
        for number in read.stock.filled + 1..=read.counter.last {
            if left == 0 || gives.len() == usize::from(self.size.batch) {
                break;
            }
            let Some(row) = read.row(number) else {
                if self.has(Flaw::FillOverGap) {
                    continue;
                }
                break; // a gap: tickets behind it get no units until it is closed
            };
            let units = row.needs().min(left);
            if row.state == RowState::Live && units > 0 {
                left -= units;
                gives.push(Give { number, units, row: *row, order_version: 0 });
            }
        }
        gives
    }

    /// Resolves numbers up to the last ticket before a gap. The units of a closed number are known from the next
    /// ticket, or at the end of the backlog. Until then these units stay out of the supply.
    fn account(&self, read: &Read<'_>, plan: &mut Plan) {
        let before = read.stock.resolved_units;
        let (mut units, mut drawn) = (before, 0);
        for number in read.stock.accounted + 1..=read.counter.last {
            let Some(row) = read.row(number) else { break };
            drawn += row.drawn;
            plan.accounted = number;
            if row.state != RowState::Closed {
                units = row.through;
                plan.known = number;
            } else if self.has(Flaw::VoidedMeasuredLate) {
                units = read.counter.units;
                plan.known = number;
            }
        }
        if plan.accounted == read.counter.last {
            units = read.counter.units;
            plan.known = plan.accounted;
        }
        plan.resolved_units = units;
        plan.voided = units.cast_signed() - before.cast_signed() - drawn.cast_signed();
        if self.has(Flaw::VoidedNotReturned) {
            plan.voided = 0;
        }
    }

    /// Moves the fill watermark past full, canceled and closed numbers, never past a short ticket.
    fn move_cursor(&self, read: &Read<'_>, plan: &mut Plan) {
        while plan.filled < plan.accounted {
            let number = plan.filled + 1;
            let Some(row) = read.row(number) else { break };
            let assigned = plan.assigned_after(number, row);
            let partial = self.has(Flaw::CursorPastPartialHead) && assigned > 0;
            if row.state == RowState::Live && assigned < row.quantity && !partial {
                break;
            }
            plan.filled = number;
        }
    }
}

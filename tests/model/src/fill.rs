//! Filling: read the stock, the counter, the tickets and the orders in separate steps; commit; publish. A gap may be
//! closed at any time, because a fill may have first seen the gap at any earlier time.

use crate::calls::{Fill, Filling, Plan};
use crate::protocol::{Flaw, Protocol};
use crate::state::State;
use crate::steps::Step;
use crate::stored::{Counter, Row, RowState, Sku};

impl Protocol {
    pub(crate) fn filling_steps(&self, s: &State, steps: &mut Vec<Step>) {
        for (id, sku) in (0..).zip(&s.skus) {
            if s.fills.len() < usize::from(self.size.fillers) && self.fill_starts(sku) {
                steps.push(if self.has(Flaw::StockReadLast) {
                    Step::FillReadRowsFirst(id)
                } else {
                    Step::FillReadStock(id)
                });
            }
            self.close_steps(s, id, sku, steps);
        }
        for (i, fill) in (0..).zip(&s.fills) {
            steps.push(match &fill.at {
                Filling::Rows(..) => Step::FillReadStockLast(i),
                Filling::Stock(_) => Step::FillReadCounter(i),
                Filling::Counter(..) => Step::FillReadRows(i),
                Filling::Planned(_) => Step::FillReadOrders(i),
                Filling::Ready(_) => Step::CommitFill(i),
                Filling::Publish(..) => Step::FillPublish(i),
                Filling::Unmark(_) => Step::Unmark(i),
            });
            if s.left.crashes > 0 && matches!(fill.at, Filling::Publish(..)) {
                steps.push(Step::CrashFill(i));
            }
        }
    }

    /// Whether a fill may start: when it has work to do; with messages, when a message waits or the sweep finds the
    /// mark. A sweep without effect is not a step.
    fn fill_starts(&self, sku: &Sku) -> bool {
        let owed = sku.counter.stamp < sku.stock.version || !self.plan(&sku.stock, &sku.counter, &sku.rows).is_empty();
        if !self.size.messages() {
            return owed;
        }
        let all_accounted = sku.counter.last == sku.stock.accounted;
        sku.wake || sku.counter.mark && (owed || all_accounted)
    }

    fn close_steps(&self, s: &State, id: u8, sku: &Sku, steps: &mut Vec<Step>) {
        let looked_at = !self.size.messages() || sku.counter.mark || sku.wake;
        if !looked_at && s.fills.iter().all(|f| f.sku != id) {
            return;
        }
        for (number, row) in (1..).zip(&sku.rows) {
            let missing = row.is_none();
            let early = !missing || s.owner_at_work(&self.size, id, number);
            let overwrites = self.has(Flaw::CloseOverwrites)
                && row.is_some_and(|r| r.state == RowState::Live)
                && number > sku.stock.accounted;
            if (missing || overwrites) && (!early || s.left.early_closes > 0) {
                steps.push(Step::CloseGap(id, number));
            }
        }
    }

    /// Closes a number without a ticket. The size limits how often this happens while the number's call still runs.
    pub(crate) fn close_gap(&self, s: &mut State, id: u8, number: u8) {
        let sku = &s.skus[id as usize];
        if sku.row(number).is_some() || s.owner_at_work(&self.size, id, number) {
            s.left.early_closes -= 1;
        }
        s.skus[id as usize].rows[usize::from(number) - 1] = Some(Row::CLOSED);
    }

    /// A fill starts by reading the stock.
    pub(crate) fn fill_read_stock(&self, s: &mut State, id: u8) {
        let sku = &mut s.skus[id as usize];
        sku.wake = false;
        let at = Filling::Stock(sku.stock);
        s.fills.push(Fill { sku: id, at });
    }

    /// Only with a flaw: reads counter and tickets before the stock.
    pub(crate) fn fill_read_rows_first(s: &mut State, id: u8) {
        let sku = &mut s.skus[id as usize];
        sku.wake = false;
        let at = Filling::Rows(sku.counter, sku.rows.clone());
        s.fills.push(Fill { sku: id, at });
    }

    /// Only with a flaw: reads the stock after the tickets.
    pub(crate) fn fill_read_stock_last(&self, s: &mut State, i: u8) {
        let fill = &s.fills[i as usize];
        if let Filling::Rows(counter, rows) = &fill.at {
            let plan = self.plan(&s.skus[fill.sku as usize].stock, counter, rows);
            let next = self.after_reading(plan, counter);
            Self::go_on(s, i, next);
        }
    }

    /// Reads the last number and the units in one step.
    pub(crate) fn fill_read_counter(s: &mut State, i: u8) {
        let fill = &mut s.fills[i as usize];
        if let Filling::Stock(stock) = fill.at {
            fill.at = Filling::Counter(stock, s.skus[fill.sku as usize].counter);
        }
    }

    /// Reads the tickets after the fill watermark, then plans.
    pub(crate) fn fill_read_rows(&self, s: &mut State, i: u8) {
        let fill = &s.fills[i as usize];
        if let Filling::Counter(stock, mut counter) = fill.at {
            if self.has(Flaw::UnitsReadLater) {
                counter.units = s.skus[fill.sku as usize].counter.units;
            }
            let plan = self.plan(&stock, &counter, &s.skus[fill.sku as usize].rows);
            let next = self.after_reading(plan, &counter);
            Self::go_on(s, i, next);
        }
    }

    fn after_reading(&self, plan: Plan, counter: &Counter) -> Option<Filling> {
        let stock = plan.stock;
        if !plan.gives.is_empty() {
            Some(Filling::Planned(plan))
        } else if !plan.is_empty() {
            Some(Filling::Ready(plan))
        } else if counter.stamp < stock.version {
            Some(Filling::Publish(stock.supply, stock.version))
        } else if self.size.messages()
            && counter.mark
            && (counter.last == stock.accounted || self.has(Flaw::UnmarkBlindly))
        {
            Some(Filling::Unmark(stock.accounted))
        } else {
            None
        }
    }

    fn go_on(s: &mut State, i: u8, next: Option<Filling>) {
        match next {
            Some(at) => s.fills[i as usize].at = at,
            None => {
                s.fills.remove(i as usize);
            }
        }
    }

    /// The fill starts again with the same message.
    fn again(&self, s: &mut State, i: u8) {
        let fill = s.fills.remove(i as usize);
        s.skus[fill.sku as usize].wake = self.size.messages();
    }

    /// Reads the orders of the plan. This is the fill's last read.
    pub(crate) fn fill_read_orders(s: &mut State, i: u8) {
        let fill = &mut s.fills[i as usize];
        if let Filling::Planned(plan) = &mut fill.at {
            for give in &mut plan.gives {
                give.order_version = s.orders[give.row.order as usize].version;
            }
            fill.at = Filling::Ready(plan.clone());
        }
    }

    /// One transaction: the stock at its version, the tickets live with the units that were read, the orders at their
    /// version. A conflict starts again with new reads.
    pub(crate) fn commit_fill(&self, s: &mut State, i: u8) {
        let fill = s.fills[i as usize].clone();
        let Filling::Ready(plan) = fill.at else { return };
        if !holds(s, fill.sku, &plan) {
            self.again(s, i);
            return;
        }
        for give in &plan.gives {
            let order = &mut s.orders[give.row.order as usize];
            order.version += 1;
            for line in order.lines.iter_mut().filter(|l| l.sku == fill.sku) {
                line.assigned += give.units;
            }
        }
        let sku = &mut s.skus[fill.sku as usize];
        for give in &plan.gives {
            if let Some(row) = &mut sku.rows[usize::from(give.number) - 1] {
                row.assigned += give.units;
            }
        }
        sku.stock.unassigned -= plan.units_given();
        sku.stock.supply += plan.voided;
        sku.stock.version += 1;
        sku.stock.accounted = plan.accounted;
        sku.stock.resolved_units = plan.resolved_units;
        sku.stock.filled = plan.filled;
        forget_voided(sku, plan.known);
        let published = Filling::Publish(sku.stock.supply, sku.stock.version);
        s.fills[i as usize].at = published;
    }

    /// `available = supply − units, stamp = version`, only if the stamp is lower.
    pub(crate) fn publish_to(&self, sku: &mut Sku, supply: i8, version: u8) {
        if sku.counter.stamp < version || self.has(Flaw::PublishUnconditionally) {
            sku.counter.available = supply - sku.counter.units.cast_signed();
            sku.counter.stamp = version;
        }
    }

    /// The fill publishes the supply that it changed or found unpublished, then starts again.
    pub(crate) fn fill_publish(&self, s: &mut State, i: u8) {
        let Fill { sku, at } = &s.fills[i as usize];
        if let Filling::Publish(supply, version) = *at {
            let id = usize::from(*sku);
            self.publish_to(&mut s.skus[id], supply, version);
        }
        self.again(s, i);
    }

    /// Removes the mark, only if the last number is resolved.
    pub(crate) fn unmark(&self, s: &mut State, i: u8) {
        let fill = s.fills.remove(i as usize);
        let sku = &mut s.skus[fill.sku as usize];
        if let Filling::Unmark(accounted) = fill.at
            && (sku.counter.last == accounted || self.has(Flaw::UnmarkBlindly))
        {
            sku.counter.mark = false;
        }
    }

    /// The fill dies; its message comes again.
    pub(crate) fn crash_fill(&self, s: &mut State, i: u8) {
        self.again(s, i);
        s.left.crashes -= 1;
    }
}

fn holds(s: &State, sku: u8, plan: &Plan) -> bool {
    let sku = &s.skus[sku as usize];
    sku.stock.version == plan.stock.version
        && plan.gives.iter().all(|give| {
            let same = |row: &Row| {
                row.state == RowState::Live && (row.quantity, row.assigned) == (give.row.quantity, give.row.assigned)
            };
            sku.row(give.number).is_some_and(same) && s.orders[give.row.order as usize].version == give.order_version
        })
}

/// The supply includes the units of gaps that are resolved and counted, so the proof can forget these units.
fn forget_voided(sku: &mut Sku, known: u8) {
    for (row, drawn) in sku.rows.iter().zip(&mut sku.drawn).take(known.into()) {
        if row.is_some_and(|r| r.state == RowState::Closed) {
            *drawn = 0;
        }
    }
}

//! Changes of stock: arrivals, losses, and the publishing after a change of supply.

use crate::calls::{Damaging, Publisher};
use crate::protocol::{Flaw, Protocol};
use crate::state::State;
use crate::steps::Step;
use crate::stored::{RowState, Sku};

impl Protocol {
    /// The next steps of arrivals, losses and publishers.
    pub(crate) fn stock_steps(&self, s: &State, steps: &mut Vec<Step>) {
        for i in 0..self.size.arrivals.len() as u8 {
            if s.arrived & (1 << i) == 0 {
                steps.push(Step::ReceiveStock(i));
            }
        }
        for (i, p) in (0..).zip(&s.publishers) {
            steps.push(match p.read {
                None => Step::ReadStock(i),
                Some(_) => Step::Publish(i),
            });
            if s.left.crashes > 0 && p.read.is_none() {
                steps.push(Step::CrashPublisher(i));
            }
        }
        for (i, damage) in (0..).zip(&s.damages) {
            steps.extend(self.damage_step(s, i, damage));
        }
    }

    /// One transaction: the receipt, if absent; unassigned and supply up, version + 1.
    pub(crate) fn receive_stock(&self, s: &mut State, i: u8) {
        let (id, units) = self.size.arrivals[i as usize];
        s.arrived |= 1 << i;
        let sku = &mut s.skus[id as usize];
        sku.received += units;
        sku.stock.unassigned += units;
        sku.stock.supply += units.cast_signed();
        sku.stock.version += 1;
        s.publishers.push(Publisher { sku: id, read: None });
        self.wake(s, id);
    }

    /// Reads supply and version in one step.
    pub(crate) fn read_stock(s: &mut State, i: u8) {
        let p = &mut s.publishers[i as usize];
        let stock = &s.skus[p.sku as usize].stock;
        p.read = Some((stock.supply, stock.version));
    }

    /// `available = supply − units, stamp = version`, only if the stamp is lower; the call answers.
    pub(crate) fn publish(&self, s: &mut State, i: u8) {
        let p = s.publishers.remove(i as usize);
        if let Some((supply, version)) = p.read {
            self.publish_to(&mut s.skus[p.sku as usize], supply, version);
        }
    }

    /// The call dies before it publishes.
    pub(crate) fn crash_publisher(s: &mut State, i: u8) {
        s.publishers.remove(i as usize);
        s.left.crashes -= 1;
    }

    fn damage_step(&self, s: &State, i: u8, damage: &Damaging) -> Option<Step> {
        let stock = &s.skus[self.size.damages[i as usize] as usize].stock;
        match damage {
            Damaging::Waiting if self.has(Flaw::LowerBeforeAdjusting) => {
                (stock.unassigned > 0).then_some(Step::LowerAvailable(i))
            }
            Damaging::Waiting | Damaging::Lowered => Some(Step::DamageReadStock(i)),
            Damaging::Read(read) if read.unassigned > 0 => Some(Step::AdjustStock(i)),
            Damaging::Read(_) => Some(Step::DamageReadRows(i)),
            Damaging::TakeBack(..) => Some(Step::TakeBack(i)),
            Damaging::Done => None,
        }
    }

    /// The loss reads the stock and checks whether unassigned units cover it.
    pub(crate) fn damage_read_stock(&self, s: &mut State, i: u8) {
        let stock = s.skus[self.size.damages[i as usize] as usize].stock;
        let bearable = stock.unassigned > 0 || self.size.take_back;
        s.damages[i as usize] = if bearable { Damaging::Read(stock) } else { Damaging::Done };
    }

    /// One transaction: the stock at its version, unassigned and supply down, version + 1; the counter with the new
    /// `available` and stamp.
    pub(crate) fn adjust_stock(&self, s: &mut State, i: u8) {
        let id = self.size.damages[i as usize];
        let Damaging::Read(read) = s.damages[i as usize] else { return };
        let sku = &mut s.skus[id as usize];
        if sku.stock.version != read.version {
            s.damages[i as usize] = Damaging::Waiting;
            return;
        }
        sku.stock.unassigned -= 1;
        self.write_off(sku);
        s.damages[i as usize] = Damaging::Done;
        if self.has(Flaw::LowerAfterAdjusting) {
            s.publishers.push(Publisher { sku: id, read: None });
        }
        self.wake(s, id);
    }

    /// Takes a unit from the backlog's supply and at the same time from the counter.
    fn write_off(&self, sku: &mut Sku) {
        sku.lost += 1;
        sku.stock.supply -= 1;
        sku.stock.version += 1;
        if !self.has(Flaw::LowerAfterAdjusting) && !self.has(Flaw::LowerBeforeAdjusting) {
            sku.counter.available = sku.stock.supply - sku.counter.units.cast_signed();
            sku.counter.stamp = sku.stock.version;
        }
    }

    /// Only with a flaw: lowers the counter before the stock.
    pub(crate) fn lower_available(&self, s: &mut State, i: u8) {
        s.skus[self.size.damages[i as usize] as usize].counter.available -= 1;
        s.damages[i as usize] = Damaging::Lowered;
    }

    /// The newest unshipped ticket that holds a unit gives it up. The stock's version and the order's version guard
    /// these reads.
    pub(crate) fn damage_read_rows(&self, s: &mut State, i: u8) {
        let id = self.size.damages[i as usize];
        let Damaging::Read(read) = s.damages[i as usize] else { return };
        let rows = &s.skus[id as usize].rows;
        let newest = (1..=rows.len() as u8).rev().find_map(|number| {
            let row = rows[usize::from(number) - 1]?;
            let held = row.state == RowState::Live && row.assigned > 0;
            (held && !s.orders[row.order as usize].shipped).then_some((number, row))
        });
        s.damages[i as usize] = newest.map_or(Damaging::Done, |(number, row)| {
            let version = s.orders[row.order as usize].version;
            Damaging::TakeBack(read.version, number, row, version)
        });
    }

    /// One transaction: stock and counter as in `adjust_stock`; ticket and order give the unit back, and the fill
    /// watermark returns to before that ticket.
    pub(crate) fn take_back(&self, s: &mut State, i: u8) {
        let id = self.size.damages[i as usize];
        let Damaging::TakeBack(version, number, read, order_version) = s.damages[i as usize] else { return };
        let sku = &mut s.skus[id as usize];
        let order = &mut s.orders[read.order as usize];
        let row = &mut sku.rows[usize::from(number) - 1];
        let unshipped = order.version == order_version || self.has(Flaw::TakeBackShipped);
        let same = sku.stock.version == version && unshipped;
        let Some(row) = row.as_mut().filter(|r| same && **r == read) else {
            s.damages[i as usize] = Damaging::Waiting;
            return;
        };
        row.assigned -= 1;
        row.damaged = true;
        order.version += 1;
        for line in order.lines.iter_mut().filter(|l| l.sku == id) {
            line.assigned -= 1;
        }
        if !self.has(Flaw::TakeBackKeepsCursor) {
            sku.stock.filled = sku.stock.filled.min(number - 1);
        }
        self.write_off(sku);
        s.damages[i as usize] = Damaging::Done;
        self.wake(s, id);
    }
}

//! Canceling and reducing: read the order, read its tickets, commit all changes in one transaction. Expiry takes the
//! same steps with another caller.

use crate::calls::{Canceling, Publisher};
use crate::protocol::{Flaw, Protocol};
use crate::state::State;
use crate::steps::Step;
use crate::stored::{Change, Order, Row, RowState, Stage};

impl Protocol {
    pub(crate) fn canceling_steps(&self, s: &State, steps: &mut Vec<Step>) {
        for (i, cancel) in (0..).zip(&s.cancels) {
            let (order, _) = self.size.cancels[i as usize];
            match cancel {
                Canceling::Waiting if s.orders[order as usize].stage != Stage::Absent => {
                    steps.push(Step::CancelReadOrder(i));
                }
                Canceling::Order(Stage::Placed, _) => steps.push(Step::CancelReadRows(i)),
                Canceling::Order(..) | Canceling::Ready(..) => steps.push(Step::CommitCancel(i)),
                Canceling::GiveBack(_) => steps.push(Step::CancelGiveBack(i)),
                Canceling::Waiting | Canceling::Done => {}
            }
        }
    }

    /// Reads the order: its stage and its version. A finished order stays unchanged.
    pub(crate) fn cancel_read_order(&self, s: &mut State, i: u8) {
        let (id, keeps) = self.size.cancels[i as usize];
        let order = &s.orders[id as usize];
        let open = match order.stage {
            Stage::Placing => keeps == 0,
            Stage::Placed => !order.shipped && keeps < order.lines[0].quantity,
            Stage::Absent | Stage::Refused | Stage::Canceled => false,
        };
        s.cancels[i as usize] = if open { Canceling::Order(order.stage, order.version) } else { Canceling::Done };
    }

    /// Reads the tickets of the changed order lines.
    pub(crate) fn cancel_read_rows(&self, s: &mut State, i: u8) {
        let (id, keeps) = self.size.cancels[i as usize];
        let Canceling::Order(stage, version) = s.cancels[i as usize] else { return };
        let rows = |order: &Order| -> Vec<Row> {
            let changed = order.lines.iter().take(lines_changed(order, keeps)).filter(|l| l.quantity > 0);
            changed.filter_map(|l| s.skus[l.sku as usize].row(l.ticket).copied()).collect()
        };
        let rows = rows(&s.orders[id as usize]);
        s.cancels[i as usize] = Canceling::Ready(stage, version, rows);
    }

    /// One transaction: the order at its version; each ticket live, with the quantity and units that were read; the
    /// stock: unassigned and supply up, version + 1. For an order still `placing`, only its status.
    pub(crate) fn commit_cancel(&self, s: &mut State, i: u8) {
        let (id, keeps) = self.size.cancels[i as usize];
        let (version, rows) = match &s.cancels[i as usize] {
            Canceling::Order(_, version) => (*version, None),
            Canceling::Ready(_, version, rows) => (*version, Some(rows.clone())),
            _ => return,
        };
        if s.orders[id as usize].version != version {
            s.cancels[i as usize] = Canceling::Waiting;
            return;
        }
        let Some(rows) = rows else {
            s.cancels[i as usize] = Canceling::Done;
            self.give_up(s, id, Stage::Canceled);
            return;
        };
        if !same_rows(s, id, &rows) {
            s.cancels[i as usize] = Canceling::Waiting;
            return;
        }
        let back = self.give_back_rows(s, id, keeps);
        s.cancels[i as usize] = Canceling::Done;
        if self.has(Flaw::CancelInTwoWrites) {
            s.cancels[i as usize] = Canceling::GiveBack(back);
        } else {
            self.give_back_stock(s, &back);
        }
    }

    /// Changes the order and its tickets. Returns what each order line gives up: sku, assigned units, quantity.
    fn give_back_rows(&self, s: &mut State, id: u8, keeps: u8) -> Vec<(u8, u8, u8)> {
        let State { skus, orders, .. } = s;
        let order = &mut orders[id as usize];
        let changed = lines_changed(order, keeps);
        let mut back = Vec::new();
        for line in order.lines.iter_mut().take(changed).filter(|l| l.quantity > 0) {
            let given_up = line.quantity - keeps;
            let units = line.assigned.saturating_sub(keeps);
            line.quantity = keeps;
            line.assigned -= units;
            let row = &mut skus[line.sku as usize].rows[usize::from(line.ticket) - 1];
            if let Some(row) = row {
                row.quantity = line.quantity;
                row.assigned = line.assigned;
                row.promised = row.promised.min(keeps);
                if keeps == 0 {
                    row.state = RowState::Canceled;
                }
            }
            back.push((line.sku, units, given_up));
        }
        order.version += 1;
        if order.lines.iter().all(|l| l.quantity == 0) {
            order.stage = Stage::Canceled;
        }
        if self.size.money {
            order.changes.push(Change { units: back.iter().map(|b| b.2).sum(), paid_back: 0, recorded: false });
        }
        back
    }

    pub(crate) fn give_back_stock(&self, s: &mut State, back: &[(u8, u8, u8)]) {
        for (id, units, given_up) in back {
            let stock = &mut s.skus[*id as usize].stock;
            stock.unassigned += units;
            stock.supply += given_up.cast_signed();
            if !self.has(Flaw::CancelKeepsVersion) {
                stock.version += 1;
            }
            s.publishers.push(Publisher { sku: *id, read: None });
            self.wake(s, *id);
        }
    }

    /// Only with the flaw of two writes: the second write.
    pub(crate) fn cancel_give_back(&self, s: &mut State, i: u8) {
        if let Canceling::GiveBack(back) = s.cancels[i as usize].clone() {
            self.give_back_stock(s, &back);
        }
        s.cancels[i as usize] = Canceling::Done;
    }
}

/// A cancel takes every order line, a reduction takes the first.
fn lines_changed(order: &Order, keeps: u8) -> usize {
    if keeps == 0 { order.lines.len() } else { 1 }
}

/// Whether every ticket is as it was read.
fn same_rows(s: &State, id: u8, rows: &[Row]) -> bool {
    let lines = &s.orders[id as usize].lines;
    lines.iter().filter(|l| l.quantity > 0).zip(rows).all(|(line, read)| {
        let row = s.skus[line.sku as usize].row(line.ticket);
        row.is_some_and(|r| r.state == RowState::Live && (r.quantity, r.assigned) == (read.quantity, read.assigned))
    })
}

//! Swapping the first order line for another product: noted in the order, a draw in the new backlog, and one commit
//! that adds the new ticket and gives the old one up. If the process dies, the swap stays noted, and another call
//! continues it.

use crate::calls::{Swapping, Ticket};
use crate::protocol::{Flaw, Protocol};
use crate::state::State;
use crate::steps::Step;
use crate::stored::{Line, Order, Row, RowState, Stage};

impl Protocol {
    pub(crate) fn swapping_steps(&self, s: &State, steps: &mut Vec<Step>) {
        for (i, swap) in (0..).zip(&s.swaps) {
            let (id, _) = self.size.swaps[i as usize];
            let known = !matches!(s.orders[id as usize].stage, Stage::Absent | Stage::Placing);
            match swap {
                Swapping::Waiting if known => steps.push(Step::NoteSwap(i)),
                Swapping::Noted(None, ..) => steps.push(Step::DrawSwap(i)),
                Swapping::Noted(Some(_), ..) => steps.push(Step::SwapReadOrder(i)),
                Swapping::Read(..) => steps.push(Step::CommitSwap(i)),
                Swapping::Close(_) => steps.push(Step::CloseSwap(i)),
                Swapping::Waiting | Swapping::Done => {}
            }
            let at_work = matches!(swap, Swapping::Noted(..) | Swapping::Read(..) | Swapping::Close(_));
            if s.left.crashes > 0 && at_work {
                steps.push(Step::CrashSwap(i));
            }
        }
    }

    /// Notes the swap in the order, unless the order is finished or has no units left.
    pub(crate) fn note_swap(&self, s: &mut State, i: u8) {
        let (id, _) = self.size.swaps[i as usize];
        let order = &mut s.orders[id as usize];
        if !order.swapping && !waits(order) {
            s.swaps[i as usize] = Swapping::Done;
            return;
        }
        let begins = !order.swapping;
        order.swapping = true;
        order.version += 1;
        s.swaps[i as usize] = Swapping::Noted(None, self.size.tries, s.returned);
        if begins && self.has(Flaw::SwapGivesUpFirst) {
            let back = give_up(s, id);
            self.give_back_stock(s, &back);
        }
    }

    /// Draws a number of the new backlog. If the draw is refused, the swap is over and the old place stays.
    pub(crate) fn draw_swap(&self, s: &mut State, i: u8) {
        let (id, sku) = self.size.swaps[i as usize];
        let Swapping::Noted(_, tries, after) = s.swaps[i as usize] else { return };
        let units = self.size.orders[id as usize].lines[0].1;
        let allowance = self.size.orders[id as usize].allowance;
        if s.skus[sku as usize].counter.available >= units.cast_signed() - allowance {
            let ticket = Self::draw(s, sku, units);
            s.swaps[i as usize] = Swapping::Noted(Some(ticket), tries, after);
        } else {
            end(&mut s.orders[id as usize]);
            s.swaps[i as usize] = Swapping::Done;
        }
    }

    /// Reads the order and its old ticket. If a cancel or a parcel came first, the swap is over, at the version that
    /// was read.
    pub(crate) fn swap_read_order(&self, s: &mut State, i: u8) {
        let (id, _) = self.size.swaps[i as usize];
        let Swapping::Noted(Some(ticket), tries, after) = s.swaps[i as usize] else { return };
        let order = &s.orders[id as usize];
        let first = order.lines[0];
        let row = s.skus[first.sku as usize].row(first.ticket).copied();
        s.swaps[i as usize] = match row {
            Some(row) if waits(order) || self.has(Flaw::SwapGivesUpFirst) => {
                Swapping::Read(ticket, tries, after, order.version, row)
            }
            _ => {
                end(&mut s.orders[id as usize]);
                Swapping::Close(ticket)
            }
        };
    }

    /// One transaction: the order at its version; the old ticket, live and as it was read; the old product's stock; the
    /// new ticket, only if absent.
    pub(crate) fn commit_swap(&self, s: &mut State, i: u8) {
        let (id, sku) = self.size.swaps[i as usize];
        let Swapping::Read(ticket, tries, after, version, read) = s.swaps[i as usize] else { return };
        let first = s.orders[id as usize].lines[0];
        let row = s.skus[first.sku as usize].row(first.ticket);
        if s.orders[id as usize].version != version || row != Some(&read) {
            s.swaps[i as usize] = Swapping::Noted(Some(ticket), tries, after);
            return;
        }
        if s.skus[sku as usize].row(ticket.number).is_some() {
            // Without redraws left the swap stays noted, and another call continues it.
            s.swaps[i as usize] = if tries > 0 { Swapping::Noted(None, tries - 1, after) } else { Swapping::Waiting };
            return;
        }
        s.swaps[i as usize] = Swapping::Done;
        self.change_places(s, id, sku, ticket, after);
    }

    fn change_places(&self, s: &mut State, id: u8, sku: u8, ticket: Ticket, after: u8) {
        let units = self.size.orders[id as usize].lines[0].1;
        let back = give_up(s, id);
        let order = &mut s.orders[id as usize];
        order.lines.push(Line { sku, ticket: ticket.number, quantity: units, assigned: 0, swapped: true, after });
        end(order);
        s.skus[sku as usize].rows[usize::from(ticket.number) - 1] = Some(ticket.row(id, units));
        self.give_back_stock(s, &back);
        if ticket.promised > 0 {
            self.wake(s, sku);
        }
    }

    /// Closes the number that the swap drew, if the number has no ticket.
    pub(crate) fn close_swap(&self, s: &mut State, i: u8) {
        if let Swapping::Close(ticket) = s.swaps[i as usize] {
            let (_, sku) = self.size.swaps[i as usize];
            s.skus[sku as usize].rows[usize::from(ticket.number) - 1].get_or_insert(Row::CLOSED);
            self.wake(s, sku);
        }
        s.swaps[i as usize] = Swapping::Done;
    }

    /// The process dies; the number that it drew stays drawn, and the order says whether the swap was noted.
    pub(crate) fn crash_swap(s: &mut State, i: u8) {
        let over = matches!(s.swaps[i as usize], Swapping::Close(_));
        s.swaps[i as usize] = if over { Swapping::Done } else { Swapping::Waiting };
        s.left.crashes -= 1;
    }
}

/// Whether the first order line has units that have neither shipped nor been given up.
fn waits(order: &Order) -> bool {
    order.stage == Stage::Placed && !order.shipped && order.lines[0].quantity > 0
}

fn end(order: &mut Order) {
    order.swapping = false;
    order.version += 1;
}

/// The first order line and its ticket give up everything: sku, assigned units, quantity.
fn give_up(s: &mut State, id: u8) -> Vec<(u8, u8, u8)> {
    let State { skus, orders, .. } = s;
    let line = &mut orders[id as usize].lines[0];
    let back = (line.sku, line.assigned, line.quantity);
    let row = &mut skus[line.sku as usize].rows[usize::from(line.ticket) - 1];
    if let Some(row) = row.as_mut().filter(|row| row.state == RowState::Live) {
        *row = Row { state: RowState::Canceled, quantity: 0, assigned: 0, promised: 0, ..*row };
    }
    (line.quantity, line.assigned) = (0, 0);
    vec![back]
}

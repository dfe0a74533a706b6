//! Placing: put, pay, draw, commit or refuse. Every step is one call. The process may die between any two.

use crate::calls::{Placer, Placing, Ticket};
use crate::configurations::OrderPlan;
use crate::protocol::{Flaw, Protocol};
use crate::state::State;
use crate::steps::Step;
use crate::stored::{Change, Line, Payment, Row, Stage};

impl Protocol {
    pub(crate) fn placing_steps(&self, s: &State, steps: &mut Vec<Step>) {
        for (id, order) in (0..).zip(&s.orders) {
            let at_work = s.placers.iter().any(|p| p.order == id);
            let free = !at_work && !self.has(Flaw::NobodyResumes);
            match order.stage {
                Stage::Absent => steps.push(Step::PutPlacing(id)),
                Stage::Placing if free || s.left.early_resumes > 0 => steps.push(Step::Resume(id)),
                _ => {}
            }
        }
        for (i, p) in (0..).zip(&s.placers) {
            match p.next {
                Placing::Pay => steps.push(Step::CapturePayment(i)),
                Placing::Draw if p.tickets.contains(&None) => {
                    steps.push(Step::DrawTicket(i));
                    if s.left.lost_draws > 0 && self.draw_allowed(s, p) {
                        steps.push(Step::DrawTicketLost(i));
                    }
                }
                Placing::Draw => steps.push(Step::CommitPlacement(i)),
                Placing::Refuse => steps.push(Step::RefusePlacement(i)),
                Placing::Close => steps.push(Step::CloseOwn(i)),
            }
            if s.left.crashes > 0 && p.next != Placing::Refuse {
                steps.push(Step::CrashPlacer(i));
            }
        }
    }

    fn wish(&self, order: u8) -> &OrderPlan {
        &self.size.orders[order as usize]
    }

    fn begin(&self, s: &mut State, order: u8) {
        let paid = s.orders[order as usize].payment == Payment::Captured;
        s.placers.push(Placer {
            order,
            next: if paid { Placing::Draw } else { Placing::Pay },
            tickets: vec![None; self.wish(order).lines.len()],
            lost: false,
            tries: self.size.tries,
            after: s.returned,
        });
    }

    /// Puts the order as `placing`, if absent. For an order that exists, the step is `resume`.
    pub(crate) fn put_placing(&self, s: &mut State, id: u8) {
        let order = &mut s.orders[id as usize];
        order.stage = Stage::Placing;
        order.version += 1;
        if !self.size.money {
            order.payment = Payment::Captured;
        }
        self.begin(s, id);
    }

    /// A repeated request, or reconcile, finds the order `placing`.
    pub(crate) fn resume(&self, s: &mut State, id: u8) {
        if s.placers.iter().any(|p| p.order == id) {
            s.left.early_resumes -= 1;
        }
        self.begin(s, id);
    }

    /// The provider captures. A voided payment ends the call.
    pub(crate) fn capture_payment(s: &mut State, i: u8) {
        let order = &mut s.orders[s.placers[i as usize].order as usize];
        if order.payment == Payment::Voided {
            s.placers.remove(i as usize);
            return;
        }
        order.payment = Payment::Captured;
        s.placers[i as usize].next = Placing::Draw;
    }

    /// The order line whose draw is next, with product and units.
    fn next_line(&self, p: &Placer) -> (usize, u8, u8) {
        let line = p.tickets.iter().position(Option::is_none).unwrap_or(0);
        let (sku, units) = self.wish(p.order).lines[line];
        (line, sku, units)
    }

    fn draw_allowed(&self, s: &State, p: &Placer) -> bool {
        let (_, sku, units) = self.next_line(p);
        let allowance = self.wish(p.order).allowance;
        s.skus[sku as usize].counter.available >= units.cast_signed() - allowance
    }

    /// The update of a draw: available − q, last + 1, units + q, the mark.
    pub(crate) fn draw(s: &mut State, sku: u8, units: u8) -> Ticket {
        let sku = &mut s.skus[sku as usize];
        sku.counter.available -= units.cast_signed();
        sku.counter.last += 1;
        sku.counter.units += units;
        sku.counter.mark = true;
        sku.rows.push(None);
        sku.drawn.push(units);
        let in_stock = (units.cast_signed() + sku.counter.available).clamp(0, units.cast_signed());
        Ticket {
            number: sku.counter.last,
            through: sku.counter.units,
            promised: in_stock.cast_unsigned(),
            lost_before: sku.lost,
        }
    }

    /// Draws the next missing number. A refusal after a lost draw of the same call is a 503; the order stays `placing`.
    pub(crate) fn draw_ticket(&self, s: &mut State, i: u8) {
        let i = i as usize;
        if self.draw_allowed(s, &s.placers[i]) {
            let (line, sku, units) = self.next_line(&s.placers[i]);
            let old = self.gap_to_reuse(s, sku, units);
            let ticket = old.unwrap_or_else(|| Self::draw(s, sku, units));
            s.placers[i].tickets[line] = Some(ticket);
        } else if s.placers[i].lost {
            s.placers.remove(i);
        } else {
            s.placers[i].next = Placing::Refuse;
        }
    }

    /// Only with a flaw: takes the number of a dead call that drew the same number of units.
    fn gap_to_reuse(&self, s: &State, id: u8, units: u8) -> Option<Ticket> {
        let sku = &s.skus[id as usize];
        let number = (1..=sku.counter.last).find(|n| {
            let drawn = sku.drawn[usize::from(*n) - 1];
            sku.row(*n).is_none() && drawn == units && !s.owner_at_work(&self.size, id, *n)
        })?;
        let reuse = self.has(Flaw::GapReused);
        reuse.then(|| Ticket {
            number,
            through: sku.drawn.iter().take(number.into()).sum(),
            promised: 0,
            lost_before: sku.lost,
        })
    }

    /// The counter moves, but the caller never gets the answer.
    pub(crate) fn draw_ticket_lost(&self, s: &mut State, i: u8) {
        let (_, sku, units) = self.next_line(&s.placers[i as usize]);
        Self::draw(s, sku, units);
        s.placers[i as usize].lost = true;
        s.left.lost_draws -= 1;
    }

    /// Writes `refused` first, only if the order is still `placing`. The drawn numbers are closed afterwards.
    pub(crate) fn refuse_placement(&self, s: &mut State, i: u8) {
        let i = i as usize;
        let id = s.placers[i].order;
        if s.orders[id as usize].stage != Stage::Placing {
            s.placers.remove(i);
            return;
        }
        self.give_up(s, id, Stage::Refused);
        s.placers[i].next = Placing::Close;
        Self::end_if_closed(s, i);
    }

    /// Ends an order that never got a place: sets its status, notes the due refund, wakes the fills of its products.
    pub(crate) fn give_up(&self, s: &mut State, id: u8, stage: Stage) {
        let lines = &self.wish(id).lines;
        let order = &mut s.orders[id as usize];
        order.stage = stage;
        order.version += 1;
        if self.size.money {
            order.changes.push(Change { units: lines.iter().map(|l| l.1).sum(), paid_back: 0, recorded: false });
        }
        for (sku, _) in lines {
            self.wake(s, *sku);
        }
    }

    fn end_if_closed(s: &mut State, i: usize) {
        if s.placers[i].tickets.iter().all(Option::is_none) {
            s.placers.remove(i);
        }
    }

    /// The refused call closes its next number, if the number has no ticket.
    pub(crate) fn close_own(&self, s: &mut State, i: u8) {
        let p = &mut s.placers[i as usize];
        let line = p.tickets.iter().position(Option::is_some).unwrap_or(0);
        if let Some(ticket) = p.tickets[line].take() {
            let (sku, _) = self.size.orders[p.order as usize].lines[line];
            let row = &mut s.skus[sku as usize].rows[usize::from(ticket.number) - 1];
            row.get_or_insert(Row::CLOSED);
        }
        Self::end_if_closed(s, i as usize);
    }

    /// One transaction: the order, only if still `placing`; each ticket, only if absent.
    pub(crate) fn commit_placement(&self, s: &mut State, i: u8) {
        let mut p = s.placers.remove(i as usize);
        let order = &s.orders[p.order as usize];
        if order.stage != Stage::Placing && !self.has(Flaw::PlaceTwice) {
            return; // the call answers with the order as it is
        }
        let lines = &self.wish(p.order).lines;
        let mut closed = false;
        for (slot, (sku, _)) in p.tickets.iter_mut().zip(lines) {
            let number = slot.map_or(1, |t| t.number);
            let there = s.skus[*sku as usize].rows[usize::from(number) - 1].is_some();
            if there && !self.has(Flaw::PlaceOverClosed) {
                *slot = None;
                closed = true;
            }
        }
        if closed {
            if p.tries > 0 {
                p.tries -= 1;
                s.placers.push(p);
            }
            return; // no redraws left: 503, the order stays `placing`
        }
        self.place(s, &p);
    }

    fn place(&self, s: &mut State, p: &Placer) {
        let order = &mut s.orders[p.order as usize];
        order.stage = Stage::Placed;
        order.version += 1;
        order.lines.clear();
        for (ticket, &(sku, quantity)) in p.tickets.iter().flatten().zip(&self.wish(p.order).lines) {
            let (number, after) = (ticket.number, p.after);
            order.lines.push(Line { sku, ticket: number, quantity, assigned: 0, swapped: false, after });
            s.skus[sku as usize].rows[usize::from(number) - 1] = Some(ticket.row(p.order, quantity));
        }
        s.returned |= 1 << p.order;
        for (ticket, (sku, _)) in p.tickets.iter().flatten().zip(&self.wish(p.order).lines) {
            if ticket.promised > 0 {
                self.wake(s, *sku);
            }
        }
    }

    /// The process dies; the numbers that it drew stay drawn.
    pub(crate) fn crash_placer(s: &mut State, i: u8) {
        s.placers.remove(i as usize);
        s.left.crashes -= 1;
    }
}

//! What follows for an order: its parcel leaves, its money goes back.

use crate::protocol::{Flaw, Protocol};
use crate::state::State;
use crate::steps::Step;
use crate::stored::{Order, Payment, Stage};

impl Order {
    /// Every line has all its units: it may ship.
    pub fn released(&self) -> bool {
        self.stage == Stage::Placed && self.lines.iter().all(|l| l.assigned == l.quantity)
    }
}

impl Protocol {
    /// What can happen to orders by itself.
    pub(crate) fn order_steps(&self, s: &State, steps: &mut Vec<Step>) {
        for (id, order) in (0..).zip(&s.orders) {
            if self.size.ships && order.released() && !order.shipped {
                steps.push(Step::Ship(id));
            }
            for (i, change) in (0..).zip(&order.changes) {
                if change.recorded {
                    continue;
                }
                let answered = change.paid_back > 0 || order.payment == Payment::Voided;
                let again = self.has(Flaw::RefundWithoutKey) && change.paid_back == 1;
                if !answered || again {
                    steps.push(Step::RefundPayment(id, i));
                }
                if answered {
                    steps.push(Step::RecordRefund(id, i));
                }
            }
        }
    }

    /// One transaction: the order at its version, the rows' state, the shipped units. Stock is untouched.
    pub(crate) fn ship(s: &mut State, id: u8) {
        let order = &mut s.orders[id as usize];
        order.shipped = true;
        order.version += 1;
    }

    /// The provider pays back, by the change's key: a repeat is answered and does nothing, so it is no
    /// step. What was never captured is voided instead, and can never be captured.
    pub(crate) fn refund_payment(&self, s: &mut State, id: u8, change: u8) {
        let order = &mut s.orders[id as usize];
        if order.payment == Payment::Open {
            order.payment = Payment::Voided;
        } else {
            order.changes[change as usize].paid_back += 1;
        }
    }

    /// The order says that the money went back.
    pub(crate) fn record_refund(s: &mut State, id: u8, change: u8) {
        s.orders[id as usize].changes[change as usize].recorded = true;
    }
}

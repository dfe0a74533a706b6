//! The steps after an order is placed: its parcel leaves, its money goes back.

use crate::protocol::{Flaw, Protocol};
use crate::state::State;
use crate::steps::Step;
use crate::stored::{Order, Payment, Stage};

impl Order {
    /// Every order line has all its units, so the order may ship.
    pub fn released(&self) -> bool {
        self.stage == Stage::Placed && self.lines.iter().all(|l| l.assigned == l.quantity)
    }
}

impl Protocol {
    /// The steps of orders outside any running call: shipping and refunds.
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

    /// One transaction: the order at its version, the tickets' state, the shipped units. The stock is untouched.
    pub(crate) fn ship(s: &mut State, id: u8) {
        let order = &mut s.orders[id as usize];
        order.shipped = true;
        order.version += 1;
    }

    /// The provider refunds under the change's key. A repeat has no effect, so it is no step. An uncaptured payment is
    /// voided instead and can never be captured.
    pub(crate) fn refund_payment(&self, s: &mut State, id: u8, change: u8) {
        let order = &mut s.orders[id as usize];
        if order.payment == Payment::Open {
            order.payment = Payment::Voided;
        } else {
            order.changes[change as usize].paid_back += 1;
        }
    }

    /// The order records the refund.
    pub(crate) fn record_refund(s: &mut State, id: u8, change: u8) {
        s.orders[id as usize].changes[change as usize].recorded = true;
    }
}

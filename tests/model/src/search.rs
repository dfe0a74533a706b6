//! The search: the initial state, the possible next steps, and the result of a step.

use stateright::{Model, Property};

use crate::calls::{Canceling, Damaging, Swapping};
use crate::properties;
use crate::protocol::Protocol;
use crate::state::{Left, State};
use crate::steps::Step;
use crate::stored::{Counter, Order, Sku, Stock};

impl Model for Protocol {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let size = &self.size;
        vec![State {
            skus: size.stock.iter().map(|n| first_sku(*n)).collect(),
            orders: vec![Order::default(); size.orders.len()],
            placers: Vec::new(),
            fills: Vec::new(),
            publishers: Vec::new(),
            cancels: vec![Canceling::Waiting; size.cancels.len()],
            swaps: vec![Swapping::Waiting; size.swaps.len()],
            damages: vec![Damaging::Waiting; size.damages.len()],
            arrived: 0,
            returned: 0,
            left: Left {
                crashes: size.crashes,
                lost_draws: size.lost_draws,
                early_closes: size.early_closes,
                early_resumes: size.early_resumes,
            },
        }]
    }

    fn actions(&self, s: &State, steps: &mut Vec<Step>) {
        self.placing_steps(s, steps);
        self.filling_steps(s, steps);
        self.stock_steps(s, steps);
        self.canceling_steps(s, steps);
        self.swapping_steps(s, steps);
        self.order_steps(s, steps);
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        let mut s = last.clone();
        self.apply(&mut s, step);
        s.placers.sort_unstable();
        s.fills.sort_unstable();
        s.publishers.sort_unstable();
        Some(s)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all_properties()
    }
}

fn first_sku(units: u8) -> Sku {
    let stocked = u8::from(units > 0);
    Sku {
        counter: Counter { available: units.cast_signed(), stamp: stocked, ..Counter::default() },
        stock: Stock { unassigned: units, supply: units.cast_signed(), version: stocked, ..Stock::default() },
        received: units,
        ..Sku::default()
    }
}

impl Protocol {
    fn apply(&self, s: &mut State, step: Step) {
        match step {
            Step::PutPlacing(order) => self.put_placing(s, order),
            Step::Resume(order) => self.resume(s, order),
            Step::CapturePayment(p) => Self::capture_payment(s, p),
            Step::DrawTicket(p) => self.draw_ticket(s, p),
            Step::DrawTicketLost(p) => self.draw_ticket_lost(s, p),
            Step::RefusePlacement(p) => self.refuse_placement(s, p),
            Step::CommitPlacement(p) => self.commit_placement(s, p),
            Step::CloseOwn(p) => self.close_own(s, p),
            Step::CloseGap(sku, number) => self.close_gap(s, sku, number),
            Step::ReceiveStock(arrival) => self.receive_stock(s, arrival),
            Step::ReadStock(p) => Self::read_stock(s, p),
            Step::Publish(p) => self.publish(s, p),
            Step::FillReadStock(sku) => self.fill_read_stock(s, sku),
            Step::FillReadRowsFirst(sku) => Self::fill_read_rows_first(s, sku),
            Step::FillReadStockLast(f) => self.fill_read_stock_last(s, f),
            Step::FillReadCounter(f) => Self::fill_read_counter(s, f),
            Step::FillReadRows(f) => self.fill_read_rows(s, f),
            Step::FillReadOrders(f) => Self::fill_read_orders(s, f),
            Step::CommitFill(f) => self.commit_fill(s, f),
            Step::FillPublish(f) => self.fill_publish(s, f),
            Step::Unmark(f) => self.unmark(s, f),
            Step::CancelReadOrder(c) => self.cancel_read_order(s, c),
            Step::CancelReadRows(c) => self.cancel_read_rows(s, c),
            Step::CommitCancel(c) => self.commit_cancel(s, c),
            Step::CancelGiveBack(c) => self.cancel_give_back(s, c),
            Step::NoteSwap(i) => self.note_swap(s, i),
            Step::DrawSwap(i) => self.draw_swap(s, i),
            Step::SwapReadOrder(i) => self.swap_read_order(s, i),
            Step::CommitSwap(i) => self.commit_swap(s, i),
            Step::CloseSwap(i) => self.close_swap(s, i),
            Step::DamageReadStock(d) => self.damage_read_stock(s, d),
            Step::AdjustStock(d) => self.adjust_stock(s, d),
            Step::DamageReadRows(d) => self.damage_read_rows(s, d),
            Step::TakeBack(d) => self.take_back(s, d),
            Step::LowerAvailable(d) => self.lower_available(s, d),
            Step::Ship(order) => Self::ship(s, order),
            Step::RefundPayment(order, change) => self.refund_payment(s, order, change),
            Step::RecordRefund(order, change) => Self::record_refund(s, order, change),
            Step::CrashPlacer(p) => Self::crash_placer(s, p),
            Step::CrashSwap(i) => Self::crash_swap(s, i),
            Step::CrashFill(f) => self.crash_fill(s, f),
            Step::CrashPublisher(p) => Self::crash_publisher(s, p),
        }
    }
}

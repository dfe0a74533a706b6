//! Every step there is. One step is one atomic call of DynamoDB (or of the payment provider), named
//! like the store's method; a call that reads, thinks and writes is several steps.

use crate::protocol::Protocol;
use crate::state::State;

/// One atomic step. A number counts within the state's list: order, placer, fill, publisher, ...
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A call starts: the order is put as `placing`.
    PutPlacing(u8),
    /// Another call finds the order `placing` and resumes it.
    Resume(u8),
    /// The provider captures the payment, or says that it was voided.
    CapturePayment(u8),
    /// A plain conditional update of the counter.
    DrawTicket(u8),
    /// The same, and its answer is lost: the number becomes a hole.
    DrawTicketLost(u8),
    /// `refused`, only if still `placing`.
    RefusePlacement(u8),
    /// Order and rows in one transaction; the call answers.
    CommitPlacement(u8),
    /// The refused call seals its own next number.
    SealOwn(u8),
    /// A fill seals a missing number: sku, number.
    SealTicket(u8, u8),
    /// An arrival: receipt and stock.
    ReceiveStock(u8),
    /// A publisher reads supply and version.
    ReadStock(u8),
    /// A publisher publishes.
    Publish(u8),
    /// A fill of this sku starts and reads the stock.
    FillReadStock(u8),
    /// Only of a flaw: a fill of this sku starts with counter and rows.
    FillReadRowsFirst(u8),
    /// Only of a flaw: it reads the stock then.
    FillReadStockLast(u8),
    /// The fill reads the counter.
    FillReadCounter(u8),
    /// The fill reads the rows and plans.
    FillReadRows(u8),
    /// The fill reads the orders of the plan.
    FillReadOrders(u8),
    /// The plan is committed, or the fill begins again.
    CommitFill(u8),
    /// The fill publishes.
    FillPublish(u8),
    /// The mark goes, if every number is accounted.
    Unmark(u8),
    /// A cancel reads the order.
    CancelReadOrder(u8),
    /// A cancel reads the rows.
    CancelReadRows(u8),
    /// Order, rows and stock in one transaction.
    CommitCancel(u8),
    /// Only of a flaw: the cancel's second write.
    CancelGiveBack(u8),
    /// A swap is noted in its order, or taken up.
    NoteSwap(u8),
    /// A swap draws in the new line, or is refused.
    DrawSwap(u8),
    /// A swap reads order and old row.
    SwapReadOrder(u8),
    /// Order, old row, stock and new row in one transaction.
    CommitSwap(u8),
    /// A swap that came to nothing seals its number.
    SealSwap(u8),
    /// A loss reads the stock.
    DamageReadStock(u8),
    /// Stock and counter in one transaction.
    AdjustStock(u8),
    /// A loss that unassigned units cannot bear reads whose unit it takes.
    DamageReadRows(u8),
    /// Row, order, stock and counter in one transaction.
    TakeBack(u8),
    /// Only of a flaw: `available` is lowered on its own.
    LowerAvailable(u8),
    /// A released order leaves.
    Ship(u8),
    /// The provider pays back: order, change.
    RefundPayment(u8, u8),
    /// The order says so: order, change.
    RecordRefund(u8, u8),
    /// A placing call dies.
    CrashPlacer(u8),
    /// A swap dies.
    CrashSwap(u8),
    /// A fill dies; its message comes again.
    CrashFill(u8),
    /// An arrival or a cancel dies before it published.
    CrashPublisher(u8),
}

impl Protocol {
    /// Does one step.
    pub(crate) fn apply(&self, s: &mut State, step: Step) {
        match step {
            Step::PutPlacing(order) => self.put_placing(s, order),
            Step::Resume(order) => self.resume(s, order),
            Step::CapturePayment(p) => Self::capture_payment(s, p),
            Step::DrawTicket(p) => self.draw_ticket(s, p),
            Step::DrawTicketLost(p) => self.draw_ticket_lost(s, p),
            Step::RefusePlacement(p) => self.refuse_placement(s, p),
            Step::CommitPlacement(p) => self.commit_placement(s, p),
            Step::SealOwn(p) => self.seal_own(s, p),
            Step::SealTicket(sku, number) => self.seal_ticket(s, sku, number),
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
            Step::SealSwap(i) => self.seal_swap(s, i),
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

impl Step {
    /// The step by the name of the store's method, and whom it concerns.
    #[must_use]
    pub fn told(self, protocol: &Protocol, s: &State) -> String {
        format!("{}: {}", self.name(), self.whose(protocol, s))
    }

    fn name(self) -> &'static str {
        match self {
            Self::PutPlacing(_) => "put_placing",
            Self::Resume(_) => "resume",
            Self::CapturePayment(_) => "capture_payment",
            Self::DrawTicket(_) => "draw_ticket",
            Self::DrawTicketLost(_) => "draw_ticket (answer lost)",
            Self::RefusePlacement(_) => "refuse_placement",
            Self::CommitPlacement(_) => "commit_placement",
            Self::SealOwn(_) | Self::SealTicket(..) => "seal_ticket",
            Self::ReceiveStock(_) => "receive_stock",
            Self::ReadStock(_) | Self::FillReadStock(_) | Self::FillReadStockLast(_) => "read_stock",
            Self::DamageReadStock(_) => "read_stock",
            Self::Publish(_) | Self::FillPublish(_) => "publish",
            Self::FillReadCounter(_) => "read_counter",
            Self::FillReadRows(_) | Self::FillReadRowsFirst(_) => "read_rows",
            Self::CancelReadRows(_) | Self::DamageReadRows(_) => "read_rows",
            Self::FillReadOrders(_) => "read_orders",
            Self::CommitFill(_) => "commit_fill",
            Self::Unmark(_) => "unmark",
            Self::CancelReadOrder(_) => "read_order",
            Self::CommitCancel(_) => "commit_cancel",
            Self::CancelGiveBack(_) => "give back (a second write)",
            Self::NoteSwap(_) => "note_swap",
            Self::DrawSwap(_) => "draw_ticket",
            Self::SwapReadOrder(_) => "read_order",
            Self::CommitSwap(_) => "commit_swap",
            Self::SealSwap(_) => "seal_ticket",
            Self::AdjustStock(_) => "adjust_stock",
            Self::TakeBack(_) => "take_back",
            Self::LowerAvailable(_) => "lower available (alone)",
            Self::Ship(_) => "ship",
            Self::RefundPayment(..) => "refund_payment",
            Self::RecordRefund(..) => "record_refund",
            Self::CrashPlacer(_) | Self::CrashSwap(_) | Self::CrashFill(_) | Self::CrashPublisher(_) => "crash",
        }
    }

    fn whose(self, protocol: &Protocol, s: &State) -> String {
        match self {
            Self::PutPlacing(id) | Self::Resume(id) | Self::Ship(id) => format!("order {id}"),
            Self::RefundPayment(id, _) | Self::RecordRefund(id, _) => format!("order {id}"),
            Self::SealTicket(sku, number) => format!("sku {sku}, number {number}"),
            Self::ReceiveStock(arrival) => {
                let (sku, units) = protocol.size.arrivals[arrival as usize];
                format!("sku {sku}, {units} units")
            }
            Self::FillReadStock(sku) | Self::FillReadRowsFirst(sku) => format!("a fill of sku {sku} starts"),
            Self::ReadStock(p) | Self::Publish(p) | Self::CrashPublisher(p) => {
                format!("publisher of sku {}", s.publishers[p as usize].sku)
            }
            Self::CancelReadOrder(c) | Self::CancelReadRows(c) | Self::CommitCancel(c) | Self::CancelGiveBack(c) => {
                format!("cancel of order {}", protocol.size.cancels[c as usize].0)
            }
            Self::NoteSwap(i) | Self::DrawSwap(i) | Self::SwapReadOrder(i) => protocol.swap(i),
            Self::CommitSwap(i) | Self::SealSwap(i) | Self::CrashSwap(i) => protocol.swap(i),
            Self::DamageReadStock(d) | Self::DamageReadRows(d) => protocol.loss(d),
            Self::AdjustStock(d) | Self::TakeBack(d) | Self::LowerAvailable(d) => protocol.loss(d),
            Self::FillReadStockLast(f) | Self::FillReadCounter(f) | Self::FillReadRows(f) => fill(s, f),
            Self::FillReadOrders(f) | Self::CommitFill(f) | Self::FillPublish(f) => fill(s, f),
            Self::Unmark(f) | Self::CrashFill(f) => fill(s, f),
            Self::CapturePayment(p) | Self::DrawTicket(p) | Self::DrawTicketLost(p) => call(s, p),
            Self::RefusePlacement(p) | Self::CommitPlacement(p) | Self::CrashPlacer(p) => call(s, p),
            Self::SealOwn(p) => format!("{}, its own number", call(s, p)),
        }
    }
}

impl Protocol {
    fn swap(&self, i: u8) -> String {
        format!("swap of order {}", self.size.swaps[i as usize].0)
    }

    fn loss(&self, damage: u8) -> String {
        format!("loss of sku {}", self.size.damages[damage as usize])
    }
}

fn fill(s: &State, f: u8) -> String {
    format!("fill of sku {}", s.fills[f as usize].sku)
}

fn call(s: &State, p: u8) -> String {
    format!("call of order {}", s.placers[p as usize].order)
}

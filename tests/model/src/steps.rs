//! Every step there is. One step is one atomic call of DynamoDB (or of the payment provider), named
//! like the store's method; a call that reads, thinks and writes is several steps.

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
    ReadStock(u8),
    Publish(u8),
    /// A fill of this sku starts and reads the stock.
    FillReadStock(u8),
    /// Only of a flaw: a fill of this sku starts with counter and rows.
    FillReadRowsFirst(u8),
    /// Only of a flaw: it reads the stock then.
    FillReadStockLast(u8),
    FillReadCounter(u8),
    FillReadRows(u8),
    FillReadOrders(u8),
    /// The plan is committed, or the fill begins again.
    CommitFill(u8),
    FillPublish(u8),
    /// The mark goes, if every number is accounted.
    Unmark(u8),
    CancelReadOrder(u8),
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
    DamageReadStock(u8),
    /// Stock and counter in one transaction.
    AdjustStock(u8),
    /// A loss that unassigned units cannot bear reads whose unit it takes.
    DamageReadRows(u8),
    /// Row, order, stock and counter in one transaction.
    TakeBack(u8),
    /// Only of a flaw: `available` is lowered on its own.
    LowerAvailable(u8),
    Ship(u8),
    /// The provider pays back: order, change.
    RefundPayment(u8, u8),
    /// The order says so: order, change.
    RecordRefund(u8, u8),
    CrashPlacer(u8),
    CrashSwap(u8),
    CrashFill(u8),
    /// An arrival or a cancel dies before it published.
    CrashPublisher(u8),
}

impl Step {
    /// The name of the store's method.
    pub(crate) fn name(self) -> &'static str {
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
}

//! All steps. One step is one atomic call of DynamoDB or of the payment provider, named like the store's method. A call
//! that reads, decides and writes is several steps.

/// One atomic step. Each number is an index into one of the state's lists: orders, placers, fills, publishers, ...
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A call starts and puts the order as `placing`.
    PutPlacing(u8),
    /// Another call finds the order `placing` and resumes it.
    Resume(u8),
    /// The provider captures the payment, or answers that it was voided.
    CapturePayment(u8),
    /// A conditional update of the counter.
    DrawTicket(u8),
    /// The same update, but its answer is lost: the number becomes a gap.
    DrawTicketLost(u8),
    /// The order becomes `refused`, only if it is still `placing`.
    RefusePlacement(u8),
    /// Order and tickets are committed in one transaction; the call answers.
    CommitPlacement(u8),
    /// The refused call closes its next number.
    CloseOwn(u8),
    /// A fill closes a gap: sku, number.
    CloseGap(u8, u8),
    /// An arrival: receipt and stock.
    ReceiveStock(u8),
    ReadStock(u8),
    Publish(u8),
    /// A fill of this sku starts and reads the stock.
    FillReadStock(u8),
    /// Only with a flaw: a fill of this sku starts with counter and tickets.
    FillReadRowsFirst(u8),
    /// Only with a flaw: the fill then reads the stock.
    FillReadStockLast(u8),
    FillReadCounter(u8),
    FillReadRows(u8),
    FillReadOrders(u8),
    /// The plan is committed, or the fill starts again.
    CommitFill(u8),
    FillPublish(u8),
    /// The mark is removed, if every number is resolved.
    Unmark(u8),
    CancelReadOrder(u8),
    CancelReadRows(u8),
    /// Order, tickets and stock in one transaction.
    CommitCancel(u8),
    /// Only with a flaw: the cancel's second write.
    CancelGiveBack(u8),
    /// A swap is noted in its order, or continued.
    NoteSwap(u8),
    /// A swap draws in the new backlog, or is refused.
    DrawSwap(u8),
    /// A swap reads the order and the old ticket.
    SwapReadOrder(u8),
    /// Order, old ticket, stock and new ticket in one transaction.
    CommitSwap(u8),
    /// A swap that failed closes its number.
    CloseSwap(u8),
    DamageReadStock(u8),
    /// Stock and counter in one transaction.
    AdjustStock(u8),
    /// A loss beyond the unassigned units reads the ticket that gives up a unit.
    DamageReadRows(u8),
    /// Ticket, order, stock and counter in one transaction.
    TakeBack(u8),
    /// Only with a flaw: `available` is lowered on its own.
    LowerAvailable(u8),
    Ship(u8),
    /// The provider refunds: order, change.
    RefundPayment(u8, u8),
    /// The order records the refund: order, change.
    RecordRefund(u8, u8),
    CrashPlacer(u8),
    CrashSwap(u8),
    CrashFill(u8),
    /// An arrival or a cancel dies before it publishes.
    CrashPublisher(u8),
}

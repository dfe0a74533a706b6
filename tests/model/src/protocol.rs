//! The model: a configuration, and the rule that is switched off. The other modules define the steps.

use crate::configurations::Configuration;
use crate::state::State;

/// A protocol with one rule broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    /// Closing a gap is a plain put: it overwrites a ticket that came in time.
    CloseOverwrites,
    /// A fill steps over an open gap.
    FillOverGap,
    /// The fill watermark passes a ticket that is partly filled.
    CursorPastPartialHead,
    /// A publish does not check the stamp.
    PublishUnconditionally,
    /// The voided units of a gap do not return to the supply.
    VoidedNotReturned,
    /// A cancel leaves the stock's version unchanged.
    CancelKeepsVersion,
    /// A cancel writes order and tickets first, the stock later.
    CancelInTwoWrites,
    /// `commit_placement` does not check that the order is still `placing`.
    PlaceTwice,
    /// `commit_placement` overwrites closed numbers with its tickets.
    PlaceOverClosed,
    /// A swap gives up the old ticket when it is noted, and takes the new one later.
    SwapGivesUpFirst,
    /// A loss lowers the stock first and publishes `available` later.
    LowerAfterAdjusting,
    /// A loss lowers `available` first and the stock later.
    LowerBeforeAdjusting,
    /// A loss takes a unit from a ticket and leaves the fill watermark beyond it.
    TakeBackKeepsCursor,
    /// A loss takes a unit from a ticket without checking the order's version; the order may have shipped.
    TakeBackShipped,
    /// A fill reads counter and tickets before the stock.
    StockReadLast,
    /// A closed number is resolved with the counter's units although it is not the last number.
    VoidedMeasuredLate,
    /// A fill reads the counter's last number first and its units later.
    UnitsReadLater,
    /// A draw takes the number of a dead call instead of a new one.
    GapReused,
    /// No process finishes an order that a dead call left `placing`.
    NobodyResumes,
    /// A refund carries no idempotency key.
    RefundWithoutKey,
    /// A wake-up is dropped while a fill of its product runs.
    WakeDropped,
    /// The mark is removed without checking that every number is resolved.
    UnmarkBlindly,
}

/// The backlog protocol at one size, with at most one rule broken.
#[derive(Clone, Debug)]
pub struct Protocol {
    pub size: Configuration,
    pub flaw: Flaw,
}

impl Protocol {
    pub fn new(size: Configuration) -> Self {
        Self { size, flaw: Flaw::None }
    }

    pub(crate) fn has(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    /// Sends the message that wakes a fill, after a change of stock or the end of a placing.
    pub(crate) fn wake(&self, s: &mut State, sku: u8) {
        let dropped = self.has(Flaw::WakeDropped) && s.fills.iter().any(|f| f.sku == sku);
        if !dropped {
            s.skus[sku as usize].wake = self.size.messages();
        }
    }
}

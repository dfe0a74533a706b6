//! The model itself: a configuration, and the rule that is switched off. What a step does is in the file of its story.

use crate::configurations::Configuration;
use crate::state::State;

/// A protocol with one rule broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    /// A seal is a plain put: it overwrites a row that came in time.
    SealOverwrites,
    /// A fill steps over an unsealed hole.
    FillOverHole,
    /// The cursor passes a head that is partly filled.
    CursorPastPartialHead,
    /// A publish does not look at the stamp.
    PublishUnconditionally,
    /// Supply is not raised by the units of a hole.
    BurntNotReturned,
    /// A cancel leaves the stock's version as it was.
    CancelKeepsVersion,
    /// A cancel writes order and row first, the stock later.
    CancelInTwoWrites,
    /// `commit_placement` does not ask whether the order is still `placing`.
    PlaceTwice,
    /// `commit_placement` puts its rows over sealed ones.
    PlaceOverSeal,
    /// A swap gives up the old place when it is noted, and takes the new one later.
    SwapGivesUpFirst,
    /// A loss lowers the stock, and `available` is published afterwards.
    LowerAfterAdjusting,
    /// A loss lowers `available` first, the stock afterwards.
    LowerBeforeAdjusting,
    /// A loss takes back a unit and leaves the cursor behind that ticket.
    TakeBackKeepsCursor,
    /// A loss takes back a unit without asking for the order's version: its parcel may have left.
    TakeBackShipped,
    /// A fill reads counter and rows before the stock.
    StockReadLast,
    /// A sealed row is accounted with the counter's units although it is not the last number.
    BurntMeasuredLate,
    /// A fill reads the counter's number first and its units later.
    UnitsReadLater,
    /// A draw takes the number of a dead call instead of a new one.
    HoleReused,
    /// Nobody finishes an order that a dead call left `placing`.
    NobodyResumes,
    /// A refund carries no idempotency key.
    RefundWithoutKey,
    /// A wake-up is dropped while a fill of its product runs.
    WakeDropped,
    /// The mark is removed without asking whether every number is accounted.
    UnmarkBlindly,
}

/// The protocol of the line at one size, with at most one rule broken.
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

    /// The stock changed, or a placing ended: a message wakes a fill.
    pub(crate) fn wake(&self, s: &mut State, sku: u8) {
        let dropped = self.has(Flaw::WakeDropped) && s.fills.iter().any(|f| f.sku == sku);
        if !dropped {
            s.skus[sku as usize].wake = self.size.messages();
        }
    }
}

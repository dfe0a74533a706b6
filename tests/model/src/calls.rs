//! What each running call remembers between two of its steps: reads that may be stale by now.
//! What is stored is in `state.rs`; a crash loses all that is here.

use crate::stored::{Counter, Row, Stage, Stock};

/// A number in hand: drawn, its row not yet there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket {
    pub number: u8,
    /// Units drawn in the line up to and with it.
    pub through: u8,
    /// Units of it that were in stock.
    pub told: u8,
    /// Ghost: units lost before it was drawn.
    pub lost_before: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Placing {
    /// Capture the payment.
    Pay,
    /// Draw the tickets that are missing, then commit.
    Draw,
    /// A draw was refused: refuse the order.
    Refuse,
    /// Seal what was drawn for the refused order.
    Seal,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Placer {
    pub order: u8,
    pub next: Placing,
    /// The tickets in hand, one place a line.
    pub tickets: Vec<Option<Ticket>>,
    /// One of its draws had no answer.
    pub lost: bool,
    /// Redraws it may still make.
    pub tries: u8,
    /// Ghost: orders that had returned when it started, a bit each.
    pub after: u8,
}

/// Units that a plan gives to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Give {
    pub number: u8,
    pub units: u8,
    /// The row as it was read.
    pub row: Row,
    /// The version of its order as it was read (0: not read yet).
    pub order_version: u8,
}

/// What a fill means to commit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Plan {
    /// The stock as it was read.
    pub stock: Stock,
    pub gives: Vec<Give>,
    pub accounted: u8,
    pub accounted_units: u8,
    /// Ghost: the number up to which `accounted_units` is all that was drawn.
    pub known: u8,
    /// Units drawn by holes, returned to supply.
    pub burnt: i8,
    pub filled: u8,
}

/// What a fill has read, or has still to write.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Filling {
    Stock(Stock),
    Counter(Stock, Counter),
    /// Only of the flaw that reads the stock last: counter and rows are read.
    Rows(Counter, Vec<Option<Row>>),
    /// The rows are read, the plan is made, the orders are missing.
    Planned(Plan),
    Ready(Plan),
    /// The supply is changed, or found unpublished.
    Publish(i8, u8),
    /// All is accounted up to here: the mark can go.
    Unmark(u8),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fill {
    pub sku: u8,
    pub at: Filling,
}

/// A call that still owes the counter its supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Publisher {
    pub sku: u8,
    /// Supply and version, once read.
    pub read: Option<(i8, u8)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Canceling {
    /// Not begun, or to be begun again.
    Waiting,
    Order(Stage, u8),
    /// Order and rows are read.
    Ready(Stage, u8, Vec<Row>),
    /// Only of the flaw of two writes: sku, units to stock, units to supply.
    GiveBack(Vec<(u8, u8, u8)>),
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Swapping {
    /// Not begun; or its process died, and the order says whether it was noted.
    Waiting,
    /// It is noted; the number in hand, redraws it may still make, and (ghost) who had returned when it started.
    Noted(Option<Ticket>, u8, u8),
    /// The order and the old row are read: the order's version, the row.
    Read(Ticket, u8, u8, u8, Row),
    /// It is over for the order: its number is to be sealed.
    Seal(Ticket),
    Done,
}

impl Swapping {
    /// The number in hand.
    pub fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Noted(ticket, ..) => *ticket,
            Self::Read(ticket, ..) | Self::Seal(ticket) => Some(*ticket),
            Self::Waiting | Self::Done => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Damaging {
    /// Not begun, or to be begun again.
    Waiting,
    Read(Stock),
    /// Nothing is unassigned: stock version, ticket, its row, its order's version.
    TakeBack(u8, u8, Row, u8),
    /// Only of the flaw that lowers `available` first.
    Lowered,
    Done,
}

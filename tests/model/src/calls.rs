//! The memory of each running call between two of its steps: reads that may be stale by now. A crash loses all of it.
//! `stored.rs` has the stored items.

use crate::stored::{Counter, Row, RowState, Stage, Stock};

/// A number that is drawn and has no ticket yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket {
    pub number: u8,
    /// Units drawn in the backlog up to and including this number.
    pub through: u8,
    /// How many of this number's units were in stock.
    pub promised: u8,
    /// Ghost: units lost before this number was drawn.
    pub lost_before: u8,
}

impl Ticket {
    /// The live row of the ticket, before it gets any unit.
    pub fn row(&self, order: u8, units: u8) -> Row {
        Row {
            state: RowState::Live,
            order,
            drawn: units,
            quantity: units,
            through: self.through,
            assigned: 0,
            promised: self.promised,
            lost_before: self.lost_before,
            damaged: false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Placing {
    /// Capture the payment.
    Pay,
    /// Draw the missing numbers, then commit.
    Draw,
    /// A draw was refused: refuse the order.
    Refuse,
    /// Close the numbers drawn for the refused order.
    Close,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Placer {
    pub order: u8,
    pub next: Placing,
    /// The drawn numbers, with one entry for each order line.
    pub tickets: Vec<Option<Ticket>>,
    /// Whether an answer to one of this call's draws was lost.
    pub lost: bool,
    /// Remaining redraws.
    pub tries: u8,
    /// Ghost: orders whose call had returned when this call started, with one bit for each order.
    pub after: u8,
}

/// Units that a plan gives to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Give {
    pub number: u8,
    pub units: u8,
    /// The ticket as it was read.
    pub row: Row,
    /// The version of the ticket's order as it was read (0: not read yet).
    pub order_version: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Plan {
    /// The stock as it was read.
    pub stock: Stock,
    pub gives: Vec<Give>,
    pub accounted: u8,
    pub resolved_units: u8,
    /// Ghost: the number up to which `resolved_units` counts all drawn units.
    pub known: u8,
    /// Voided units, which return to supply.
    pub voided: i8,
    pub filled: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Filling {
    Stock(Stock),
    Counter(Stock, Counter),
    /// Only with the flaw that reads the stock last: counter and tickets are read.
    Rows(Counter, Vec<Option<Row>>),
    /// The tickets are read and the plan is made; the orders are missing.
    Planned(Plan),
    Ready(Plan),
    /// The fill changed the supply or found it unpublished. Holds supply and version.
    Publish(i8, u8),
    /// All numbers up to this number are resolved, so the mark can be removed.
    Unmark(u8),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fill {
    pub sku: u8,
    pub at: Filling,
}

/// A call that has not published the supply yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Publisher {
    pub sku: u8,
    /// Supply and version, once read.
    pub read: Option<(i8, u8)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Canceling {
    /// The cancel has not begun, or begins again.
    Waiting,
    Order(Stage, u8),
    Ready(Stage, u8, Vec<Row>),
    /// Only with the flaw of two writes: sku, units to stock, units to supply.
    GiveBack(Vec<(u8, u8, u8)>),
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Swapping {
    /// The swap has not begun, or its process died. The order says whether the swap was noted.
    Waiting,
    /// The swap is noted. Holds the drawn number, the remaining redraws, and (ghost) the orders whose call had returned
    /// when the swap started.
    Noted(Option<Ticket>, u8, u8),
    /// The order and the old ticket are read: the order's version, the ticket.
    Read(Ticket, u8, u8, u8, Row),
    /// The order's swap is over; the drawn number must be closed.
    Close(Ticket),
    Done,
}

impl Swapping {
    pub fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Noted(ticket, ..) => *ticket,
            Self::Read(ticket, ..) | Self::Close(ticket) => Some(*ticket),
            Self::Waiting | Self::Done => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Damaging {
    /// The loss has not begun, or begins again.
    Waiting,
    Read(Stock),
    /// No unit is unassigned. Holds stock version, number, its ticket, its order's version.
    TakeBack(u8, u8, Row, u8),
    /// Only with the flaw that lowers `available` first.
    Lowered,
    Done,
}

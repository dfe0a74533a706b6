//! The stored items, and the ghosts. Numbers are small on purpose. Fields marked *ghost* exist in no table; they are
//! the history that the properties need.

/// One product: its counter, its stock, its backlog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sku {
    pub counter: Counter,
    pub stock: Stock,
    /// The tickets and closed gaps by number (number 1 first). `None`: a drawn number under which nothing is stored.
    pub rows: Vec<Option<Row>>,
    /// Whether a message to fill waits in the queue.
    pub wake: bool,
    /// Ghost: units drawn by each unresolved number (0 once a closed one is resolved).
    pub drawn: Vec<u8>,
    /// Ghost: units ever received.
    pub received: u8,
    /// Ghost: units ever lost.
    pub lost: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Counter {
    /// The last number drawn.
    pub last: u8,
    /// Units ever drawn.
    pub units: u8,
    /// Units for sale. Below zero, customers wait.
    pub available: i8,
    /// The stock version from which `available` was published.
    pub stamp: u8,
    /// The mark for the sweep: some number may be unresolved.
    pub mark: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stock {
    /// The fill watermark: every number up to it is full, canceled or closed.
    pub filled: u8,
    /// The resolved watermark: `supply` includes the closed numbers up to it.
    pub accounted: u8,
    /// Units drawn up to `accounted`.
    pub resolved_units: u8,
    /// Units that no ticket holds yet.
    pub unassigned: u8,
    /// Units ever released to the backlog.
    pub supply: i8,
    pub version: u8,
}

/// The state of a ticket, or that its number is a closed gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowState {
    /// The ticket waits in line, or has all its units.
    Live,
    Canceled,
    Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Row {
    pub state: RowState,
    pub order: u8,
    /// Units drawn; never changes.
    pub drawn: u8,
    /// Units still wanted; a reduction lowers it.
    pub quantity: u8,
    /// Units drawn in this backlog up to and including this number.
    pub through: u8,
    pub assigned: u8,
    /// Ghost: units that the customer was told are in stock.
    pub promised: u8,
    /// Ghost: units of the product lost before this ticket was drawn.
    pub lost_before: u8,
    /// Ghost: whether this ticket lost a unit to damage.
    pub damaged: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stage {
    /// No item yet.
    #[default]
    Absent,
    /// Put, without a ticket yet.
    Placing,
    /// The order waits in line, or has all its units.
    Placed,
    /// Sold out, or not for backorder.
    Refused,
    Canceled,
}

/// The payment's state at the provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Payment {
    #[default]
    Open,
    Captured,
    /// Voided before anything was captured.
    Voided,
}

/// An order item, and its payment at the provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Order {
    pub stage: Stage,
    pub shipped: bool,
    pub version: u8,
    pub lines: Vec<Line>,
    /// Whether a swap of its first order line is noted.
    pub swapping: bool,
    pub payment: Payment,
    /// The canceled parts, with their refunds.
    pub changes: Vec<Change>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    pub sku: u8,
    /// The line's number in the backlog of that product.
    pub ticket: u8,
    /// Units still wanted.
    pub quantity: u8,
    pub assigned: u8,
    /// Ghost: whether a swap brought this line.
    pub swapped: bool,
    /// Ghost: orders whose call had returned when the call that placed or swapped this line started, one bit each.
    pub after: u8,
}

/// Units canceled together, and their refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    pub units: u8,
    /// How often the provider has refunded this change.
    pub paid_back: u8,
    /// Whether the order records the refund.
    pub recorded: bool,
}

impl Row {
    pub(crate) const CLOSED: Self = Self {
        state: RowState::Closed,
        order: 0,
        drawn: 0,
        quantity: 0,
        through: 0,
        assigned: 0,
        promised: 0,
        lost_before: 0,
        damaged: false,
    };

    pub fn needs(&self) -> u8 {
        self.quantity - self.assigned
    }
}

impl Sku {
    pub fn row(&self, number: u8) -> Option<&Row> {
        self.rows.get(usize::from(number) - 1)?.as_ref()
    }
}

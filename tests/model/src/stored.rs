//! What is stored, and what only the proof remembers. Numbers are small on purpose. Fields marked *ghost* exist in no
//! table: they are the history that the properties speak about.

/// One product: its counter, its stock, its line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sku {
    pub counter: Counter,
    pub stock: Stock,
    /// The ticket rows by number (number 1 first); `None` is a hole.
    pub rows: Vec<Option<Row>>,
    /// A message to fill waits in the queue.
    pub wake: bool,
    /// Ghost: units drawn by each number that is not yet accounted (0 once a sealed one is).
    pub drawn: Vec<u8>,
    /// Ghost: units ever received.
    pub received: u8,
    /// Ghost: units ever lost.
    pub lost: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Counter {
    /// The last number drawn.
    pub last: u8,
    /// Units ever drawn.
    pub units: u8,
    /// Units for sale; below zero, people wait.
    pub available: i8,
    /// The stock version that `available` was published from.
    pub stamp: u8,
    /// The mark that makes the sweep look: something may be unaccounted.
    pub mark: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stock {
    /// The cursor: every row up to it is full, canceled or sealed.
    pub filled: u8,
    /// Rows up to it are accounted in `supply`.
    pub accounted: u8,
    /// Units drawn up to `accounted`.
    pub accounted_units: u8,
    /// Units that nobody holds yet.
    pub unassigned: u8,
    /// Units ever released to the line.
    pub supply: i8,
    pub version: u8,
}

/// What a ticket row says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowState {
    /// A place in line, or served.
    Live,
    Canceled,
    /// A hole, closed for good.
    Sealed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Row {
    /// Live, canceled or sealed.
    pub state: RowState,
    /// The order it belongs to.
    pub order: u8,
    /// Units drawn; never changes.
    pub drawn: u8,
    /// Units still wanted; a reduction lowers it.
    pub quantity: u8,
    /// Units drawn in this line up to and with this number.
    pub through: u8,
    /// Units given to it.
    pub assigned: u8,
    /// Ghost: units its customer was told are in stock.
    pub told: u8,
    /// Ghost: units of the product lost before it was drawn.
    pub lost_before: u8,
    /// Ghost: it lost a unit to damage.
    pub damaged: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// No item yet.
    Absent,
    /// Known, not yet in line.
    Placing,
    /// In line, or served.
    Placed,
    /// Sold out, or not for backorder.
    Refused,
    /// Given up as a whole.
    Canceled,
}

/// What the payment provider holds for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Payment {
    /// Nothing yet.
    Open,
    Captured,
    /// Closed before anything was captured.
    Voided,
}

/// The order item, and what the provider did for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    /// Where it stands.
    pub stage: Stage,
    /// Its parcel left.
    pub shipped: bool,
    pub version: u8,
    pub lines: Vec<Line>,
    /// A swap of its first line is noted.
    pub swapping: bool,
    pub payment: Payment,
    /// What was given up, with its refund.
    pub changes: Vec<Change>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    pub sku: u8,
    /// Its number in that line.
    pub ticket: u8,
    /// Units still wanted.
    pub quantity: u8,
    /// Units given to it.
    pub assigned: u8,
    /// Ghost: it came by a swap.
    pub swapped: bool,
    /// Ghost: orders that had returned when the call that placed or swapped it started, a bit each.
    pub after: u8,
}

/// Units given up at once, and their money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    pub units: u8,
    /// How often the provider has paid it back.
    pub paid_back: u8,
    /// The order says that it was paid back.
    pub recorded: bool,
}

impl Row {
    /// A hole, closed.
    pub(crate) const SEALED: Self = Self {
        state: RowState::Sealed,
        order: 0,
        drawn: 0,
        quantity: 0,
        through: 0,
        assigned: 0,
        told: 0,
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

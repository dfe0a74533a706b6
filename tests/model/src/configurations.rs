//! The sizes at which the protocol is checked to the end.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wakeups {
    /// By whoever knows that one is owed: the weakest assumption for safety.
    Owed,
    /// By the messages and the mark of the sweep alone: shows that they are enough.
    Messages,
}

/// An order that will be placed.
#[derive(Clone, Debug)]
pub struct OrderPlan {
    /// Product and units of each line.
    pub lines: Vec<(u8, u8)>,
    /// How far below zero its draws may take `available`.
    pub allowance: i8,
}

impl OrderPlan {
    pub fn waits(lines: &[(u8, u8)]) -> Self {
        Self { lines: lines.to_vec(), allowance: 9 }
    }

    /// An order that takes only what is in stock.
    pub fn in_stock_only(lines: &[(u8, u8)]) -> Self {
        Self { lines: lines.to_vec(), allowance: 0 }
    }
}

/// A size of the model: what will happen, in any order, and what may go wrong.
#[derive(Clone, Debug)]
pub struct Configuration {
    pub name: &'static str,
    /// Units in stock at first, a product each.
    pub stock: Vec<u8>,
    pub orders: Vec<OrderPlan>,
    /// Arrivals: product and units.
    pub arrivals: Vec<(u8, u8)>,
    /// Cancels: order, and the units that its first line keeps (0: the whole order goes).
    pub cancels: Vec<(u8, u8)>,
    /// Swaps: order, and the product that its first line is swapped for.
    pub swaps: Vec<(u8, u8)>,
    /// Losses of one unit: the product.
    pub damages: Vec<u8>,
    /// A loss may take units that are assigned.
    pub take_back: bool,
    /// Fills that may run at once.
    pub fillers: u8,
    /// Tickets that one transaction of a fill serves at most.
    pub batch: u8,
    /// Redraws of one call after a row found sealed.
    pub tries: u8,
    pub crashes: u8,
    /// Draws whose answer is lost.
    pub lost_draws: u8,
    /// Seals of a number whose owner is still at work.
    pub early_seals: u8,
    /// Second calls while the first is at work.
    pub early_resumes: u8,
    pub ships: bool,
    /// Payment and refund are steps of their own.
    pub money: bool,
    /// What starts a fill.
    pub wakeups: Wakeups,
}

impl Configuration {
    /// One product without stock, one fill at a time, nothing goes wrong.
    pub fn quiet(name: &'static str, orders: Vec<OrderPlan>) -> Self {
        Self {
            name,
            stock: vec![0],
            orders,
            arrivals: Vec::new(),
            cancels: Vec::new(),
            swaps: Vec::new(),
            damages: Vec::new(),
            take_back: false,
            fillers: 1,
            batch: 9,
            tries: 1,
            crashes: 0,
            lost_draws: 0,
            early_seals: 0,
            early_resumes: 0,
            ships: false,
            money: false,
            wakeups: Wakeups::Owed,
        }
    }

    pub fn messages(&self) -> bool {
        self.wakeups == Wakeups::Messages
    }
}

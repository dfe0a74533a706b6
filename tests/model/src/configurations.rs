//! The configurations: the sizes at which the protocol is checked exhaustively.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wakeups {
    /// A fill may start whenever it has work to do: the weakest assumption for safety.
    #[default]
    Owed,
    /// Only messages and the sweep's mark start a fill: shows that these wake-ups are enough.
    Messages,
}

/// An order that will be placed.
#[derive(Clone, Debug)]
pub struct OrderPlan {
    /// Product and units of each order line.
    pub lines: Vec<(u8, u8)>,
    /// How far below zero the order's draws may take `available`.
    pub allowance: i8,
}

impl OrderPlan {
    pub fn waits(lines: &[(u8, u8)]) -> Self {
        Self { lines: lines.to_vec(), allowance: 9 }
    }

    /// An order that takes only units in stock.
    pub fn in_stock_only(lines: &[(u8, u8)]) -> Self {
        Self { lines: lines.to_vec(), allowance: 0 }
    }
}

/// A size of the model: the events, which happen in any order, and limits on how often something goes wrong.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    pub name: &'static str,
    /// Initial units in stock, by product.
    pub stock: Vec<u8>,
    pub orders: Vec<OrderPlan>,
    /// Arrivals: product and units.
    pub arrivals: Vec<(u8, u8)>,
    /// Cancels: order, and the units that its first order line keeps (0: the whole order is canceled).
    pub cancels: Vec<(u8, u8)>,
    /// Swaps: order, and the new product of its first order line.
    pub swaps: Vec<(u8, u8)>,
    /// Losses of one unit, by product.
    pub damages: Vec<u8>,
    /// Whether a loss may take assigned units.
    pub take_back: bool,
    /// Maximum number of concurrent fills.
    pub fillers: u8,
    /// Maximum number of tickets in one transaction of a fill.
    pub batch: u8,
    /// Redraws of one call after a number was found closed.
    pub tries: u8,
    /// Number of crashes of any process.
    pub crashes: u8,
    /// Number of draws whose answer is lost.
    pub lost_draws: u8,
    /// How often a number may be closed while the call that drew it still runs.
    pub early_closes: u8,
    /// How often a second call may start while the first call for the order still runs.
    pub early_resumes: u8,
    pub ships: bool,
    /// Whether payment and refund are steps of their own.
    pub money: bool,
    pub wakeups: Wakeups,
}

impl Configuration {
    /// One product without stock, one fill at a time, no faults.
    pub fn quiet(name: &'static str, orders: Vec<OrderPlan>) -> Self {
        Self { name, stock: vec![0], orders, fillers: 1, batch: 9, tries: 1, ..Self::default() }
    }

    /// One product with some units in stock. Each entry of `orders` is one order of that many units.
    pub fn one_product(name: &'static str, stock: u8, orders: &[u8]) -> Self {
        let orders = orders.iter().map(|units| OrderPlan::waits(&[(0, *units)])).collect();
        Self { stock: vec![stock], ..Self::quiet(name, orders) }
    }

    /// Two products with some units in stock, and two orders.
    pub fn two_products(name: &'static str, stock: [u8; 2], orders: [&OrderPlan; 2]) -> Self {
        Self { stock: stock.to_vec(), ..Self::quiet(name, Vec::from(orders.map(OrderPlan::clone))) }
    }

    pub fn messages(&self) -> bool {
        self.wakeups == Wakeups::Messages
    }
}

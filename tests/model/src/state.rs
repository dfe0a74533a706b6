//! A state of the whole system, with the running calls. `stored.rs` has the stored items, `calls.rs` the memory of the
//! calls; the other modules have the steps.

use crate::calls::{Canceling, Damaging, Fill, Placer, Publisher, Swapping};
use crate::configurations::Configuration;
use crate::stored::{Order, Sku};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub skus: Vec<Sku>,
    /// The order items, by the index of their plan in the configuration.
    pub orders: Vec<Order>,
    /// Calls that place an order: the customer's, a repeated one, reconcile's.
    pub placers: Vec<Placer>,
    pub fills: Vec<Fill>,
    /// Calls that changed supply and have not published it yet.
    pub publishers: Vec<Publisher>,
    /// The configuration's cancels, in its order.
    pub cancels: Vec<Canceling>,
    /// The configuration's swaps, in its order.
    pub swaps: Vec<Swapping>,
    /// The configuration's losses, in its order.
    pub damages: Vec<Damaging>,
    /// Arrivals that happened, one bit each.
    pub arrived: u8,
    /// Ghost: orders whose call has returned 201, one bit each.
    pub returned: u8,
    pub left: Left,
}

/// The rest of the configuration's limits: how often something may still go wrong in this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Left {
    pub crashes: u8,
    pub lost_draws: u8,
    pub early_closes: u8,
    pub early_resumes: u8,
}

impl State {
    /// Whether a call that drew this number still runs.
    pub fn owner_at_work(&self, size: &Configuration, sku: u8, number: u8) -> bool {
        let drawn = |swap: &Swapping| swap.ticket().map(|ticket| ticket.number);
        let swapped = |(_, to): &(u8, u8), swap| *to == sku && drawn(swap) == Some(number);
        if size.swaps.iter().zip(&self.swaps).any(|(plan, swap)| swapped(plan, swap)) {
            return true;
        }
        self.placers.iter().any(|p| {
            let lines = &size.orders[p.order as usize].lines;
            let mut held = p.tickets.iter().zip(lines);
            held.any(|(t, l)| l.0 == sku && t.is_some_and(|t| t.number == number))
        })
    }
}

//! Release: when an order may ship, whole or in parts (R8 to R11), and by which day (R16).

use jiff::Timestamp;

use super::{Line, Order, Stage};
use crate::policy::{Parts, Policy};
use crate::stock::total;

impl Order {
    /// Whether the order ships abroad. Such an order leaves in one parcel, whatever the policy says (R10).
    pub fn abroad(&self, policy: &Policy) -> bool {
        self.ship_to.get("country").is_some_and(|country| *country != policy.shipping.home_country)
    }

    /// Whether the order's lines may leave one by one (R9).
    pub(crate) fn in_parts(&self, policy: &Policy) -> bool {
        policy.shipping.parts == Parts::AsAvailable && !self.abroad(policy)
    }

    /// Whether all remaining units ship at once: by policy (R8), abroad (R10), or if no wanted unit was in stock (R11).
    pub fn leaves_together(&self, policy: &Policy) -> bool {
        let mut wanted = self.lines.iter().filter(|line| line.canceled < line.quantity);
        !self.in_parts(policy) || wanted.all(|line| line.backordered >= line.quantity)
    }

    /// Decides whether the order may ship after a change that brings no goods.
    pub fn decide_release(&mut self, policy: &Policy, now: Timestamp) {
        self.release(policy, now, now);
    }

    /// Decides whether the order may ship after it got units that arrived at `arrived`. The deadline counts from that
    /// instant, the placement or the last swap, whichever is latest.
    pub fn goods_came(&mut self, policy: &Policy, arrived: Option<Timestamp>, now: Timestamp) {
        let wanted = self.lines.iter().map(|line| self.stands_since(line)).max();
        self.release(policy, wanted.into_iter().fold(arrived.unwrap_or(now), Timestamp::max), now);
    }

    fn release(&mut self, policy: &Policy, came: Timestamp, now: Timestamp) {
        if self.may_leave(policy) {
            self.released_at.get_or_insert(now);
            let calendar = &policy.calendar;
            // The deadline stays until all units that it was set for have left.
            self.ship_by.get_or_insert_with(|| calendar.next_business_day(calendar.arrival_day(came)));
        } else if self.lines.iter().all(|line| line.shipped.is_empty()) {
            self.released_at = None;
            self.ship_by = None;
        }
        self.forget_ship_by();
    }

    /// Clears the deadline when no assigned unit is left to ship.
    pub(crate) fn forget_ship_by(&mut self) {
        if self.lines.iter().all(|line| line.assigned.is_empty()) {
            self.ship_by = None;
        }
    }

    /// Whether assigned units may leave: all units are assigned; or the order may leave in parts, and was released
    /// before or has all units that were in stock at placing. An order wholly on backorder waits for all its units.
    fn may_leave(&self, policy: &Policy) -> bool {
        if self.stage != Stage::Placed || self.lines.iter().all(|line| line.assigned.is_empty()) {
            return false;
        }
        if self.lines.iter().all(|line| line.waiting() == 0) {
            return true;
        }
        let from_stock = || !self.leaves_together(policy) && self.lines.iter().all(Line::has_its_stock);
        self.in_parts(policy) && (self.released_at.is_some() || from_stock())
    }
}

impl Line {
    /// Whether all wanted units that were in stock at placing are assigned or have shipped.
    fn has_its_stock(&self) -> bool {
        let in_stock = (self.quantity - self.backordered).min(self.quantity - self.canceled);
        total(&self.assigned) + total(&self.shipped) >= in_stock
    }
}

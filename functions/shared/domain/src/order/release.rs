//! When an order may be shipped: as a whole, or what is there (R8 to R11); and by when (R16).

use jiff::Timestamp;

use super::{Line, Order, Stage};
use crate::policy::{Parts, Policy};
use crate::stock::total;

impl Order {
    /// Whether it crosses a border: then it leaves in one parcel, whatever else the policy says (R10).
    #[must_use]
    pub fn abroad(&self, policy: &Policy) -> bool {
        self.ship_to.get("country").is_some_and(|country| *country != policy.shipping.home_country)
    }

    /// Whether its lines may leave one by one, as far as policy and border go (R9).
    pub(crate) fn in_parts(&self, policy: &Policy) -> bool {
        policy.shipping.parts == Parts::AsAvailable && !self.abroad(policy)
    }

    /// Whether all that is left of it ships at once: by the shop's policy (R8), because it goes abroad (R10), or because
    /// none of what is wanted came from stock (R11).
    #[must_use]
    pub fn leaves_together(&self, policy: &Policy) -> bool {
        let mut wanted = self.lines.iter().filter(|line| line.canceled < line.quantity);
        !self.in_parts(policy) || wanted.all(|line| line.backordered >= line.quantity)
    }

    /// Decides whether the order may be shipped. Called by whatever changes a line but brings no goods.
    pub fn decide_release(&mut self, policy: &Policy, now: Timestamp) {
        self.release(policy, now, now);
    }

    /// Decides the same after units of a product were given to it that came in at `arrived`; it had them to ship no
    /// earlier than it was placed, or swapped for what it is now.
    pub fn goods_came(&mut self, policy: &Policy, arrived: Option<Timestamp>, now: Timestamp) {
        let wanted = self.lines.iter().map(|line| self.stands_since(line)).max();
        self.release(policy, wanted.into_iter().fold(arrived.unwrap_or(now), Timestamp::max), now);
    }

    fn release(&mut self, policy: &Policy, came: Timestamp, now: Timestamp) {
        if self.may_leave(policy) {
            self.released_at.get_or_insert(now);
            let calendar = &policy.calendar;
            // The day of what has waited longest stays, while that has not left.
            self.ship_by.get_or_insert_with(|| calendar.next_business_day(calendar.arrival_day(came)));
        } else if self.lines.iter().all(|line| line.shipped.is_empty()) {
            self.released_at = None;
            self.ship_by = None;
        }
        self.forget_ship_by();
    }

    /// Nothing waits to leave any more: there is no day for it.
    pub(crate) fn forget_ship_by(&mut self) {
        if self.lines.iter().all(|line| line.assigned.is_empty()) {
            self.ship_by = None;
        }
    }

    /// Whether what is assigned may leave: everything is there; or the order may leave in parts, and either it was
    /// released before, or all that was in stock when it was placed is there. What was wholly on backorder waits for all.
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
    /// Whether the units of it that are wanted and were in stock when it was bought are there, or have left.
    fn has_its_stock(&self) -> bool {
        let in_stock = (self.quantity - self.backordered).min(self.quantity - self.canceled);
        total(&self.assigned) + total(&self.shipped) >= in_stock
    }
}

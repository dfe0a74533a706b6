//! Waiting that ends by itself: it has been too long (R15), or the product will not come any more. What shipped stays
//! shipped, and a line that has all its goods is not ended but shipped.

use jiff::Timestamp;

use crate::cancel::{Cancelation, Why, without};
use crate::names::Sku;
use crate::order::{Line, Order, Stage};
use crate::policy::{Parts, Policy};
use crate::refund::ChangeKind;

/// Why waiting ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending<'a> {
    /// It has been too long (R15).
    Expired,
    /// The product will not come any more.
    Discontinued(&'a Sku),
}

/// The order without what it waits for; `None` where it waits for nothing that ends.
///
/// Who has waited too long gives up all that has not shipped; where orders leave in parts, the lines that still wait.
/// Of a product that ends, only units that were not given yet are given up: what is there goes to who stood in line.
#[must_use]
pub fn end_waiting(order: &Order, ending: Ending<'_>, policy: &Policy, now: Timestamp) -> Option<Cancelation> {
    if order.stage != Stage::Placed {
        return None;
    }
    let in_parts = policy.shipping.parts == Parts::AsAvailable
        && order.ship_to.get("country").is_some_and(|country| *country == policy.shipping.home_country);
    let gives_up = |line: &Line| match ending {
        Ending::Expired if in_parts && line.waiting() == 0 => 0,
        Ending::Expired => line.open(),
        Ending::Discontinued(sku) if line.sku == *sku => line.waiting(),
        Ending::Discontinued(_) => 0,
    };
    let waits = order.lines.iter().any(|line| line.waiting() > 0 && gives_up(line) > 0);
    let wanted = order.lines.iter().map(gives_up).enumerate().filter(|(_, units)| *units > 0);
    let wanted: Vec<_> = wanted.filter(|_| waits).collect();
    let (kind, word) = match ending {
        Ending::Expired => (ChangeKind::Expired, "expired"),
        Ending::Discontinued(_) => (ChangeKind::Discontinued, "discontinued"),
    };
    // An order may wait again after a loss, so one id is not enough; no caller can choose one with a colon.
    let change_id = format!("{word}:{}", order.changes.len() + 1);
    let why = Why { change_id, kind, reason: None, request: String::new() };
    (!wanted.is_empty()).then(|| without(order, &wanted, why, policy, now))
}

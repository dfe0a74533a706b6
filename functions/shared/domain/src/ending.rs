//! Waiting that ends by itself: it has been too long (R15), or the product will not come any more. What shipped stays
//! shipped, and a line that has all its goods is not ended but shipped.

use jiff::Timestamp;

use crate::cancel::{Cancelation, Why, without};
use crate::names::Sku;
use crate::order::{Line, Order, Stage};
use crate::policy::Policy;
use crate::refund::ChangeKind;

/// Why waiting ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending<'a> {
    /// It has been too long for this line, counted from 0 (R15).
    Expired(usize),
    /// The product will not come any more.
    Discontinued(&'a Sku),
}

/// The order without what it waits for; `None` where it waits for nothing that ends.
///
/// Who has waited too long, and still does, gives up all that has not shipped; where orders leave in parts, the lines that
/// have waited as long. One that was swapped since stands in line anew (R14).
/// Of a product that ends, only units that were not given yet are given up: what is there goes to who stood in line.
#[must_use]
pub fn end_waiting(order: &Order, ending: Ending<'_>, policy: &Policy, now: Timestamp) -> Option<Cancelation> {
    if order.stage != Stage::Placed {
        return None;
    }
    let in_parts = order.in_parts(policy);
    let due = match ending {
        Ending::Expired(at) => order.lines.get(at).filter(|line| line.waiting() > 0),
        Ending::Discontinued(_) => None,
    };
    let as_long = |line: &Line| due.is_some_and(|due| order.stands_since(line) <= order.stands_since(due));
    let gives_up = |line: &Line| match ending {
        Ending::Expired(_) if due.is_none() => 0,
        Ending::Expired(_) if in_parts && (line.waiting() == 0 || !as_long(line)) => 0,
        Ending::Expired(_) => line.open(),
        Ending::Discontinued(sku) if line.sku == *sku => line.waiting(),
        Ending::Discontinued(_) => 0,
    };
    let waits = order.lines.iter().any(|line| line.waiting() > 0 && gives_up(line) > 0);
    let wanted = order.lines.iter().map(gives_up).enumerate().filter(|(_, units)| *units > 0);
    let wanted: Vec<_> = wanted.filter(|_| waits).collect();
    let (kind, word) = match ending {
        Ending::Expired(_) => (ChangeKind::Expired, "expired"),
        Ending::Discontinued(_) => (ChangeKind::Discontinued, "discontinued"),
    };
    // An order may wait again after a loss, so one id is not enough; no caller can choose one with a colon.
    let change_id = format!("{word}:{}", order.changes.len() + 1);
    let why = Why { change_id, kind, reason: None, by_shop: false, request: String::new() };
    (!wanted.is_empty()).then(|| without(order, &wanted, why, policy, now))
}

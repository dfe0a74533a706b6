//! The model is not vacuous. Every run ends, so every run arrives in a state without a next step, which I8 is about.
//! The runs reach the states that the design is about.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test")]

use std::collections::{BTreeSet, HashMap};

use model::calls::Filling;
use model::configurations::Configuration;
use model::protocol::Protocol;
use model::sizes;
use model::state::State;
use model::stored::{Payment, RowState, Stage};
use stateright::Model;

/// Sizes small enough to keep every state instead of only its fingerprint.
fn small_sizes() -> Vec<Configuration> {
    let names = [
        "three buyers, a crash",
        "sealed twice: out of tries",
        "two calls for one order",
        "two fills at once",
        "two products and a cancel",
        "refused after its first draw, a crash",
        "refused after a lost draw",
        "messages alone, a crash",
        "messages alone, a loss",
        "money: a reduction, then a cancel, or a parcel",
    ];
    let all = sizes::everyday().into_iter();
    let small: Vec<_> = all.filter(|s| names.contains(&s.name)).collect();
    assert_eq!(small.len(), names.len());
    small
}

/// Visits every state depth first. Fails if a step leads back to a state of the current path.
fn visit(protocol: &Protocol, mut look: impl FnMut(&State)) {
    let mut on_path: HashMap<State, bool> = HashMap::new();
    let mut path: Vec<(State, Vec<State>)> = Vec::new();
    let mut todo = protocol.init_states();
    loop {
        if let Some(state) = todo.pop() {
            match on_path.get(&state) {
                Some(true) => panic!("an endless run returns to {state:?}"),
                Some(false) => {}
                None => {
                    look(&state);
                    on_path.insert(state.clone(), true);
                    let next = protocol.next_states(&state);
                    path.push((state, std::mem::replace(&mut todo, next)));
                }
            }
        } else if let Some((state, rest)) = path.pop() {
            on_path.insert(state, false);
            todo = rest;
        } else {
            return;
        }
    }
}

/// The features of a state that the design is about, and whether the state has them.
fn shows(size: &Configuration, s: &State) -> Vec<(&'static str, bool)> {
    let mut seen = Vec::new();
    let mut note = |name, there| seen.push((name, there));
    for (id, sku) in (0_u8..).zip(&s.skus) {
        let rows = || (1_u8..).zip(&sku.rows);
        let closed = |n| sku.row(n).is_some_and(|r| r.state == RowState::Closed);
        let overtaken = rows().any(|(n, _)| closed(n) && s.owner_at_work(size, id, n));
        note("a row sealed before its owner came", overtaken);
        let partial = rows().any(|(_, r)| r.is_some_and(|r| r.assigned > 0 && r.needs() > 0));
        note("a head partly filled", partial);
        note("a ticket damaged", rows().any(|(_, r)| r.is_some_and(|r| r.damaged)));
        let voided = rows().any(|(n, _)| closed(n) && n <= sku.stock.accounted);
        note("a hole accounted", voided);
        note("units for sale not yet published", sku.counter.stamp < sku.stock.version);
    }
    seen.extend(calls_show(s));
    seen
}

/// The features of the running calls and of the orders.
fn calls_show(s: &State) -> Vec<(&'static str, bool)> {
    let mut seen = Vec::new();
    let mut note = |name, there| seen.push((name, there));
    for fill in &s.fills {
        let version = s.skus[fill.sku as usize].stock.version;
        let lost = matches!(&fill.at, Filling::Ready(plan) if plan.stock.version < version);
        note("a fill that loses its race", lost);
    }
    for publisher in &s.publishers {
        let stamp = s.skus[publisher.sku as usize].counter.stamp;
        let late = publisher.read.is_some_and(|(_, version)| version < stamp);
        note("a publisher that comes too late", late);
    }
    for placer in &s.placers {
        let order = &s.orders[placer.order as usize];
        let idle = placer.tickets.iter().all(Option::is_some) && order.stage != Stage::Placing;
        note("a call that drew for an order already decided", idle);
    }
    for order in &s.orders {
        note("an order refused", order.stage == Stage::Refused);
        note("an order canceled", order.stage == Stage::Canceled);
        note("an order shipped", order.shipped);
        note("a payment captured", order.payment == Payment::Captured);
    }
    seen
}

#[test]
fn every_run_ends_and_what_the_design_is_about_is_reached() {
    let mut reached = BTreeSet::new();
    for size in small_sizes() {
        let mut states = 0;
        visit(&Protocol::new(size.clone()), |s| {
            states += 1;
            reached.extend(shows(&size, s).into_iter().filter_map(|(name, there)| there.then_some(name)));
        });
        println!("{:<48} {states:>12} states, no cycle", size.name);
    }
    for name in &reached {
        println!("reached: {name}");
    }
    assert_eq!(reached.len(), 12, "some state of interest is never reached");
}

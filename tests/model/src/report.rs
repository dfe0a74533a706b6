//! Runs a checker to the end and reports the result.

use std::time::{Duration, Instant};

use stateright::{Checker, HasDiscoveries, Model};

use crate::protocol::Protocol;
use crate::state::State;
use crate::steps::Step;

#[derive(Clone, Debug)]
pub struct CheckOutcome {
    /// Number of states that steps led to, including repeats.
    pub states: usize,
    pub unique: usize,
    /// Number of steps to the state that is farthest from the initial state, by its shortest run.
    pub depth: usize,
    pub took: Duration,
    /// Broken properties, each with the steps that break it.
    pub broken: Vec<(&'static str, Vec<String>)>,
}

impl CheckOutcome {
    /// One row of the report, with every broken property and its steps below it.
    pub fn row(&self, name: &str) -> String {
        let seconds = self.took.as_secs_f32();
        let (states, unique, depth) = (self.states, self.unique, self.depth);
        let mut row = format!("{name:<48} {states:>12} {unique:>12} {depth:>6} {seconds:>8.1}");
        for (property, steps) in &self.broken {
            row += &format!("\n  BROKEN: {property}\n    {}", steps.join("\n    "));
        }
        row
    }
}

/// Searches all states, on two threads.
pub fn check(protocol: Protocol) -> CheckOutcome {
    let start = Instant::now();
    let checker = protocol.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    outcome(&checker, start)
}

/// Searches, on one thread, for a shortest run that breaks a property. The checker keeps the last run that it finds, so
/// the search is repeated with a lower maximum depth until it finds no run.
pub fn break_property(protocol: &Protocol, property: &'static str) -> Option<Vec<String>> {
    let mut shortest: Option<Vec<String>> = None;
    loop {
        let names = std::iter::once(property).collect();
        let mut search = protocol.clone().checker().finish_when(HasDiscoveries::AllOf(names));
        if let Some(steps) = &shortest {
            search = search.target_max_depth(steps.len() + 1);
        }
        let found = outcome(&search.spawn_bfs().join(), Instant::now());
        match found.broken.into_iter().find(|(name, _)| *name == property) {
            Some((_, steps)) => shortest = Some(steps),
            None => return shortest,
        }
    }
}

fn outcome(checker: &impl Checker<Protocol>, start: Instant) -> CheckOutcome {
    let mut broken: Vec<_> = checker
        .discoveries()
        .into_iter()
        .map(|(name, path)| {
            let steps = path.into_vec().into_iter();
            let described = steps.filter_map(|(state, step)| step.map(|t| t.describe(checker.model(), &state)));
            (name, described.collect())
        })
        .collect();
    broken.sort_by_key(|b| b.0);
    CheckOutcome {
        states: checker.state_count(),
        unique: checker.unique_state_count(),
        depth: checker.max_depth(),
        took: start.elapsed(),
        broken,
    }
}

impl Step {
    /// The step, and the order or product concerned.
    fn describe(self, protocol: &Protocol, s: &State) -> String {
        format!("{self:?}: {}", self.whose(protocol, s))
    }

    fn whose(self, protocol: &Protocol, s: &State) -> String {
        match self {
            Self::PutPlacing(id) | Self::Resume(id) | Self::Ship(id) => format!("order {id}"),
            Self::RefundPayment(id, _) | Self::RecordRefund(id, _) => format!("order {id}"),
            Self::CloseGap(sku, number) => format!("sku {sku}, number {number}"),
            Self::ReceiveStock(arrival) => {
                let (sku, units) = protocol.size.arrivals[arrival as usize];
                format!("sku {sku}, {units} units")
            }
            Self::FillReadStock(sku) | Self::FillReadRowsFirst(sku) => format!("a fill of sku {sku} starts"),
            Self::ReadStock(p) | Self::Publish(p) | Self::CrashPublisher(p) => {
                format!("publisher of sku {}", s.publishers[p as usize].sku)
            }
            Self::CancelReadOrder(c) | Self::CancelReadRows(c) | Self::CommitCancel(c) | Self::CancelGiveBack(c) => {
                format!("cancel of order {}", protocol.size.cancels[c as usize].0)
            }
            Self::NoteSwap(i) | Self::DrawSwap(i) | Self::SwapReadOrder(i) => protocol.swap(i),
            Self::CommitSwap(i) | Self::CloseSwap(i) | Self::CrashSwap(i) => protocol.swap(i),
            Self::DamageReadStock(d) | Self::DamageReadRows(d) => protocol.loss(d),
            Self::AdjustStock(d) | Self::TakeBack(d) | Self::LowerAvailable(d) => protocol.loss(d),
            Self::FillReadStockLast(f) | Self::FillReadCounter(f) | Self::FillReadRows(f) => fill(s, f),
            Self::FillReadOrders(f) | Self::CommitFill(f) | Self::FillPublish(f) => fill(s, f),
            Self::Unmark(f) | Self::CrashFill(f) => fill(s, f),
            Self::CapturePayment(p) | Self::DrawTicket(p) | Self::DrawTicketLost(p) => call(s, p),
            Self::RefusePlacement(p) | Self::CommitPlacement(p) | Self::CrashPlacer(p) => call(s, p),
            Self::CloseOwn(p) => format!("{}, its own number", call(s, p)),
        }
    }
}

impl Protocol {
    fn swap(&self, i: u8) -> String {
        format!("swap of order {}", self.size.swaps[i as usize].0)
    }

    fn loss(&self, damage: u8) -> String {
        format!("loss of sku {}", self.size.damages[damage as usize])
    }
}

fn fill(s: &State, f: u8) -> String {
    format!("fill of sku {}", s.fills[f as usize].sku)
}

fn call(s: &State, p: u8) -> String {
    format!("call of order {}", s.placers[p as usize].order)
}

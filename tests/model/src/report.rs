//! Runs a checker to the end and says what came out.

use std::time::{Duration, Instant};

use stateright::{Checker, HasDiscoveries, Model};

use crate::protocol::Protocol;

/// What a search found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// States that steps led to, repeats included.
    pub states: usize,
    /// Different states.
    pub unique: usize,
    /// Steps of the longest of the shortest runs.
    pub depth: usize,
    /// Time it took.
    pub took: Duration,
    /// Broken properties, each with the steps that break it.
    pub broken: Vec<(&'static str, Vec<String>)>,
}

impl Outcome {
    /// One row of the report, with every broken property and its steps under it.
    #[must_use]
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

/// Searches everything, on two threads.
#[must_use]
pub fn check(protocol: Protocol) -> Outcome {
    let start = Instant::now();
    let checker = protocol.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    outcome(&checker, start)
}

/// Searches, on one thread, for a shortest run that breaks a property. The checker keeps the last run
/// that it finds, not the first, so it is asked again below that depth until it finds none.
#[must_use]
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

fn outcome(checker: &impl Checker<Protocol>, start: Instant) -> Outcome {
    let mut broken: Vec<_> = checker
        .discoveries()
        .into_iter()
        .map(|(name, path)| {
            let steps = path.into_vec().into_iter();
            let told = steps.filter_map(|(state, step)| step.map(|t| t.told(checker.model(), &state)));
            (name, told.collect())
        })
        .collect();
    broken.sort_by_key(|b| b.0);
    Outcome {
        states: checker.state_count(),
        unique: checker.unique_state_count(),
        depth: checker.max_depth(),
        took: start.elapsed(),
        broken,
    }
}

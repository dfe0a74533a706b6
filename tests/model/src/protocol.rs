//! The model itself: a configuration, a flaw, and the choice of what can happen next.
//! What a step does is in the file of its story.

use stateright::{Model, Property};

use crate::calls::{Canceling, Damaging, Swapping};
use crate::configurations::Configuration;
use crate::flaws::Flaw;
use crate::properties;
use crate::state::{Counter, Left, Order, Payment, Sku, Stage, State, Stock};
use crate::steps::Step;

/// The protocol of the line at one size, with at most one rule broken.
#[derive(Clone, Debug)]
pub struct Protocol {
    /// The size, and what may happen.
    pub size: Configuration,
    /// The broken rule.
    pub flaw: Flaw,
}

impl Protocol {
    /// The protocol as it is, at this size.
    #[must_use]
    pub fn new(size: Configuration) -> Self {
        Self { size, flaw: Flaw::None }
    }

    /// True if the protocol has this flaw.
    pub(crate) fn has(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    /// The stock changed, or a placing ended: a message wakes a fill.
    pub(crate) fn wake(&self, s: &mut State, sku: u8) {
        let dropped = self.has(Flaw::WakeDropped) && s.fills.iter().any(|f| f.sku == sku);
        if !dropped {
            s.skus[sku as usize].wake = self.size.messages();
        }
    }

    fn first_sku(units: u8) -> Sku {
        let stocked = u8::from(units > 0);
        Sku {
            counter: Counter { last: 0, units: 0, available: units.cast_signed(), stamp: stocked, mark: false },
            stock: Stock {
                filled: 0,
                accounted: 0,
                accounted_units: 0,
                unassigned: units,
                supply: units.cast_signed(),
                version: stocked,
            },
            rows: Vec::new(),
            wake: false,
            drawn: Vec::new(),
            received: units,
            lost: 0,
        }
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let order = Order {
            stage: Stage::Absent,
            shipped: false,
            version: 0,
            lines: Vec::new(),
            payment: Payment::Open,
            changes: Vec::new(),
            swapping: false,
        };
        let size = &self.size;
        vec![State {
            skus: size.stock.iter().map(|n| Self::first_sku(*n)).collect(),
            orders: vec![order; size.orders.len()],
            placers: Vec::new(),
            fills: Vec::new(),
            publishers: Vec::new(),
            cancels: vec![Canceling::Waiting; size.cancels.len()],
            swaps: vec![Swapping::Waiting; size.swaps.len()],
            damages: vec![Damaging::Waiting; size.damages.len()],
            arrived: 0,
            returned: 0,
            left: Left {
                crashes: size.crashes,
                lost_draws: size.lost_draws,
                early_seals: size.early_seals,
                early_resumes: size.early_resumes,
            },
        }]
    }

    fn actions(&self, s: &State, steps: &mut Vec<Step>) {
        self.placing_steps(s, steps);
        self.filling_steps(s, steps);
        self.stock_steps(s, steps);
        self.canceling_steps(s, steps);
        self.swapping_steps(s, steps);
        self.order_steps(s, steps);
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        let mut s = last.clone();
        self.apply(&mut s, step);
        s.placers.sort_unstable();
        s.fills.sort_unstable();
        s.publishers.sort_unstable();
        Some(s)
    }

    fn format_action(&self, step: &Step) -> String {
        format!("{step:?}")
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}

//! The faults: which calls fail, and how. `pull` has the expected outcomes.

use std::sync::{Arc, Mutex, PoisonError};

use tests::{Call, Fault, Tap};

/// Number of calls that a lasting fault hits: enough for the SDK's attempts and for the draws of one placing.
const LASTING: usize = 4;

/// The effect on a call: once, or until its client gives up repeating it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plug {
    fault: Fault,
    lasting: bool,
}

/// A read that is carried out changes nothing, so a lost answer is the same as a call that was not sent.
const OF_READS: [Plug; 3] = [
    Plug { fault: Fault::Unsent, lasting: false },
    Plug { fault: Fault::Unsent, lasting: true },
    Plug { fault: Fault::DiedUnsent, lasting: false },
];
const OF_WRITES: [Plug; 6] = [
    Plug { fault: Fault::Unsent, lasting: false },
    Plug { fault: Fault::Unsent, lasting: true },
    Plug { fault: Fault::DiedUnsent, lasting: false },
    Plug { fault: Fault::Lost, lasting: false },
    Plug { fault: Fault::Lost, lasting: true },
    Plug { fault: Fault::Died, lasting: false },
];

/// The call at which a fault is injected.
#[derive(Clone, Debug)]
pub struct Point {
    pub function: String,
    /// The operation of the call.
    #[expect(dead_code, reason = "it identifies the point in the message of a failed run")]
    pub operation: String,
    /// The number of the call among all calls of the function, counted from 0.
    number: usize,
    plug: Plug,
}

impl Point {
    pub fn of<'a>(calls: impl Iterator<Item = &'a Call>) -> Vec<Self> {
        let of_call = |call: &Call| {
            let reads = matches!(call.operation.as_str(), "GetItem" | "BatchGetItem" | "Query");
            let plugs: &[Plug] = if reads || call.operation.starts_with("GET ") { &OF_READS } else { &OF_WRITES };
            let point = |plug: &Plug| Self {
                function: call.function.clone(),
                operation: call.operation.clone(),
                number: call.number,
                plug: *plug,
            };
            plugs.iter().map(point).collect::<Vec<_>>()
        };
        calls.flat_map(of_call).collect()
    }
}

/// A point that waits for its call: the call once it came, and how many more calls it may hit.
struct Armed {
    point: Point,
    call: Option<Call>,
    left: usize,
}

impl Armed {
    /// How many mails may be repeated (I7): one for each crash and each lost answer between SES accepting a mail and
    /// our write that records it. Mails of two orders go out in any order, so the faulted call itself is what counts.
    fn repeats(&self) -> usize {
        let Some(call) = &self.call else { return 0 };
        let plug = self.point.plug;
        let struck = if plug.lasting { LASTING } else { 1 } - self.left;
        match (call.function.as_str(), call.operation.as_str(), plug.fault) {
            ("send-email", "SendEmail", Fault::Lost | Fault::Died) => struck,
            ("send-email", "PutItem", Fault::DiedUnsent) => struck,
            _ => 0,
        }
    }

    fn strikes(&mut self, call: &Call) -> Option<Fault> {
        let Point { function, number, plug, .. } = &self.point;
        let same = match &self.call {
            None => call.function == *function && call.number == *number,
            Some(first) => {
                call.function == *function && call.operation == first.operation && call.request == first.request
            }
        };
        if !same || self.left == 0 {
            return None;
        }
        self.left -= 1;
        self.call.get_or_insert_with(|| call.clone());
        Some(plug.fault)
    }
}

/// The points, each waiting for its call.
#[derive(Clone)]
pub struct Pulled(Arc<Mutex<Vec<Armed>>>);

impl Pulled {
    pub fn repeats(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(Armed::repeats).sum()
    }
}

/// From now on these faults are injected, each at its call.
pub fn arm(tap: &Tap, points: &[Point]) -> Pulled {
    let left = |point: &Point| if point.plug.lasting { LASTING } else { 1 };
    let armed = points.iter().map(|point| Armed { point: point.clone(), call: None, left: left(point) });
    let pulled = Pulled(Arc::new(Mutex::new(armed.collect())));
    let armed = pulled.clone();
    tap.strike(move |call| {
        let mut armed = armed.0.lock().unwrap_or_else(PoisonError::into_inner);
        armed.iter_mut().find_map(|point| point.strikes(call))
    });
    pulled
}

//! The faults: which calls fail, and how. `injection.rs` has the expected outcomes.

use std::sync::{Arc, Mutex, PoisonError};

use tests::{Call, Fault, Tap};

/// Number of calls that a lasting fault hits: enough for the SDK's attempts and for the draws of one placing.
const LASTING: usize = 4;

/// A fault of a call. It hits the call once or, if `lasting`, until the client gives up repeating the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Injection {
    fault: Fault,
    lasting: bool,
}

/// The call, and all its repeats, fail: the function reports an error.
const FAILS: [Injection; 1] = [Injection { fault: Fault::RequestLost, lasting: true }];
/// What a write adds: its first request or its answer is lost, or the process ends just before or just after it.
const ONLY_OF_WRITES: [Injection; 5] = [
    Injection { fault: Fault::RequestLost, lasting: false },
    Injection { fault: Fault::DiedBeforeSend, lasting: false },
    Injection { fault: Fault::Lost, lasting: false },
    Injection { fault: Fault::Lost, lasting: true },
    Injection { fault: Fault::Died, lasting: false },
];
/// What a read adds. A read changes nothing, so one that is repeated leaves the same as one that is not, and a process
/// that ends before it leaves the same as one that ends after the last write.
const ONLY_OF_READS: [Injection; 2] = [
    Injection { fault: Fault::RequestLost, lasting: false },
    Injection { fault: Fault::DiedBeforeSend, lasting: false },
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
    injection: Injection,
}

impl Point {
    /// Each failure of each call that can leave something else than the others.
    pub fn all_of<'a>(calls: impl Iterator<Item = &'a Call>) -> Vec<Self> {
        let of_call = |call: &Call| {
            let more: &[Injection] = if reads(call) { &[] } else { &ONLY_OF_WRITES };
            FAILS.iter().chain(more).map(|injection| Self::of(call, *injection)).collect::<Vec<_>>()
        };
        calls.flat_map(of_call).collect()
    }

    /// The failures of reads that leave the same as others, so that the gate does without them.
    pub fn repeated_reads<'a>(calls: impl Iterator<Item = &'a Call>) -> Vec<Self> {
        let of_read = |call: &Call| ONLY_OF_READS.map(|injection| Self::of(call, injection));
        calls.filter(|call| reads(call)).flat_map(of_read).collect()
    }

    fn of(call: &Call, injection: Injection) -> Self {
        Self { function: call.function.clone(), operation: call.operation.clone(), number: call.number, injection }
    }
}

fn reads(call: &Call) -> bool {
    let operation = call.operation.as_str();
    matches!(operation, "GetItem" | "BatchGetItem" | "Query" | "GetQueueAttributes") || operation.starts_with("GET ")
}

/// A point, the call that the fault hit first (none until that call came), and how many more calls the fault may hit.
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
        let injection = self.point.injection;
        let faulted = if injection.lasting { LASTING } else { 1 } - self.left;
        match (call.function.as_str(), call.operation.as_str(), injection.fault) {
            ("send-email", "SendEmail", Fault::Lost | Fault::Died) => faulted,
            ("send-email", "PutItem", Fault::DiedBeforeSend) => faulted,
            _ => 0,
        }
    }

    fn faults(&mut self, call: &Call) -> Option<Fault> {
        let Point { function, number, injection, .. } = &self.point;
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
        Some(injection.fault)
    }
}

/// The points, which wait for their calls.
#[derive(Clone)]
pub struct Injected(Arc<Mutex<Vec<Armed>>>);

impl Injected {
    pub fn repeats(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(Armed::repeats).sum()
    }
}

/// From now on these faults are injected, each at its call.
pub fn arm(tap: &Tap, points: &[Point]) -> Injected {
    let left = |point: &Point| if point.injection.lasting { LASTING } else { 1 };
    let armed = points.iter().map(|point| Armed { point: point.clone(), call: None, left: left(point) });
    let injected = Injected(Arc::new(Mutex::new(armed.collect())));
    let armed = injected.clone();
    tap.fault_where(move |call| {
        let mut armed = armed.0.lock().unwrap_or_else(PoisonError::into_inner);
        armed.iter_mut().find_map(|point| point.faults(call))
    });
    injected
}

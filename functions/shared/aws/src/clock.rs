//! The clock. Only this module reads the machine's time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The machine's time; on the local stack, moved by an offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that runs ahead of the machine by `offset_micros`.
    pub fn following(offset_micros: Arc<AtomicI64>) -> Self {
        Self { offset_micros }
    }

    /// Now, to the millisecond.
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    pub fn now(&self) -> Timestamp {
        let offset = SignedDuration::from_micros(self.offset_micros.load(Ordering::SeqCst));
        domain::dates::to_millisecond(Timestamp::now().saturating_add(offset).unwrap_or(Timestamp::MAX))
    }
}

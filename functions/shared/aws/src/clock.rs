//! The one place where the clock is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The time: that of the machine, or moved by an offset on the local stack.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that is ahead by `offset_micros`: that of the local stack.
    #[must_use]
    pub fn following(offset_micros: Arc<AtomicI64>) -> Self {
        Self { offset_micros }
    }

    /// Now, to the millisecond.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    pub fn now(&self) -> Timestamp {
        let offset = SignedDuration::from_micros(self.offset_micros.load(Ordering::SeqCst));
        domain::dates::to_millisecond(Timestamp::now().saturating_add(offset).unwrap_or(Timestamp::MAX))
    }
}

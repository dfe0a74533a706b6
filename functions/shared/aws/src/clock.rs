//! The one place where the clock is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The time of the shop: that of the machine, or moved by an offset on the local stack.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Now, to the millisecond.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    pub fn now(&self) -> Timestamp {
        let offset = SignedDuration::from_millis(self.offset_ms.load(Ordering::SeqCst));
        domain::dates::to_millisecond(Timestamp::now().saturating_add(offset).unwrap_or(Timestamp::MAX))
    }

    /// Moves the clock of the local stack: all clones of it move.
    pub fn set_offset(&self, offset: SignedDuration) {
        self.offset_ms.store(i64::try_from(offset.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

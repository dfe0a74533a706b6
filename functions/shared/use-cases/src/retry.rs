//! Trying again: a bounded number of times, with growing, jittered waits.

use std::time::Duration;

use aws::Failure;
use aws::table::Unwritten;
use thiserror::Error;

/// It could not be finished now. A repeat is safe.
#[derive(Clone, Debug, Error)]
pub enum Trouble {
    /// Others kept writing the same items. Nothing is half done.
    #[error("too many were writing at once")]
    Busy,
    /// A service failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unwritten> for Trouble {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Failure(failure) => Self::Failure(failure),
            Unwritten::Condition(_) | Unwritten::Contended => Self::Busy,
        }
    }
}

/// Counts tries and waits between them.
#[derive(Debug)]
pub struct Tries {
    left: u32,
    failures_left: u32,
    wait_ms: u64,
}

impl Tries {
    /// At most so many tries.
    #[must_use]
    pub fn of(tries: u32) -> Self {
        Self { left: tries.saturating_sub(1), failures_left: 1, wait_ms: 5 }
    }

    /// Waits before the next try; false where none is left.
    pub async fn next(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        tokio::time::sleep(Duration::from_millis(fastrand::u64(self.wait_ms / 2..=self.wait_ms))).await;
        self.wait_ms = (self.wait_ms * 2).min(400);
        true
    }

    /// Waits before the next try after `unwritten`, which is returned as the trouble if no try is left. A failure that will
    /// not pass is returned at once. One that may pass is tried once more: the SDK has tried it several times already.
    pub async fn after(&mut self, unwritten: Unwritten) -> Result<(), Trouble> {
        if let Unwritten::Failure(failure) = &unwritten {
            if !failure.passing() || self.failures_left == 0 {
                return Err(unwritten.into());
            }
            self.failures_left -= 1;
        }
        if self.next().await { Ok(()) } else { Err(unwritten.into()) }
    }
}

//! Retries: a bounded number, with growing, jittered waits.

use std::time::Duration;

use aws::ServiceError;
use aws::table::WriteError;
use thiserror::Error;

/// The work is not finished. A repeat is safe.
#[derive(Clone, Debug, Error)]
pub enum RetryableError {
    /// Other writes of the same items kept coming first. Nothing is half done.
    #[error("too many were writing at once")]
    Busy,
    /// A service failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<WriteError> for RetryableError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Service(failure) => Self::Service(failure),
            WriteError::Condition(_) | WriteError::Contended => Self::Busy,
        }
    }
}

/// Repeats one write until it succeeds, `tries` times at most.
pub async fn retry<T, F>(tries: u32, write: impl Fn() -> F) -> Result<T, RetryableError>
where
    F: Future<Output = Result<T, WriteError>>,
{
    let mut tries = Tries::new(tries);
    loop {
        match write().await {
            Ok(written) => return Ok(written),
            Err(error) => tries.after(error).await?,
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
    /// Allows `tries` tries.
    pub fn new(tries: u32) -> Self {
        Self { left: tries.saturating_sub(1), failures_left: 1, wait_ms: 5 }
    }

    /// Waits before the next try. False: no try is left.
    pub async fn next(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        tokio::time::sleep(Duration::from_millis(fastrand::u64(self.wait_ms / 2..=self.wait_ms))).await;
        self.wait_ms = (self.wait_ms * 2).min(400);
        true
    }

    /// Waits before the next try after `error`, or returns the error if no try is left. A permanent failure is returned
    /// at once. A transient failure is tried only once more, because the SDK has already tried it several times.
    pub async fn after(&mut self, error: WriteError) -> Result<(), RetryableError> {
        if let WriteError::Service(failure) = &error {
            if !failure.passing() || self.failures_left == 0 {
                return Err(error.into());
            }
            self.failures_left -= 1;
        }
        if self.next().await { Ok(()) } else { Err(error.into()) }
    }
}

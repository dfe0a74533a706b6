//! Setting the shop's policy. Each policy is stored for good before an order refers to it (R28).

use aws::App;
use domain::policy::Policy;

use crate::retry::{RetryableError, Tries, retry};

/// The most tries of one write. The two writes of [`set_policy`] share the repeats.
const TRIES: u32 = 5;

/// Sets the present policy, after storing it under its hash. Functions notice it within half a minute.
pub async fn set_policy(app: &App, policy: &Policy) -> Result<(), RetryableError> {
    let hash = policy.hash();
    let mut tries = Tries::new(TRIES);
    while let Err(error) = app.table.keep_policy(&hash, policy).await {
        tries.after(error).await?;
    }
    while let Err(error) = app.table.set_policy(&hash, policy).await {
        tries.after(error).await?;
    }
    tracing::info!(policy = hash, "the policy was set");
    Ok(())
}

/// Stores a policy under its hash, so that an order may refer to it.
pub async fn keep_policy(app: &App, policy: &Policy) -> Result<(), RetryableError> {
    retry(TRIES, || app.keep_policy(policy)).await
}

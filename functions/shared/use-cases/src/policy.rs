//! Setting the shop's policy, and keeping each for good before an order refers to it (R28).

use aws::Shop;
use domain::policy::Policy;

use crate::retry::{Tries, Trouble};

/// Tries of one write.
const TRIES: u32 = 5;

/// From now on this policy holds: it is kept under its hash first. Functions notice it within half a minute.
///
/// # Errors
/// [`Trouble`]; a repeat is safe.
pub async fn set_policy(shop: &Shop, policy: &Policy) -> Result<(), Trouble> {
    let hash = policy.hash();
    let mut tries = Tries::of(TRIES);
    while let Err(unwritten) = shop.table.keep_policy(&hash, policy).await {
        tries.after(unwritten).await?;
    }
    while let Err(unwritten) = shop.table.set_policy(&hash, policy).await {
        tries.after(unwritten).await?;
    }
    tracing::info!(policy = hash, "the policy was set");
    Ok(())
}

/// Sees to it that the policy is kept, so that an order may refer to it.
///
/// # Errors
/// [`Trouble`]; a repeat is safe.
pub async fn keep_policy(shop: &Shop, policy: &Policy) -> Result<(), Trouble> {
    let mut tries = Tries::of(TRIES);
    while let Err(unwritten) = shop.keep_policy(policy).await {
        tries.after(unwritten).await?;
    }
    Ok(())
}

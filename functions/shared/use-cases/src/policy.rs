//! Setting the shop's policy. Each policy is stored for good before an order refers to it (R28).

use aws::Shop;
use domain::policy::Policy;

use crate::retry::{Tries, Trouble};

/// Tries of one write.
const TRIES: u32 = 5;

/// Sets the policy that holds from now on. It is stored under its hash first. Functions notice it within half a minute.
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

/// Stores a policy under its hash, so that an order may refer to it.
pub async fn keep_policy(shop: &Shop, policy: &Policy) -> Result<(), Trouble> {
    let mut tries = Tries::of(TRIES);
    while let Err(unwritten) = shop.keep_policy(policy).await {
        tries.after(unwritten).await?;
    }
    Ok(())
}

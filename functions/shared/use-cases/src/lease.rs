//! The lease of a placement or a swap: only the call that holds it works on the order. After it has expired, another
//! call may take it.

use aws::App;
use domain::order::Order;
use jiff::{SignedDuration, Timestamp};

use crate::retry::RetryableError;

/// Longer than any call that places or swaps can last.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// When a lease that starts now expires.
pub(crate) fn lease_until(now: Timestamp) -> Timestamp {
    now.saturating_add(LEASE).unwrap_or(now)
}

/// Takes the lease of a placement until `look`. False: another call was quicker. The stored unresolved draws are
/// cleared and stay in memory: if this call dies, its own draws are unresolved too.
pub(crate) async fn resume(app: &App, order: &mut Order, look: Timestamp) -> Result<bool, RetryableError> {
    let unresolved = std::mem::take(&mut order.unresolved_draws);
    let ours = app.table.resume_placement(order, look).await;
    order.unresolved_draws = unresolved;
    let ours = ours?;
    if ours {
        order.version += 1;
    }
    Ok(ours)
}

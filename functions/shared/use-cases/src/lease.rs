//! The lease of a placement or a swap: only the call that holds it works on the order. After the lease has expired,
//! another call may take it.

use aws::App;
use domain::order::{Order, Stage};
use jiff::{SignedDuration, Timestamp};

use crate::retry::{RetryableError, Tries};

/// The duration of a lease: longer than any call that places or swaps can last.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// Longer than an API call can last. Once a placement is older, the call that began it has ended.
const FIRST_CALL: SignedDuration = SignedDuration::from_secs(15);
/// The most reads while the first call works. Their waits take about a second and a half.
const READS: u32 = 11;

/// When a lease that starts now expires.
pub(crate) fn lease_until(now: Timestamp) -> Timestamp {
    now.saturating_add(LEASE).unwrap_or(now)
}

/// Takes the lease of a placement until `look`. False: another call was quicker. The stored unresolved draws are
/// cleared and kept in memory: if this call dies, its own draws are unresolved too.
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

/// Waits while the call that began the placement may still work on it, and then returns the present order. Two equal
/// requests at once would otherwise take the lease from each other, and neither could refuse the order for good.
pub(crate) async fn wait_for_first_call(app: &App, mut order: Order) -> Result<Order, RetryableError> {
    let mut reads = Tries::new(READS);
    while order.stage == Stage::Placing
        && app.clock.now().duration_since(order.started_at) < FIRST_CALL
        && reads.next().await
    {
        match app.table.order(&order.order_id).await? {
            Some(stored) => order = stored.order,
            None => break,
        }
    }
    Ok(order)
}

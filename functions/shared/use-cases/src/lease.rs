//! Who works on an order that is being placed. A call takes it up until an instant; whoever finds it after that instant may
//! take it up again.

use aws::App;
use domain::order::Order;
use jiff::{SignedDuration, Timestamp};

use crate::retry::RetryableError;

/// Longer than any call that places can last.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// When somebody must look at a placing or a swap that goes on now.
#[must_use]
pub(crate) fn lease_until(now: Timestamp) -> Timestamp {
    now.saturating_add(LEASE).unwrap_or(now)
}

/// Takes a placing up: from now on it is ours until `look`. False: somebody else was quicker. Its unresolved draws stay with
/// us and are forgotten in the table: if we die, what we drew is unresolved too.
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

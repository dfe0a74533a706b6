//! Who works on an order that is being placed. A call takes it up until an instant; whoever finds it after that instant may
//! take it up again.

use aws::Shop;
use domain::order::Order;
use jiff::{SignedDuration, Timestamp};

use crate::retry::Trouble;

/// Longer than any call that places can last.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// When somebody must look at a placing or a swap that goes on now.
#[must_use]
pub(crate) fn look_at(now: Timestamp) -> Timestamp {
    now.saturating_add(LEASE).unwrap_or(now)
}

/// Takes a placing up: from now on it is ours until `look`. False: somebody else was quicker. Its unresolved draws stay with
/// us and are forgotten in the table: if we die, what we drew is unresolved too.
pub(crate) async fn resume(shop: &Shop, order: &mut Order, look: Timestamp) -> Result<bool, Trouble> {
    let unresolved = std::mem::take(&mut order.in_doubt);
    let ours = shop.table.resume_placement(order, look).await;
    order.in_doubt = unresolved;
    let ours = ours?;
    if ours {
        order.version += 1;
    }
    Ok(ours)
}

//! What an order is promised when it has its places: the ship dates that it keeps, whatever is estimated later (R18).

use std::collections::BTreeMap;

use aws::{Failure, Shop};
use domain::estimate::{Outlook, of_lines};
use domain::order::Order;
use domain::placement::Draw;
use domain::policy::Policy;
use domain::product::Product;
use futures::future::try_join_all;

/// Promises each line a window by the number drawn for it. What suppliers have announced is asked for only where units are
/// missing, and after the draw: goods that come in between are then counted nowhere rather than twice, so the promise is
/// too late rather than too early.
///
/// # Errors
/// Where the table fails; nothing is promised then.
pub(crate) async fn promise(
    shop: &Shop,
    products: &[Product],
    policy: &Policy,
    draws: &BTreeMap<usize, Draw>,
    order: &mut Order,
) -> Result<(), Failure> {
    let now = order.placed_at.unwrap_or_else(|| shop.clock.now());
    let windows = order.lines.iter().enumerate().map(async |(index, line)| {
        let Some(draw) = draws.get(&index) else { return Ok(None) };
        let needed = -draw.available;
        let expected = if needed > 0 { shop.table.expected(&line.sku).await? } else { Vec::new() };
        let lead_time = products.iter().find(|it| it.sku == line.sku).and_then(|product| product.lead_time_days);
        let outlook = Outlook { policy, lead_time, expected: &expected, now };
        Ok::<_, Failure>(Some(outlook.window(needed, now)))
    });
    let windows = of_lines(order, policy, &try_join_all(windows).await?);
    order.lines.iter_mut().zip(windows).for_each(|(line, window)| line.promised = window);
    Ok(())
}

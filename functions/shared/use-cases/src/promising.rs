//! What an order is promised when it has its places: the ship dates that it keeps, whatever is estimated later (R18).

use std::collections::BTreeMap;

use aws::{Failure, Shop};
use domain::dates::DateWindow;
use domain::estimate::{Outlook, of_lines};
use domain::names::Sku;
use domain::order::Order;
use domain::placement::Draw;
use domain::policy::Policy;
use domain::product::Product;
use futures::future::try_join_all;
use jiff::Timestamp;

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
        let product = products.iter().find(|it| it.sku == line.sku);
        window(shop, (&line.sku, product), policy, *draw, now).await.map(Some)
    });
    let windows = of_lines(order, policy, &try_join_all(windows).await?);
    order.lines.iter_mut().zip(windows).for_each(|(line, window)| line.promised = window);
    Ok(())
}

/// The window of a line by itself, by the number drawn for it.
///
/// # Errors
/// Where the table fails.
pub(crate) async fn window(
    shop: &Shop,
    (sku, product): (&Sku, Option<&Product>),
    policy: &Policy,
    draw: Draw,
    now: Timestamp,
) -> Result<DateWindow, Failure> {
    let needed = -draw.available;
    let expected = if needed > 0 { shop.table.expected(sku).await? } else { Vec::new() };
    let lead_time = product.and_then(|product| product.lead_time_days);
    Ok(Outlook { policy, lead_time, expected: &expected, now }.window(needed, now))
}

//! Making known what is for sale, after every change of supply and before its caller is answered; and that nobody may wait
//! for a product any more.

use aws::{Failure, Shop};
use domain::names::Sku;

use crate::retry::{Tries, Trouble};

/// Publishes what there is of a product now.
///
/// # Errors
/// [`Trouble`]; then a fill is owed, which publishes too.
pub async fn publish(shop: &Shop, sku: &Sku) -> Result<(), Trouble> {
    let mut tries = Tries::of(6);
    loop {
        let stock = shop.table.stock(sku).await?;
        let stock =
            stock.ok_or_else(|| Failure::Broken { service: "the table", why: format!("{sku} has no stock") })?;
        match shop.table.publish(&stock).await {
            Ok(()) => return Ok(()),
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

/// Closes the line of a product that will not come any more: from then on only what is there can be drawn.
///
/// # Errors
/// [`Trouble`]; a repeat is safe.
pub async fn close_line(shop: &Shop, sku: &Sku) -> Result<(), Trouble> {
    let mut tries = Tries::of(12);
    while let Err(unwritten) = shop.table.close_line(sku).await {
        tries.after(unwritten).await?;
    }
    Ok(())
}

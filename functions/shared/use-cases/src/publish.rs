//! Publishing what is for sale. Every change of supply is published before its caller is answered.

use aws::{Failure, Shop};
use domain::names::Sku;

use crate::retry::{Tries, Trouble};

/// Publishes the present supply of a product.
///
/// # Errors
/// [`Trouble`]; the fill that follows the change publishes too.
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

/// Closes the backlog of a discontinued product: from then on only units in stock can be drawn.
pub async fn close_line(shop: &Shop, sku: &Sku) -> Result<(), Trouble> {
    let mut tries = Tries::of(12);
    while let Err(unwritten) = shop.table.close_line(sku).await {
        tries.after(unwritten).await?;
    }
    Ok(())
}

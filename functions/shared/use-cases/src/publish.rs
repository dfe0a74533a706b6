//! Publishing the units for sale. A change of supply is published before its caller gets an answer.

use aws::{App, ServiceError};
use domain::names::Sku;

use crate::retry::{RetryableError, Tries, retry};

/// The most tries to publish. If all fail, the fill publishes.
const TRIES: u32 = 6;
/// The most tries to close a backlog while its counter is busy.
const CLOSE_TRIES: u32 = 12;

/// Publishes the present supply of a product. If this fails, the fill that follows the change publishes it.
pub async fn publish(app: &App, sku: &Sku) -> Result<(), RetryableError> {
    let mut tries = Tries::new(TRIES);
    loop {
        let stock = app.table.stock(sku).await?;
        let stock =
            stock.ok_or_else(|| ServiceError::Broken { service: "the table", why: format!("{sku} has no stock") })?;
        match app.table.publish(&stock).await {
            Ok(()) => return Ok(()),
            Err(error) => tries.after(error).await?,
        }
    }
}

/// Closes the backlog of a discontinued product. From then on only units in stock can be drawn.
pub async fn close_line(app: &App, sku: &Sku) -> Result<(), RetryableError> {
    retry(CLOSE_TRIES, || app.table.close_line(sku)).await
}

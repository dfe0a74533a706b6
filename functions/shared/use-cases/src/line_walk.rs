//! Reads the waiting tickets of a backlog page by page, from the fill watermark to the resolved watermark.

use aws::{App, ServiceError};
use domain::block::TICKETS;
use domain::names::Sku;
use domain::ticket::Ticket;

/// The numbers of one page.
const PAGE: u64 = 10 * TICKETS;

/// A walk along one backlog.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Whether the product is discontinued.
    pub discontinued: bool,
    sku: Sku,
    from: u64,
    last: u64,
}

impl Walk {
    /// Starts after the fill watermark. `None`: there is no such product.
    pub async fn start(app: &App, sku: &Sku) -> Result<Option<Self>, ServiceError> {
        Ok(app.table.stock(sku).await?.map(|stock| Self {
            discontinued: stock.discontinued,
            sku: sku.clone(),
            from: stock.fill_watermark + 1,
            last: stock.resolved_watermark,
        }))
    }

    /// The waiting tickets of the next page, in order. `None`: there is no further page.
    pub async fn next(&mut self, app: &App) -> Result<Option<Vec<Ticket>>, ServiceError> {
        if self.from > self.last {
            return Ok(None);
        }
        let through = (self.from + PAGE - 1).min(self.last);
        let rows = app.table.rows(&self.sku, self.from, through).await?;
        self.from = through + 1;
        let waiting = rows.values().filter_map(|row| row.live()).filter(|ticket| ticket.short() > 0);
        Ok(Some(waiting.cloned().collect()))
    }

    /// The last number that was read.
    pub fn through(&self) -> u64 {
        self.from - 1
    }
}

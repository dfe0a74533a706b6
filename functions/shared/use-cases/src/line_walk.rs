//! Reading the backlog of a product from its cursor on, page by page: the tickets that wait, up to the last one that the
//! fill has accounted for.

use aws::{App, ServiceError};
use domain::block::TICKETS;
use domain::names::Sku;
use domain::ticket::Ticket;

/// Tickets of one page.
const PAGE: u64 = 10 * TICKETS;

/// A walk along one backlog.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Whether the product will not come any more.
    pub discontinued: bool,
    sku: Sku,
    from: u64,
    last: u64,
}

impl Walk {
    /// Begins at the cursor. `None`: there is no such product.
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

    /// The last ticket that was read.
    #[must_use]
    pub fn through(&self) -> u64 {
        self.from - 1
    }
}

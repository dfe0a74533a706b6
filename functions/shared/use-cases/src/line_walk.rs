//! Walking a line from its cursor on: who waits, page by page, as far as the books go.

use aws::{Failure, Shop};
use domain::block::TICKETS;
use domain::names::Sku;
use domain::ticket::Ticket;

/// Tickets that are read at once.
const PAGE: u64 = 10 * TICKETS;

/// A walk along one line.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Whether the product will not come any more.
    pub discontinued: bool,
    sku: Sku,
    from: u64,
    last: u64,
}

impl Walk {
    /// Begins at the cursor; `None`: there is no such line.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn of(shop: &Shop, sku: &Sku) -> Result<Option<Self>, Failure> {
        Ok(shop.table.stock(sku).await?.map(|stock| Self {
            discontinued: stock.discontinued,
            sku: sku.clone(),
            from: stock.filled_through + 1,
            last: stock.accounted_through,
        }))
    }

    /// Those who wait on the next page, the first in line first; `None` at the end of the books.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn next(&mut self, shop: &Shop) -> Result<Option<Vec<Ticket>>, Failure> {
        if self.from > self.last {
            return Ok(None);
        }
        let through = (self.from + PAGE - 1).min(self.last);
        let rows = shop.table.rows(&self.sku, self.from, through).await?;
        self.from = through + 1;
        let waiting = rows.values().filter_map(|row| row.live()).filter(|ticket| ticket.short() > 0);
        Ok(Some(waiting.cloned().collect()))
    }

    /// How far it has come.
    #[must_use]
    pub fn through(&self) -> u64 {
        self.from - 1
    }
}

//! Tickets for the lines of an order: what one call has drawn and not committed, and what a drawn ticket writes into its
//! line. Placing draws for every line, swapping for one.
//!
//! The outcome of a draw may be unknown. Its ticket is then a gap, which the fill closes; until then its units are missing
//! from what is for sale, so a refusal may be this order's own fault and is not final.

use std::collections::BTreeMap;

use aws::table::{DrawOutcome, TicketDraw};
use aws::{App, ServiceError};
use domain::dates::DateWindow;
use domain::estimate::{Outlook, of_lines};
use domain::identity::OrderId;
use domain::names::Sku;
use domain::order::{Line, Order, RefusalReason};
use domain::placement::{Draw, Terms};
use domain::policy::Policy;
use domain::product::Product;
use domain::ticket::Ticket;
use futures::future::try_join_all;
use jiff::Timestamp;

use crate::retry::{RetryableError, Tries};

/// Draws for one line in one call, at most.
const DRAWS: u32 = 4;

/// What drawing for one line came to.
pub(crate) enum DrawResult {
    Drawn(Draw),
    /// Not on these terms: why, and how many tickets were drawn then.
    Refused {
        refusal: RefusalReason,
        last_ticket: u64,
    },
    /// The outcome of every try is unknown.
    Lost,
}

/// The tickets that one call has drawn and not committed.
#[derive(Default)]
pub(crate) struct DrawnTickets {
    /// By line.
    draws: BTreeMap<usize, (Sku, Draw)>,
    /// A draw of this call may have been lost, or its ticket was closed: its units are not for sale again before the fill
    /// has accounted for it.
    lost: bool,
    /// An earlier call may have drawn and died.
    resumed: bool,
    /// By product: up to which ticket earlier calls may have drawn.
    unresolved: BTreeMap<Sku, u64>,
}

impl DrawnTickets {
    /// No ticket yet, after an earlier call whose draws are unresolved.
    pub fn resumed(unresolved: BTreeMap<Sku, u64>) -> Self {
        Self { resumed: true, unresolved, ..Self::default() }
    }

    /// What was drawn for a line.
    pub fn draw_of(&self, line: usize) -> Option<Draw> {
        self.draws.get(&line).map(|(_, draw)| *draw)
    }

    /// What was drawn, by line.
    pub fn draws(&self) -> BTreeMap<usize, Draw> {
        self.draws.iter().map(|(line, (_, draw))| (*line, *draw)).collect()
    }

    /// Draws for one line.
    pub async fn draw(
        &mut self,
        app: &App,
        index: usize,
        line: &Line,
        terms: Terms,
    ) -> Result<DrawResult, RetryableError> {
        let mut tries = Tries::new(DRAWS);
        loop {
            match app.table.draw_ticket(&line.sku, line.quantity, terms.allowance).await {
                DrawOutcome::Drawn(draw) => {
                    self.draws.insert(index, (line.sku.clone(), draw));
                    return Ok(DrawResult::Drawn(draw));
                }
                DrawOutcome::Refused(counter) => {
                    let refusal = if counter.closed { RefusalReason::SoldOut } else { terms.refusal };
                    return Ok(DrawResult::Refused { refusal, last_ticket: counter.last_ticket });
                }
                DrawOutcome::UnknownSku => return Err(missing(&line.sku).into()),
                DrawOutcome::Lost(failure) if !failure.passing() => return Err(failure.into()),
                DrawOutcome::Lost(_) => self.lost = true,
            }
            if !tries.next().await {
                return Ok(DrawResult::Lost);
            }
        }
    }

    /// The ticket of a line was closed before it was committed: the line needs another one.
    pub fn forget_closed(&mut self, line: usize) {
        self.draws.remove(&line);
        self.lost = true;
    }

    /// Whether a refusal of this product is final: no draw of this order that may be lost can be what stands in its way.
    pub async fn certain(&self, app: &App, sku: &Sku) -> Result<bool, ServiceError> {
        if self.lost || !self.resumed {
            return Ok(!self.lost);
        }
        let Some(watermark) = self.unresolved.get(sku) else { return Ok(false) };
        let stock = app.table.stock(sku).await?;
        Ok(stock.is_some_and(|stock| stock.resolved_watermark >= *watermark))
    }

    /// Up to which tickets draws are unresolved after a refusal that is not final; once all of them are accounted for, it
    /// is. A watermark of before stays where it is, so that who asks often does not push it ahead: this call adds only
    /// what it lost, and what it drew for other lines and closed.
    pub fn unresolved_after(&self, sku: Sku, last_ticket: u64) -> BTreeMap<Sku, u64> {
        let mut unresolved = self.unresolved.clone();
        let watermark = unresolved.entry(sku).or_insert(last_ticket);
        *watermark = if self.lost { last_ticket.max(*watermark) } else { *watermark };
        for (sku, draw) in self.draws.values() {
            unresolved.entry(sku.clone()).and_modify(|watermark| *watermark = (*watermark).max(draw.ticket));
        }
        unresolved
    }

    /// The tickets that an order did not keep, by product.
    pub fn orphans(&self, kept: impl Fn(usize, u64) -> bool) -> Vec<(&Sku, u64)> {
        let drawn = self.draws.iter().filter(|(line, (_, draw))| !kept(**line, draw.ticket));
        drawn.map(|(_, (sku, draw))| (sku, draw.ticket)).collect()
    }

    /// Closes all tickets: none of them is needed.
    pub async fn close(&self, app: &App) {
        close(app, &self.orphans(|_, _| false)).await;
    }
}

/// Closes tickets that were drawn and are not needed. Where that fails, the fill does it.
pub(crate) async fn close(app: &App, tickets: &[(&Sku, u64)]) {
    for (sku, ticket) in tickets {
        if let Err(error) = app.table.close_gap(sku, *ticket).await {
            tracing::warn!(%sku, ticket, ?error, "a number was left to the fill to close");
        }
    }
}

/// Writes the ticket that was drawn into a line of an order; the row to be put there. The promise comes after.
pub(crate) fn record_ticket(
    order_id: &OrderId,
    index: usize,
    line: &mut Line,
    draw: Draw,
    policy: &Policy,
    now: Timestamp,
) -> TicketDraw {
    line.ticket = draw.ticket;
    line.units_through = draw.units_through;
    line.backordered = draw.backordered(line.quantity);
    let row = Ticket {
        order_id: order_id.clone(),
        line: index,
        drawn: line.quantity,
        quantity: line.quantity,
        units_through: draw.units_through,
        assigned: BTreeMap::new(),
        lost: 0,
        placed_at: now,
        expires_at: policy.expires_at(now),
    };
    TicketDraw { sku: line.sku.clone(), ticket: draw.ticket, row }
}

/// Promises each line a window by the ticket drawn for it, which the order keeps whatever is estimated later (R18). What
/// suppliers have announced is read only where units are missing, and after the draw: goods that come in between are then
/// counted nowhere rather than twice, so the promise is too late rather than too early.
pub(crate) async fn promise(
    app: &App,
    products: &[Product],
    policy: &Policy,
    tickets: &DrawnTickets,
    order: &mut Order,
) -> Result<(), ServiceError> {
    let now = order.placed_at.unwrap_or_else(|| app.clock.now());
    let windows = order.lines.iter().enumerate().map(async |(index, line)| {
        let Some(draw) = tickets.draw_of(index) else { return Ok(None) };
        let product = products.iter().find(|it| it.sku == line.sku);
        window(app, &line.sku, product, policy, draw, now).await.map(Some)
    });
    let windows = of_lines(order, policy, &try_join_all(windows).await?);
    order.lines.iter_mut().zip(windows).for_each(|(line, window)| line.promised = window);
    Ok(())
}

/// The window of a line by itself, by the ticket drawn for it.
pub(crate) async fn window(
    app: &App,
    sku: &Sku,
    product: Option<&Product>,
    policy: &Policy,
    draw: Draw,
    now: Timestamp,
) -> Result<DateWindow, ServiceError> {
    let needed = -draw.available;
    let expected = if needed > 0 { app.table.expected(sku).await? } else { Vec::new() };
    let lead_time = product.and_then(|product| product.lead_time_days);
    Ok(Outlook { policy, lead_time, expected: &expected, now }.window(needed, now))
}

/// An order names a product that is not there.
pub(crate) fn missing_product(sku: &Sku) -> ServiceError {
    ServiceError::Broken { service: "the table", why: format!("{sku} is no product") }
}

/// A product has no counter.
pub(crate) fn missing(sku: &Sku) -> ServiceError {
    ServiceError::Broken { service: "the table", why: format!("{sku} has no counter") }
}

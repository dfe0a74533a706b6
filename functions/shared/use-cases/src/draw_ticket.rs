//! Draws tickets for order lines, and keeps the tickets that one call has drawn and not committed. Placing draws a
//! ticket for every line, swapping for one line.
//!
//! The outcome of a draw may be unknown. Its number is then a gap until the fill closes it. Meanwhile its units are not
//! for sale. So a refusal may be due to this order's own lost draw, and is not final.

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

/// The most draws with an unknown outcome, for one line in one call.
const DRAWS: u32 = 4;
/// The most tries of one draw at a busy counter. Their waits take three to four seconds.
const BUSY_DRAWS: u32 = 16;

/// The result of a draw for a line. `last_ticket` is from the counter. `Lost`: the outcome of every try is unknown.
pub(crate) enum DrawResult {
    Drawn(Draw),
    Refused { refusal: RefusalReason, last_ticket: u64 },
    Lost,
}

/// The tickets that one call has drawn and not committed.
#[derive(Default)]
pub(crate) struct DrawnTickets {
    /// The draws, by order line.
    draws: BTreeMap<usize, (Sku, Draw)>,
    /// A draw of this call may be lost, or its ticket was closed. The units are for sale again only after the fill has
    /// resolved that draw's number.
    lost: bool,
    /// An earlier call may have drawn and died.
    resumed: bool,
    /// By product: the last ticket that earlier calls may have drawn.
    unresolved: BTreeMap<Sku, u64>,
}

impl DrawnTickets {
    /// Starts without tickets, after an earlier call whose draws are unresolved.
    pub fn resumed(unresolved: BTreeMap<Sku, u64>) -> Self {
        Self { resumed: true, unresolved, ..Self::default() }
    }

    pub fn draw_of(&self, line: usize) -> Option<Draw> {
        self.draws.get(&line).map(|(_, draw)| *draw)
    }

    pub fn draws(&self) -> BTreeMap<usize, Draw> {
        self.draws.iter().map(|(line, (_, draw))| (*line, *draw)).collect()
    }

    pub async fn draw(
        &mut self,
        app: &App,
        index: usize,
        line: &Line,
        terms: Terms,
    ) -> Result<DrawResult, RetryableError> {
        let (mut tries, mut busy) = (Tries::new(DRAWS), Tries::new(BUSY_DRAWS));
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
                DrawOutcome::Busy if busy.next().await => continue,
                DrawOutcome::Busy => return Err(RetryableError::Busy),
                DrawOutcome::Lost(failure) if !failure.passing() => return Err(failure.into()),
                DrawOutcome::Lost(_) => self.lost = true,
            }
            if !tries.next().await {
                return Ok(DrawResult::Lost);
            }
        }
    }

    /// The fill closed the line's ticket before it was committed. The line needs another one.
    pub fn forget_closed(&mut self, line: usize) {
        self.draws.remove(&line);
        self.lost = true;
    }

    /// Whether a refusal of this product is final: no lost draw of this order can be its cause.
    pub async fn certain(&self, app: &App, sku: &Sku) -> Result<bool, ServiceError> {
        if self.lost || !self.resumed {
            return Ok(!self.lost);
        }
        let Some(watermark) = self.unresolved.get(sku) else { return Ok(false) };
        let stock = app.table.stock(sku).await?;
        Ok(stock.is_some_and(|stock| stock.resolved_watermark >= *watermark))
    }

    /// By product, the last unresolved draw after a refusal that is not final. The refusal becomes final when the
    /// resolved watermark has passed all entries. An earlier entry grows only for draws that this call lost, or made
    /// and closed. Otherwise frequent repeats would keep moving the entry ahead.
    pub fn unresolved_after(&self, sku: Sku, last_ticket: u64) -> BTreeMap<Sku, u64> {
        let mut unresolved = self.unresolved.clone();
        let watermark = unresolved.entry(sku).or_insert(last_ticket);
        *watermark = if self.lost { last_ticket.max(*watermark) } else { *watermark };
        for (sku, draw) in self.draws.values() {
            unresolved.entry(sku.clone()).and_modify(|watermark| *watermark = (*watermark).max(draw.ticket));
        }
        unresolved
    }

    /// The tickets that an order did not keep, each with its product.
    pub fn orphans(&self, kept: impl Fn(usize, u64) -> bool) -> Vec<(&Sku, u64)> {
        let drawn = self.draws.iter().filter(|(line, (_, draw))| !kept(**line, draw.ticket));
        drawn.map(|(_, (sku, draw))| (sku, draw.ticket)).collect()
    }

    /// Closes all tickets, because none of them is needed.
    pub async fn close(&self, app: &App) {
        close(app, &self.orphans(|_, _| false)).await;
    }
}

/// Closes orphaned tickets. If this fails, the fill closes them later.
pub(crate) async fn close(app: &App, tickets: &[(&Sku, u64)]) {
    for (sku, ticket) in tickets {
        if let Err(error) = app.table.close_gap(sku, *ticket).await {
            tracing::warn!(%sku, ticket, ?error, "an orphaned ticket is left to the fill");
        }
    }
}

/// Records a draw in its order line and returns the ticket row to put. The promise is set later.
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

/// Promises each line a window by its ticket. The order keeps that promise, whatever later estimates say (R18).
/// Expected receipts are read only if units are missing, and only after the draw. Goods that arrive in between are then
/// left out, not counted twice: the promise may be too late, but not too early.
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

/// The window of a single line, computed from its draw.
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

pub(crate) fn missing_product(sku: &Sku) -> ServiceError {
    ServiceError::Broken { service: "the table", why: format!("{sku} is no product") }
}

pub(crate) fn missing(sku: &Sku) -> ServiceError {
    ServiceError::Broken { service: "the table", why: format!("{sku} has no counter") }
}

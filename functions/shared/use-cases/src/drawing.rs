//! A place for one line of an order: its draw, whose outcome may be unknown, and what it writes into the line.

use aws::table::{DrawOutcome, TicketDraw};
use aws::{Failure, Shop};
use domain::identity::OrderId;
use domain::names::Sku;
use domain::order::{Line, Refusal};
use domain::placement::{Draw, Terms};
use domain::policy::Policy;
use domain::ticket::Ticket;
use jiff::Timestamp;

use crate::retry::{Tries, Trouble};

/// Draws for one line in one call, at most.
const DRAWS: u32 = 4;

/// What drawing for one line came to.
pub(crate) enum OneDraw {
    Drawn(Draw),
    /// Not on these terms: why, and how many numbers were drawn then.
    Refused {
        refusal: Refusal,
        last_ticket: u64,
    },
    /// Every try was lost.
    Lost,
}

/// Draws for one line; `lost` becomes true where a number may have been drawn of which nobody heard.
///
/// # Errors
/// [`Trouble`].
pub(crate) async fn draw(shop: &Shop, line: &Line, terms: Terms, lost: &mut bool) -> Result<OneDraw, Trouble> {
    let mut tries = Tries::of(DRAWS);
    loop {
        match shop.table.draw_ticket(&line.sku, line.quantity, terms.allowance).await {
            DrawOutcome::Drawn(draw) => return Ok(OneDraw::Drawn(draw)),
            DrawOutcome::Refused(counter) => {
                let refusal = if counter.closed { Refusal::SoldOut } else { terms.refusal };
                return Ok(OneDraw::Refused { refusal, last_ticket: counter.last_ticket });
            }
            DrawOutcome::UnknownSku => return Err(missing(&line.sku).into()),
            DrawOutcome::Lost(failure) if !failure.passing() => return Err(failure.into()),
            DrawOutcome::Lost(_) => *lost = true,
        }
        if !tries.next().await {
            return Ok(OneDraw::Lost);
        }
    }
}

/// Writes the place that was drawn into a line of an order; the row to be put there. What it is promised comes after.
pub(crate) fn stand(
    (order_id, index): (&OrderId, usize),
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
        assigned: std::collections::BTreeMap::new(),
        lost: 0,
        placed_at: now,
        expires_at: policy.expires_at(now),
    };
    TicketDraw { sku: line.sku.clone(), ticket: draw.ticket, row }
}

/// Closes a number that was drawn and is not needed. Where that fails, the fill does it.
pub(crate) async fn seal(shop: &Shop, sku: &Sku, ticket: u64) {
    if let Err(unwritten) = shop.table.seal_ticket(sku, ticket).await {
        tracing::warn!(%sku, ticket, ?unwritten, "a number was left to the fill to seal");
    }
}

/// An order names a product that is not there.
pub(crate) fn missing_product(sku: &Sku) -> Failure {
    Failure::Broken { service: "the table", why: format!("{sku} is no product") }
}

/// A line is not there.
pub(crate) fn missing(sku: &Sku) -> Failure {
    Failure::Broken { service: "the table", why: format!("{sku} has no counter") }
}

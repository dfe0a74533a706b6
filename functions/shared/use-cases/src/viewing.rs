//! Looking at an order and at a product: places in line, and what a buyer would get now.

use aws::{Failure, Shop};
use domain::block;
use domain::dates::{DateWindow, estimate};
use domain::names::Sku;
use domain::order::{Channel, Line, LineStatus, Order, Stage};
use domain::place_in_line::{PlaceInLine, PlaceView, blocks_to_read, place_in_line};
use domain::policy::Policy;
use domain::product::Product;
use domain::stock::Stock;
use futures::future::try_join_all;

/// The place of each line of an order, in the order of its lines; nothing is ahead of one that does not wait.
///
/// # Errors
/// Where the table fails.
pub async fn places(shop: &Shop, order: &Order) -> Result<Vec<PlaceInLine>, Failure> {
    try_join_all(order.lines.iter().map(|line| place(shop, order, line))).await
}

async fn place(shop: &Shop, order: &Order, line: &Line) -> Result<PlaceInLine, Failure> {
    let waits = order.stage == Stage::Placed && line.status() == LineStatus::Waiting && line.ticket > 0;
    if !waits {
        return Ok(PlaceInLine::default());
    }
    let Some(stock) = shop.table.stock(&line.sku).await? else { return Ok(PlaceInLine::default()) };
    of_ticket(shop, &stock, line.ticket, line.units_through - line.quantity).await
}

/// The place of a ticket that waits; `units_before` were drawn before it.
///
/// # Errors
/// Where the table fails.
pub async fn of_ticket(shop: &Shop, stock: &Stock, ticket: u64, units_before: i64) -> Result<PlaceInLine, Failure> {
    let mut rows = std::collections::BTreeMap::new();
    for number in blocks_to_read(stock, ticket) {
        let first = (number * block::TICKETS).max(stock.filled_through + 1);
        let last = (number * block::TICKETS + block::TICKETS - 1).min(ticket.saturating_sub(1));
        // Of numbers that are not in the books yet, only what was given up counts.
        let booked = last.min(stock.accounted_through);
        let fresh = (first.max(stock.accounted_through + 1), last);
        rows.append(&mut shop.table.standings(&stock.sku, (first, booked), false).await?);
        rows.append(&mut shop.table.standings(&stock.sku, fresh, true).await?);
    }
    let (from, through) = (block::of(stock.filled_through + 1), block::of(ticket));
    let between = from + 1 < through;
    let counts = if between {
        shop.table.block_counts(&stock.sku, from, through).await?
    } else {
        std::collections::BTreeMap::new()
    };
    Ok(place_in_line(&PlaceView { stock, ticket, units_before, rows: &rows, counts: &counts }))
}

/// What a buyer of a product would get now.
#[derive(Clone, Debug)]
pub struct Availability {
    /// The product.
    pub product: Product,
    /// Supply less what was ever drawn: below zero, people wait.
    pub available: i64,
    /// Who waits.
    pub waiting: PlaceInLine,
    /// Whether the quantity asked for would come from stock.
    pub in_stock: bool,
    /// Whether it could be bought and waited for.
    pub on_backorder: bool,
    /// When it would ship.
    pub estimate: DateWindow,
}

/// What somebody who buys `quantity` units would get now; `None`: there is no such product.
///
/// # Errors
/// Where the table fails.
pub async fn availability(
    shop: &Shop,
    policy: &Policy,
    sku: &Sku,
    quantity: i64,
) -> Result<Option<Availability>, Failure> {
    let table = &shop.table;
    let (product, counter) = futures::future::try_join(table.product(sku), table.counter(sku)).await?;
    let (Some(product), Some(counter)) = (product, counter) else { return Ok(None) };
    let available = counter.available;
    let waiting = match table.stock(sku).await?.filter(|_| available < 0) {
        Some(stock) => of_ticket(shop, &stock, counter.last_ticket + 1, counter.units_issued).await?,
        None => PlaceInLine::default(),
    };
    let in_stock = available >= quantity;
    let room = policy.waiting_limit(&product).is_none_or(|limit| available - quantity >= -limit);
    let estimate = estimate(policy, &product, shop.clock.now(), !in_stock);
    let by_web = policy.backorders_by.contains(&Channel::Web);
    let on_backorder = !in_stock && product.may_wait() && by_web && room;
    Ok(Some(Availability { product, available, waiting, in_stock, on_backorder, estimate }))
}

//! Queries for an order and a product: places in line, estimated ship dates, and what a buyer would get now.

use std::collections::BTreeMap;

use aws::{App, ServiceError};
use domain::block;
use domain::dates::DateWindow;
use domain::estimate::{Outlook, needed, of_assigned, of_lines};
use domain::names::Sku;
use domain::order::{Channel, Line, LineStatus, Order, Stage};
use domain::place_in_line::{PlaceInLine, PlaceView, TicketStatus, blocks_to_read, counts_to_read, place_in_line};
use domain::policy::Policy;
use domain::product::Product;
use domain::stock::Stock;
use futures::future::try_join_all;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::links::status_url;

/// Blocks of a backlog that are read concurrently.
const AT_ONCE: usize = 8;

/// An order with everything that its rendering needs.
#[derive(Clone, Debug)]
pub struct OrderView<'a> {
    /// The order.
    pub order: &'a Order,
    /// The state of each line, in the sequence of the order.
    pub lines: Vec<LineNow>,
    /// The link to the customer's status page.
    pub status_url: String,
}

/// An order with its present places in line and estimates.
pub async fn order_now<'a>(app: &App, order: &'a Order) -> Result<OrderView<'a>, ServiceError> {
    Ok(OrderView { order, lines: lines_now(app, order).await?, status_url: status_url(app, order).await? })
}

/// An order that this call placed. Its estimates equal its promises.
pub async fn order_placed<'a>(app: &App, order: &'a Order) -> Result<OrderView<'a>, ServiceError> {
    Ok(OrderView { order, lines: lines_placed(app, order).await?, status_url: status_url(app, order).await? })
}

/// The present state of an order line.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineNow {
    /// The line's place in its backlog. Nothing is ahead of a line that does not wait.
    pub place: PlaceInLine,
    /// When the rest of the line is expected to ship. `None`: nothing is left to ship.
    pub estimate: Option<DateWindow>,
}

async fn lines_now(app: &App, order: &Order) -> Result<Vec<LineNow>, ServiceError> {
    let policy = &*app.policy_of(order).await?;
    let lines = try_join_all(order.lines.iter().map(|line| line_now(app, policy, order, line))).await?;
    let windows: Vec<_> = lines.iter().map(|line| line.estimate).collect();
    let windows = of_lines(order, policy, &windows);
    Ok(lines.into_iter().zip(windows).map(|(line, estimate)| LineNow { estimate, ..line }).collect())
}

async fn lines_placed(app: &App, order: &Order) -> Result<Vec<LineNow>, ServiceError> {
    try_join_all(order.lines.iter().map(async |line| {
        let place = match stock_of_waiting(app, order, line).await? {
            Some(stock) => of_line(app, &stock, line).await?,
            None => PlaceInLine::default(),
        };
        Ok(LineNow { place, estimate: line.promised })
    }))
    .await
}

async fn line_now(app: &App, policy: &Policy, order: &Order, line: &Line) -> Result<LineNow, ServiceError> {
    let now = app.clock.now();
    let known = Outlook { policy, lead_time: None, expected: &[], now };
    if order.stage == Stage::Placed && line.status() == LineStatus::Assigned {
        return Ok(LineNow { estimate: Some(of_assigned(&known, order.ship_by)), ..LineNow::default() });
    }
    let Some(stock) = stock_of_waiting(app, order, line).await? else { return Ok(LineNow::default()) };
    let place = of_line(app, &stock, line).await?;
    let since = order.stands_since(line);
    let needed = needed(line, place, &stock);
    let estimate = if needed > 0 {
        let (expected, product) =
            futures::future::try_join(app.table.expected(&line.sku), app.table.product(&line.sku)).await?;
        let lead_time = product.and_then(|product| product.lead_time_days);
        Outlook { lead_time, expected: &expected, ..known }.window(needed, since)
    } else {
        known.window(needed, since)
    };
    Ok(LineNow { place, estimate: Some(estimate) })
}

/// The stock that a line waits for. `None`: the line does not wait.
async fn stock_of_waiting(app: &App, order: &Order, line: &Line) -> Result<Option<Stock>, ServiceError> {
    let waits = order.stage == Stage::Placed && line.status() == LineStatus::Waiting && line.ticket > 0;
    if waits { app.table.stock(&line.sku).await } else { Ok(None) }
}

async fn of_line(app: &App, stock: &Stock, line: &Line) -> Result<PlaceInLine, ServiceError> {
    of_ticket(app, stock, line.ticket, line.units_through - line.quantity).await
}

/// The place of a waiting ticket. `units_before` is the number of units drawn before it.
pub async fn of_ticket(app: &App, stock: &Stock, ticket: u64, units_before: i64) -> Result<PlaceInLine, ServiceError> {
    let blocks = blocks_to_read(stock, ticket).into_iter().map(|number| ticket_statuses(app, stock, ticket, number));
    let rows = stream::iter(blocks).buffered(AT_ONCE).try_concat().await?;
    let counts = match counts_to_read(stock, ticket) {
        Some((from, through)) => app.table.block_counts(&stock.sku, from, through).await?,
        None => BTreeMap::new(),
    };
    Ok(place_in_line(&PlaceView { stock, ticket, units_before, rows: &rows, counts: &counts }))
}

/// The tickets of one block that lie between the fill watermark and `ticket`.
async fn ticket_statuses(
    app: &App,
    stock: &Stock,
    ticket: u64,
    number: u64,
) -> Result<BTreeMap<u64, TicketStatus>, ServiceError> {
    let first = (number * block::TICKETS).max(stock.fill_watermark + 1);
    let last = (number * block::TICKETS + block::TICKETS - 1).min(ticket.saturating_sub(1));
    // After the resolved watermark, only canceled tickets count.
    let booked = last.min(stock.resolved_watermark);
    let fresh = (first.max(stock.resolved_watermark + 1), last);
    let mut rows = app.table.ticket_statuses(&stock.sku, (first, booked), false).await?;
    rows.append(&mut app.table.ticket_statuses(&stock.sku, fresh, true).await?);
    Ok(rows)
}

/// What a buyer of a product would get now.
#[derive(Clone, Debug)]
pub struct Availability {
    /// The product.
    pub product: Product,
    /// Supply less all units ever drawn. Below zero, customers wait.
    pub available: i64,
    /// The place in line of a new buyer.
    pub waiting: PlaceInLine,
    /// Whether the requested quantity would come from stock.
    pub in_stock: bool,
    /// Whether the requested quantity could be bought on backorder.
    pub on_backorder: bool,
    /// When the requested quantity would ship.
    pub estimate: DateWindow,
}

/// What a buyer of `quantity` units would get now. `None`: there is no such product.
pub async fn availability(
    app: &App,
    policy: &Policy,
    sku: &Sku,
    quantity: i64,
) -> Result<Option<Availability>, ServiceError> {
    availability_without(app, policy, sku, quantity, None).await
}

/// Like [`availability`], for a buyer whose refused order just drew `quantity` units with the ticket `own`. That ticket
/// is closed, but its units are for sale only after the fill has resolved it. These units count as available here.
pub async fn availability_without(
    app: &App,
    policy: &Policy,
    sku: &Sku,
    quantity: i64,
    own: Option<u64>,
) -> Result<Option<Availability>, ServiceError> {
    let table = &app.table;
    let (product, counter) = futures::future::try_join(table.product(sku), table.counter(sku)).await?;
    let (Some(product), Some(counter)) = (product, counter) else { return Ok(None) };
    let stock = if counter.available < 0 || own.is_some() { table.stock(sku).await? } else { None };
    let (available, closed) = match own.zip(stock.as_ref()) {
        // The stock item may be newer than the published value.
        Some((own, stock)) => {
            let closed = if stock.resolved_watermark < own { quantity } else { 0 };
            (stock.supply - counter.units_issued + closed, closed)
        }
        None => (counter.available, 0),
    };
    let waiting = match stock.filter(|_| available < 0) {
        Some(stock) => of_ticket(app, &stock, counter.last_ticket + 1, counter.units_issued - closed).await?,
        None => PlaceInLine::default(),
    };
    let in_stock = available >= quantity;
    let room = policy.waiting_limit(&product).is_none_or(|limit| available - quantity >= -limit);
    // Receipts are read after the counter: goods that arrive in between are left out, not counted twice.
    let expected = if in_stock { Vec::new() } else { table.expected(sku).await? };
    let now = app.clock.now();
    let outlook = Outlook { policy, lead_time: product.lead_time_days, expected: &expected, now };
    let estimate = outlook.window(quantity - available, now);
    let by_web = policy.backorders_by.contains(&Channel::Web);
    let on_backorder = !in_stock && product.may_wait() && by_web && room;
    Ok(Some(Availability { product, available, waiting, in_stock, on_backorder, estimate }))
}

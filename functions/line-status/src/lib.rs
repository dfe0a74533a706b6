//! GET /products/{sku}/line: the stock of a product and its waiting tickets.

use std::collections::BTreeMap;

use aws::{App, ServiceError};
use contract::caller::Caller;
use contract::token::Scope;
use contract::{Code, Problem, answer, read};
use domain::block;
use domain::names::Sku;
use domain::stock::{Counter, Stock, Units, total};
use lambda_http::{Body, Request, Response};
use serde_json::{Value, json};

/// The maximum number of waiting tickets on one page.
const MAX_PAGE_SIZE: i64 = 500;

/// Returns the stock of a product and one page of its waiting tickets.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Stock)?;
    let sku = read::sku(request)?;
    let limit = usize::try_from(read::number(request, "limit", 100, MAX_PAGE_SIZE)?).unwrap_or_default();
    let after = read::text(request, "after")?;
    let after = if after.is_empty() { Ok(0) } else { after.parse::<u64>() };
    let after =
        after.map_err(|_| Problem::field(Code::Invalid, "after", "must be what an earlier answer called next"))?;
    let unknown = || Problem::new(Code::NotFound, "there is no such product");
    let stock = app.table.stock(&sku).await?.ok_or_else(unknown)?;
    let counter = app.table.counter(&sku).await?.ok_or_else(unknown)?;
    let shipped = app.table.shipped(&sku).await?;
    let (waiting, next) = waiting(app, &sku, after.max(stock.fill_watermark), counter.last_ticket, limit).await?;
    answer::json(200, &render(&stock, &counter, &shipped, waiting, next))
}

/// Returns at most `limit` waiting tickets with numbers above `after`, and the `after` of the next page.
async fn waiting(
    app: &App,
    sku: &Sku,
    after: u64,
    last: u64,
    limit: usize,
) -> Result<(Vec<Value>, Option<String>), ServiceError> {
    let mut found = Vec::new();
    let mut from = after.saturating_add(1);
    while from <= last {
        let through = (block::block_of(from) * block::TICKETS + block::TICKETS - 1).min(last);
        for (ticket, row) in app.table.rows(sku, from, through).await? {
            let Some(short) = row.live().filter(|live| live.short() > 0) else { continue };
            if found.len() == limit {
                return Ok((found, Some((ticket - 1).to_string())));
            }
            found.push(json!({
                "ticket": ticket,
                "order_id": short.order_id,
                "line": short.line + 1,
                "quantity": short.quantity,
                "assigned": total(&short.assigned),
                "placed_at": short.placed_at,
            }));
        }
        from = through + 1;
    }
    Ok((found, None))
}

fn render(stock: &Stock, counter: &Counter, shipped: &Units, waiting: Vec<Value>, next: Option<String>) -> Value {
    let units_in = |units: &Units, warehouse| units.get(warehouse).copied().unwrap_or_default();
    let warehouses: BTreeMap<_, _> = stock
        .received
        .iter()
        .map(|(warehouse, received)| {
            let (unassigned, shipped) = (units_in(&stock.unassigned, warehouse), units_in(shipped, warehouse));
            let assigned = received - unassigned - shipped;
            (warehouse, json!({ "unassigned": unassigned, "assigned": assigned, "shipped": shipped }))
        })
        .collect();
    json!({ "sku": stock.sku, "available": counter.available, "stock": warehouses, "waiting": waiting, "next": next })
}

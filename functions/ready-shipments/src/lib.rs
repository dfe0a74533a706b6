//! GET /shipments/ready: the warehouse's pick list, oldest order first (R4).

use std::collections::{BTreeMap, BTreeSet};

use aws::table::{READY_SHARDS, ReadyOrder};
use aws::{App, ServiceError};
use contract::caller::Caller;
use contract::token::Scope;
use contract::{Code, Problem, answer, read};
use domain::names::Warehouse;
use domain::order::{Line, Order};
use domain::stock::total;
use futures::future::try_join_all;
use lambda_http::{Body, Request, Response};
use serde_json::{Value, json};

/// The maximum page size, in parcels.
const MAX_PAGE_SIZE: i64 = 200;
/// The maximum number of index pages read for one answer. The bound matters if a warehouse holds units of few orders.
const PAGES: usize = 20;
/// An index position separates time and order by `#`. `next` contains `~` instead, because a `#` would end the URL.
const IN_INDEX: &str = "#";
const IN_URL: &str = "~";

/// Lists the parcels that may ship.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Stock)?;
    let warehouse = read::text(request, "warehouse")?;
    let warehouse = Some(warehouse).filter(|name| !name.is_empty()).map(Warehouse::new).transpose();
    let warehouse = warehouse.map_err(|message| Problem::field(Code::Invalid, "warehouse", message))?;
    let limit = read::number(request, "limit", 50, MAX_PAGE_SIZE)?;
    let mut after = read::text(request, "after")?.replace(IN_URL, IN_INDEX);
    if !after.is_empty() && ReadyOrder::of_position(&after).is_none() {
        return Err(Problem::field(Code::Invalid, "after", "must be what an earlier answer called next"));
    }
    let mut parcels = Vec::new();
    let enough = usize::try_from(limit).unwrap_or_default();
    for _ in 0..PAGES {
        let page = page(app, &after, i32::try_from(limit).unwrap_or(50)).await?;
        let ids: Vec<_> = page.iter().map(|ready| ready.order_id.clone()).collect();
        let orders: BTreeMap<_, _> = app
            .table
            .orders(&ids)
            .await?
            .into_iter()
            .map(|stored| (stored.order.order_id.clone(), stored.order))
            .collect();
        for ready in &page {
            if parcels.len() >= enough {
                return answer::json(200, &json!({ "parcels": parcels, "next": after.replace(IN_INDEX, IN_URL) }));
            }
            after.clone_from(&ready.position);
            let Some(order) = orders.get(&ready.order_id).filter(|order| order.ready()) else { continue };
            let packed = match order.abroad(&*app.policy_of(order).await?) {
                true => Vec::from_iter(pack_whole(order)),
                false => pack(order),
            };
            let here = |parcel: &Parcel<'_>| warehouse.as_ref().is_none_or(|only| parcel.from.contains(only));
            parcels.extend(packed.into_iter().filter(here).map(|parcel| parcel.shown(order)));
        }
        if page.len() < enough {
            return answer::json(200, &json!({ "parcels": parcels, "next": null }));
        }
    }
    answer::json(200, &json!({ "parcels": parcels, "next": after.replace(IN_INDEX, IN_URL) }))
}

/// Returns released orders after a position, the oldest first.
async fn page(app: &App, after: &str, limit: i32) -> Result<Vec<ReadyOrder>, ServiceError> {
    let shards = (0..READY_SHARDS).map(|shard| app.table.ready(shard, after, limit));
    let mut page: Vec<ReadyOrder> = try_join_all(shards).await?.into_iter().flatten().collect();
    page.sort();
    page.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(page)
}

/// A parcel to pick.
struct Parcel<'a> {
    /// The warehouse that packs the parcel.
    warehouse: &'a Warehouse,
    /// The warehouses that hold the parcel's units. The pick list of each of these warehouses shows the parcel.
    from: BTreeSet<&'a Warehouse>,
    lines: Vec<Value>,
    /// Whether the parcel brings together units from several warehouses.
    consolidated: bool,
}

impl Parcel<'_> {
    fn shown(&self, order: &Order) -> Value {
        let mut shown = json!({
            "order_id": order.order_id, "warehouse": self.warehouse, "ship_to": order.ship_to, "lines": self.lines,
            "ship_by": order.ship_by,
        });
        if let Some(fields) = shown.as_object_mut().filter(|_| self.consolidated) {
            fields.insert("consolidated".to_owned(), json!(true));
        }
        shown
    }
}

/// Returns an order's parcels: one for each warehouse that holds units of the order.
fn pack(order: &Order) -> Vec<Parcel<'_>> {
    let mut parcels: BTreeMap<&Warehouse, Vec<Value>> = BTreeMap::new();
    for (at, line) in order.lines.iter().enumerate() {
        for (warehouse, quantity) in &line.assigned {
            let content = json!({ "line": at + 1, "sku": line.sku, "quantity": quantity });
            parcels.entry(warehouse).or_default().push(content);
        }
    }
    parcels
        .into_iter()
        .map(|(warehouse, lines)| Parcel { warehouse, from: [warehouse].into(), lines, consolidated: false })
        .collect()
}

/// Packs an order as one parcel, at the warehouse with most of its units. Each line names its units' warehouses (R10).
fn pack_whole(order: &Order) -> Option<Parcel<'_>> {
    let mut held: BTreeMap<&Warehouse, i64> = BTreeMap::new();
    for (warehouse, quantity) in order.lines.iter().flat_map(|line| &line.assigned) {
        *held.entry(warehouse).or_default() += quantity;
    }
    let from = held.keys().copied().collect();
    let (warehouse, _) = held.into_iter().rev().max_by_key(|(_, units)| *units)?;
    let content = |(at, line): (usize, &Line)| {
        let from = line.assigned.iter().map(|(name, units)| json!({ "warehouse": name, "quantity": units }));
        let from: Vec<Value> = from.collect();
        json!({ "line": at + 1, "sku": line.sku, "quantity": total(&line.assigned), "from": from })
    };
    let lines = order.lines.iter().enumerate().filter(|(_, line)| !line.assigned.is_empty());
    Some(Parcel { warehouse, from, lines: lines.map(content).collect(), consolidated: true })
}

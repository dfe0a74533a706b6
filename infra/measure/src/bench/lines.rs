//! Measures the read units for the place in line of the last order, for growing backlogs. Only the first and the last order are
//! placed. The items between them are written directly into the table, in the state that the fill leaves.

use std::future::ready;

use serde_json::{Value, json};

use crate::meter::{Meter, Units};
use crate::shop::{BenchShop, expect};

/// Items of one batch write.
const BATCH: usize = 25;
/// Tickets of one block of counts.
const BLOCK: usize = 100;
/// Blocks whose counts share an item.
const GROUP: usize = 10;

/// One read of the last order of a backlog.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Waiting orders, including this one.
    pub orders: usize,
    pub units: Units,
}

impl Looked {
    /// The read units.
    pub fn reads(&self) -> f64 {
        self.units.iter().filter(|(account, _)| !account.write).map(|(_, units)| units).sum()
    }
}

/// Reads the last order of a backlog of each length.
pub async fn measure(lengths: &[usize]) -> Result<Vec<Looked>, String> {
    let meter = Meter::default();
    let wired = meter.clone();
    let shop = BenchShop::open(false, move |endpoints| ready(wired.connect(&endpoints))).await?;
    shop.stack.delivery().pause();
    let payments = shop.payments(lengths.len() * 2)?;
    let mut looked = Vec::new();
    for (orders, payments) in lengths.iter().zip(payments.chunks(2)) {
        let sku = format!("led-panel-{orders}");
        shop.product(&sku).await?;
        let (first, last) = payments.split_at(1);
        shop.place(&sku, first).await?;
        eprintln!("  a backlog of {orders}");
        seed(&shop, &sku, orders - 1)?;
        let placed = shop.place(&sku, last).await?;
        let id = placed.orders.first().ok_or("the last order was not placed")?;
        meter.take();
        let answer = expect(200, shop.client.get(&format!("/orders/{id}")).await?)?;
        let ahead = answer.number("/lines/0/orders_ahead");
        if usize::try_from(ahead) != Ok(orders - 1) {
            return Err(format!("{ahead} orders are ahead in a backlog of {orders}"));
        }
        let units = meter.take().into_iter().filter(|(account, _)| account.function == "order-status").collect();
        looked.push(Looked { orders: *orders, units });
    }
    shop.stack.shutdown().await;
    Ok(looked)
}

/// Extends a backlog of one ticket to `count` tickets of one unit, all resolved.
fn seed(shop: &BenchShop, sku: &str, count: usize) -> Result<(), String> {
    let line = format!("SKU#{sku}");
    let (row, _) = shop.item(&format!("{line}#LINE#0"), &padded(1))?;
    let rows = (2..=count).map(|number| {
        let key = [("pk", text(format!("{line}#LINE#{}", number / BLOCK))), ("sk", text(padded(number)))];
        with(&row, key.into_iter().chain([("units_through", numeric(number))]))
    });
    put(shop, rows)?;
    let groups = (0..=count / BLOCK).step_by(GROUP).map(|first| {
        let mut item = json!({
            "pk": text(format!("{line}#BLOCKS")), "sk": text(format!("{}#", padded(first))), "entity": text("blocks"),
            "schema": numeric(1),
        });
        for at in 0..GROUP.min(count / BLOCK + 1 - first) {
            let drawn = ((first + at) * BLOCK + BLOCK - 1).min(count) + 1 - ((first + at) * BLOCK).max(1);
            item = with(&item, [(format!("drawn_{at}"), numeric(drawn))]);
        }
        item
    });
    put(shop, groups)?;
    let (counter, _) = shop.item(&line, "TICKETS")?;
    let available = json!({ "N": format!("-{count}") });
    let drawn = [("last_ticket", numeric(count)), ("units_issued", numeric(count)), ("available", available)];
    let (stock, _) = shop.item(&line, "STOCK")?;
    let booked = [("accounted_through", numeric(count)), ("accounted_units", numeric(count))];
    put(shop, [with(&counter, drawn), with(&stock, booked)].into_iter())
}

fn put(shop: &BenchShop, mut items: impl Iterator<Item = Value>) -> Result<(), String> {
    let table = &shop.stack.template().table.name;
    loop {
        let batch: Vec<_> = items.by_ref().take(BATCH).map(|item| json!({ "PutRequest": { "Item": item } })).collect();
        if batch.is_empty() {
            return Ok(());
        }
        let request = json!({ "RequestItems": { table: batch } });
        let request = serde_json::from_value(request).map_err(|error| error.to_string())?;
        shop.stack.database().batch_write_item(request).map_err(|error| error.to_string())?;
    }
}

fn with(item: &Value, changes: impl IntoIterator<Item = (impl Into<String>, Value)>) -> Value {
    let mut item = item.clone();
    if let Some(item) = item.as_object_mut() {
        changes.into_iter().for_each(|(name, value)| drop(item.insert(name.into(), value)));
    }
    item
}

fn text(value: impl Into<String>) -> Value {
    json!({ "S": value.into() })
}

fn numeric(value: usize) -> Value {
    json!({ "N": value.to_string() })
}

fn padded(number: usize) -> String {
    format!("{number:012}")
}

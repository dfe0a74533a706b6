//! Measures the write and read units of an order's lifecycle and of each operation, as DynamoDB reports them.

use std::future::ready;

use serde_json::json;

use crate::meter::{Account, Meter, Units};
use crate::shop::{BenchShop, expect};

/// Two full batches of the fill.
const ORDERS: usize = 90;
const SKU: &str = "led-panel-30";

#[derive(Clone, Debug)]
pub struct Operation {
    pub name: &'static str,
    /// The functions whose calls count.
    pub functions: &'static [&'static str],
    /// Units per order.
    pub units: Units,
    /// Whether the operation is part of the lifecycle.
    pub of_life: bool,
}

impl Operation {
    pub fn writes(&self) -> f64 {
        sum(&self.units, true)
    }

    pub fn reads(&self) -> f64 {
        sum(&self.units, false)
    }
}

#[derive(Clone, Debug)]
pub struct Metered {
    pub operations: Vec<Operation>,
    /// The size of the order's item in bytes: placed, filled, shipped.
    pub order_bytes: [usize; 3],
}

impl Metered {
    /// Write and read units of an operation.
    pub fn units_of(&self, name: &str) -> (f64, f64) {
        self.operations.iter().find(|it| it.name == name).map_or((0.0, 0.0), |it| (it.writes(), it.reads()))
    }

    /// Write and read units of the lifecycle.
    pub fn life(&self) -> (f64, f64) {
        let life = self.operations.iter().filter(|it| it.of_life);
        life.fold((0.0, 0.0), |(writes, reads), it| (writes + it.writes(), reads + it.reads()))
    }
}

fn sum(units: &Units, write: bool) -> f64 {
    units.iter().filter(|(account, _)| account.write == write).map(|(_, units)| units).sum()
}

/// Measures 90 orders from placing to shipping, then one canceled order and one filled alone.
pub async fn measure() -> Result<Metered, String> {
    let meter = Meter::default();
    let wired = meter.clone();
    let shop = BenchShop::open(false, move |endpoints| ready(wired.connect(&endpoints))).await?;
    let mut measuring = Measuring { shop, meter, operations: Vec::new() };
    eprintln!("  the lifecycle of {ORDERS} orders");
    let order_bytes = measuring.lives().await?;
    measuring.canceled().await?;
    measuring.alone().await?;
    measuring.shop.stack.shutdown().await;
    Ok(Metered { operations: measuring.operations, order_bytes })
}

struct Measuring {
    shop: BenchShop,
    meter: Meter,
    operations: Vec<Operation>,
}

impl Measuring {
    async fn lives(&mut self) -> Result<[usize; 3], String> {
        self.shop.product(SKU).await?;
        let payments = self.shop.payments(ORDERS + 3)?;
        let payments: Vec<String> = payments.into_iter().take(ORDERS).collect();
        // The first order marks the counter; later orders find the mark and write less.
        let (first, others) = payments.split_at(1);
        self.shop.stack.delivery().pause();
        let first = self.shop.place(SKU, first).await?;
        self.meter.take();
        let placing = self.shop.place(SKU, others).await?;
        self.note("place", &["place-order"], true, &self.meter.take(), others.len());
        self.shop.stack.delivery().resume();
        self.shop.settle().await?;
        let after = self.meter.take();
        let orders = [first.orders, placing.orders].concat();
        if orders.len() != ORDERS {
            return Err("not every order was placed".to_owned());
        }
        self.note("mails: confirmation, notice", &["send-email"], true, &after, ORDERS);
        self.note("accounting", &["fill", "reconcile", "dispatch"], true, &after, ORDERS);
        let size = |shop: &BenchShop| {
            let partition = format!("ORDER#{}", orders.last().map(String::as_str).unwrap_or_default());
            shop.item(&partition, "ORDER").map(|(_, size)| size)
        };
        let placed = size(&self.shop)?;

        self.shop.arrive(SKU, ORDERS).await?;
        self.shop.settle().await?;
        let arrived = self.meter.take();
        self.note("arrival", &["stock-arrival"], true, &arrived, ORDERS);
        self.note("fill", &["fill", "reconcile", "dispatch"], true, &arrived, ORDERS);
        let filled = size(&self.shop)?;

        for order in &orders {
            let body = json!({
                "shipment_id": format!("PCL-2025-{order}"), "warehouse": "east", "carrier": "UPS",
                "tracking_number": "1Z999AA10123456784",
            });
            expect(200, self.shop.client.post(&format!("/orders/{order}/shipments"), &body).await?)?;
        }
        self.shop.settle().await?;
        let shipped = self.meter.take();
        self.note("ship", &["shipment"], true, &shipped, ORDERS);
        self.note("mail: shipped", &["send-email"], true, &shipped, ORDERS);
        Ok([placed, filled, size(&self.shop)?])
    }

    /// Cancels a waiting order.
    async fn canceled(&mut self) -> Result<(), String> {
        let order = self.waiting("led-strip-5", ORDERS).await?;
        let body = json!({ "change_id": "change-1", "reason": "it takes too long" });
        expect(200, self.shop.client.post(&format!("/orders/{order}/cancel"), &body).await?)?;
        self.shop.settle().await?;
        let canceled = self.meter.take();
        self.note("cancel", &["cancel"], false, &canceled, 1);
        self.note("cancel: what follows", &["refund", "send-email", "fill", "reconcile"], false, &canceled, 1);
        Ok(())
    }

    /// Fills an order that waits alone.
    async fn alone(&mut self) -> Result<(), String> {
        self.waiting("led-bulb-9", ORDERS + 1).await?;
        self.shop.arrive("led-bulb-9", 1).await?;
        self.shop.settle().await?;
        let filled = self.meter.take();
        self.note("fill of a single order", &["fill", "reconcile"], false, &filled, 1);
        Ok(())
    }

    /// Places one backorder of a new product with the payment at index `payment`; returns its id.
    async fn waiting(&self, sku: &str, payment: usize) -> Result<String, String> {
        self.shop.product(sku).await?;
        let payments = self.shop.stack.state().payments().map_err(|error| error.to_string())?;
        let payment = payments.get(payment).map(|payment| payment.id.clone()).ok_or("there is no such payment")?;
        let placing = self.shop.place(sku, &[payment]).await?;
        self.shop.settle().await?;
        self.meter.take();
        placing.orders.into_iter().next().ok_or_else(|| "the order was not placed".to_owned())
    }

    fn note(
        &mut self,
        name: &'static str,
        functions: &'static [&'static str],
        of_life: bool,
        consumed: &Units,
        orders: usize,
    ) {
        let orders = f64::from(u32::try_from(orders).unwrap_or(u32::MAX));
        let ours = consumed.iter().filter(|(account, _)| functions.contains(&account.function.as_str()));
        let units = ours.map(|(account, units)| (Account::clone(account), units / orders)).collect();
        self.operations.push(Operation { name, functions, units, of_life });
    }
}

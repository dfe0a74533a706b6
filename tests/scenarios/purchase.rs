//! An order with its payment, and what its customer and the shop can see of it. This module proves no promise.

use local::client::ApiResponse;
use serde_json::{Value, json};
use tests::world::merge;
use tests::{OrderBuilder, World};

/// The kinds of mail that this shop sends.
pub const CONFIRMATION: &str = "order-confirmation";
/// For orders with a backordered line.
pub const NOTICE: &str = "backorder-notice";
/// With the tracking number.
pub const SHIPPED: &str = "shipped";
/// With the canceled units and those that are still to come.
pub const CHANGED: &str = "changed";
/// With the refund, when no units are still to come.
pub const CANCELED: &str = "canceled";

/// The mails about a placed order with a backordered line.
pub const BACKORDERED: &[&str] = &[CONFIRMATION, NOTICE];

/// A placed order, its payment and its request.
pub struct Purchase<'a> {
    world: &'a World,
    pub id: String,
    pub payment: String,
    pub body: Value,
    pub placed: ApiResponse,
}

/// Pays and places the order, which must succeed.
pub async fn buy<'a>(world: &'a World, order: OrderBuilder<'_>) -> Purchase<'a> {
    let body = order.body().await;
    let placed = world.shop.post("/orders", &body).await.unwrap();
    assert_eq!(placed.status, 201, "{:#}", placed.body);
    let (id, payment) = (placed.text("/order_id").to_owned(), text(&body, "/payment_reference"));
    Purchase { world, id, payment, body, placed }
}

pub async fn buy_and_settle<'a>(world: &'a World, order: OrderBuilder<'_>) -> Purchase<'a> {
    let purchase = buy(world, order).await;
    world.settle().await;
    purchase
}

pub async fn buy_one<'a>(world: &'a World, sku: &str, quantity: i64) -> Purchase<'a> {
    buy(world, world.order(sku, quantity)).await
}

pub async fn buy_one_and_settle<'a>(world: &'a World, sku: &str, quantity: i64) -> Purchase<'a> {
    buy_and_settle(world, world.order(sku, quantity)).await
}

/// Buys a product once for each quantity, one order after the other.
pub async fn buy_in_turn<'a, const N: usize>(world: &'a World, sku: &str, quantities: [i64; N]) -> [Purchase<'a>; N] {
    let mut orders = Vec::new();
    for quantity in quantities {
        orders.push(buy_one(world, sku, quantity).await);
    }
    orders.try_into().unwrap_or_else(|_| unreachable!())
}

impl Purchase<'_> {
    pub async fn look(&self) -> ApiResponse {
        let answer = self.world.look(&self.id).await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        answer
    }

    pub async fn status(&self) -> &'static str {
        status(&self.look().await)
    }

    /// The order's status, and the units assigned to its first order line.
    pub async fn standing(&self) -> (&'static str, i64) {
        let order = self.look().await;
        (status(&order), order.number("/lines/0/assigned"))
    }

    /// Orders and units ahead of its first order line.
    pub async fn place_in_line(&self) -> (i64, i64) {
        let order = self.look().await;
        (order.number("/lines/0/orders_ahead"), order.number("/lines/0/units_ahead"))
    }

    /// The amounts that the provider captured and refunded, in cents.
    pub async fn money(&self) -> (i64, i64) {
        money(self.world, &self.payment).await
    }

    pub async fn cancel(&self, change_id: &str, fields: Value) -> ApiResponse {
        let mut body = json!({ "change_id": change_id });
        merge(&mut body, fields);
        self.world.shop.post(&format!("/orders/{}/cancel", self.id), &body).await.unwrap()
    }

    pub async fn swap(&self, change_id: &str, line: usize, sku: &str, payment: Option<&str>) -> ApiResponse {
        let mut body = json!({ "change_id": change_id, "sku": sku });
        if let Some(payment) = payment {
            merge(&mut body, json!({ "payment_reference": payment }));
        }
        self.world.shop.post(&format!("/orders/{}/lines/{line}/swap", self.id), &body).await.unwrap()
    }

    /// Ships from a warehouse, with these fields in the request.
    pub async fn ship(&self, shipment_id: &str, warehouse: &str, fields: Value) -> ApiResponse {
        let mut body = json!({
            "shipment_id": shipment_id, "warehouse": warehouse, "carrier": "UPS", "tracking_number": "1Z-TRACK-7",
        });
        merge(&mut body, fields);
        self.world.shop.post(&format!("/orders/{}/shipments", self.id), &body).await.unwrap()
    }

    /// Its only mail of a kind.
    pub async fn mail(&self, kind: &str) -> Value {
        let inbox = self.world.inbox().await;
        let mut own = inbox.into_iter().filter(|mail| mail["order_id"] == self.id.as_str() && mail["kind"] == kind);
        match (own.next(), own.next()) {
            (Some(mail), None) => mail,
            found => panic!("expected exactly one mail {kind}: {found:#?}"),
        }
    }
}

/// The status in an answer about an order or a product page. It is leaked, so that it compares with a literal.
fn status(answer: &ApiResponse) -> &'static str {
    answer.text("/status").to_owned().leak()
}

/// [`Purchase::standing`] of several orders.
pub async fn standings<'a>(orders: impl IntoIterator<Item = &'a Purchase<'a>>) -> Vec<(&'static str, i64)> {
    let mut found = Vec::new();
    for order in orders {
        found.push(order.standing().await);
    }
    found
}

/// The status of a product page, and the units for sale.
pub async fn for_sale(world: &World, sku: &str) -> (&'static str, i64) {
    let page = world.availability(sku).await;
    (status(&page), page.number("/available"))
}

/// The field `lines` of a request for units of one order line.
pub fn units(line: usize, quantity: i64) -> Value {
    json!({ "lines": [{ "line": line, "quantity": quantity }] })
}

/// The amounts that the provider captured and refunded for a payment, in cents.
pub async fn money(world: &World, payment: &str) -> (i64, i64) {
    let payment = world.payment(payment).await;
    (payment["captured"].as_i64().unwrap(), payment["refunded"].as_i64().unwrap())
}

pub fn text(body: &Value, pointer: &str) -> String {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {body:#}")).to_owned()
}

/// The plain text of a mail, on one line.
pub fn words(mail: &Value) -> String {
    text(mail, "/text").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Asserts that the mail of a kind contains all these texts.
pub async fn mail_says(order: &Purchase<'_>, kind: &str, expected: &[&str]) {
    let written = words(&order.mail(kind).await);
    for part in expected {
        assert!(written.contains(part), "no {part:?} in {written}");
    }
}

/// Settles the shop. Then asserts that exactly these mails were sent, in any order, and that the stored data is sound.
pub async fn assert_outbox(world: &World, expected: &[(&Purchase<'_>, &[&str])]) {
    world.settle_and_assert_sound().await;
    let mut sent: Vec<(String, String)> =
        world.inbox().await.iter().map(|mail| (text(mail, "/order_id"), text(mail, "/kind"))).collect();
    let of = |(purchase, kinds): &(&Purchase<'_>, &[&str])| -> Vec<(String, String)> {
        kinds.iter().map(|kind| (purchase.id.clone(), (*kind).to_owned())).collect()
    };
    let mut expected: Vec<(String, String)> = expected.iter().flat_map(of).collect();
    sent.sort();
    expected.sort();
    assert_eq!(sent, expected);
}

/// Asserts a refusal: its status and its code.
#[track_caller]
pub fn assert_problem(answer: &ApiResponse, status: u16, code: &str) {
    assert_eq!((answer.status, answer.code()), (status, code), "{:#}", answer.body);
    assert!(answer.header("content-type").starts_with("application/problem+json"), "{:?}", answer.headers);
}

//! A fresh shop, and the actions of people through the HTTP contract and the local endpoints.

use std::collections::BTreeMap;

use local::client::{ApiResponse, Client};
use local::{Options, Stack, functions};
use serde_json::{Value, json};

use super::buying::{Good, Purchase, refusal, stands, summary, text};
use super::telling::{Teller, dollars};

/// An attempt to buy.
pub(super) struct Bought {
    pub who: &'static str,
    /// The order's id; empty if the shop took no order.
    pub order_id: String,
    /// The payment's reference at the provider.
    pub payment: String,
    /// The goods as text.
    pub what: String,
    request: Value,
}

pub(super) struct Story {
    pub teller: Teller,
    /// A client with the shop's scopes.
    pub shop: Client,
    /// Every attempt to buy, oldest first.
    pub bought: Vec<Bought>,
    pub goods: Vec<&'static Good>,
    stack: Stack,
    ids: u32,
}

impl Story {
    /// Opens a fresh shop with this policy, in memory. Schedules fire only when the story moves the clock, so that each run
    /// prints the same.
    pub(super) async fn begin(policy: &str) -> Result<Self, String> {
        let options = Options { policy: Some(policy.to_owned()), silent_schedules: true, ..Options::default() };
        let stack = Stack::start(options, functions::connect).await.map_err(|error| error.to_string())?;
        let shop = Client::new(stack.url()).with_scopes("orders stock products").await?;
        Ok(Self { teller: Teller::new(), shop, bought: Vec::new(), goods: Vec::new(), stack, ids: 0 })
    }

    pub(super) async fn close(self) {
        self.stack.shutdown().await;
    }

    pub(super) fn scene(&self, what: &str) -> Result<(), String> {
        self.teller.scene(what)
    }

    pub(super) fn shows(&mut self, promises: &str, done: &str, expected: &str, seen: &str) -> Result<(), String> {
        self.teller.shows(promises, done, expected, seen)
    }

    pub(super) async fn sells(&mut self, good: &'static Good) -> Result<(), String> {
        let price = json!({ "amount": good.price, "currency": "USD" });
        let body = json!({ "name": good.name, "price": price, "backorderable": true });
        let answer = self.shop.put(&format!("/products/{}", good.sku), &body).await?;
        self.goods.push(good);
        refusal(&answer).map_or(Ok(()), |refusal| Err(format!("{}: {refusal}", good.sku)))
    }

    /// Somebody pays and orders. Returns the shop's answer as text.
    pub(super) async fn buys(&mut self, who: &'static str, purchase: Purchase) -> Result<String, String> {
        let payment = self.shop.pay(purchase.total(), purchase.card).await?;
        let request = purchase.body(who, &payment);
        let answer = self.shop.post("/orders", &request).await?;
        self.shop.settle().await?;
        let what = purchase.lines.iter().map(|(good, quantity)| format!("{quantity} {}", good.short));
        let what = what.collect::<Vec<_>>().join(" + ");
        self.bought.push(Bought { who, order_id: answer.text("/order_id").to_owned(), payment, what, request });
        Ok(summary(&answer, &self.goods))
    }

    /// Somebody's request comes a second time. Returns whether the order is the same, and the shop's answer as text.
    pub(super) async fn repeats(&self, who: &str) -> Result<String, String> {
        let bought = self.bought_by(who)?;
        let answer = self.shop.post("/orders", &bought.request).await?;
        self.shop.settle().await?;
        let same = if answer.text("/order_id") == bought.order_id { "the same order" } else { "another order" };
        Ok(format!("{same}, {}", summary(&answer, &self.goods)))
    }

    pub(super) async fn arrives(
        &self,
        receipt: &str,
        good: &Good,
        quantity: i64,
        warehouse: &str,
    ) -> Result<(), String> {
        let body = json!({ "receipt_id": receipt, "sku": good.sku, "warehouse": warehouse, "quantity": quantity });
        let answer = self.shop.post("/stock-arrivals", &body).await?;
        self.shop.settle().await?;
        refusal(&answer).map_or(Ok(()), |refusal| Err(format!("{receipt}: {refusal}")))
    }

    /// Somebody cancels all unshipped units, as the page behind the link in their mail does.
    pub(super) async fn cancels(&mut self, who: &str) -> Result<String, String> {
        let body = json!({ "change_id": self.id("change"), "reason": "canceled by the customer" });
        let customer = self.link(who).await?;
        self.cancel(who, &customer, &body).await
    }

    /// The shop cancels units of one order line at the customer's request.
    pub(super) async fn gives_up(&mut self, who: &str, line: i64, quantity: i64) -> Result<String, String> {
        let lines = json!([{ "line": line, "quantity": quantity }]);
        let body = json!({ "change_id": self.id("change"), "lines": lines });
        self.cancel(who, &self.shop, &body).await
    }

    async fn cancel(&self, who: &str, client: &Client, body: &Value) -> Result<String, String> {
        let answer = client.post(&format!("/orders/{}/cancel", self.bought_by(who)?.order_id), body).await?;
        self.shop.settle().await?;
        Ok(refusal(&answer).unwrap_or_else(|| stands(&answer.body, &self.goods)))
    }

    /// A warehouse sends all its units of somebody's order in one parcel.
    pub(super) async fn ships(&mut self, who: &str, warehouse: &str) -> Result<String, String> {
        let tracking = format!("1Z-{}-{warehouse}", who.to_uppercase());
        let shipment = self.id("shipment");
        let body =
            json!({ "shipment_id": shipment, "warehouse": warehouse, "carrier": "UPS", "tracking_number": tracking });
        let answer = self.shop.post(&format!("/orders/{}/shipments", self.bought_by(who)?.order_id), &body).await?;
        self.shop.settle().await?;
        Ok(refusal(&answer).unwrap_or_else(|| stands(&answer.body, &self.goods)))
    }

    /// Moves the clock. Schedules that fall due on the way fire.
    pub(super) async fn passes(&self, days: u32) -> Result<(), String> {
        let answer = self.shop.post("/_local/clock", &json!({ "advance": format!("P{days}D") })).await?;
        self.shop.settle().await?;
        refusal(&answer).map_or(Ok(()), |refusal| Err(format!("the clock: {refusal}")))
    }

    /// A client with the token of the link in the newest mail of somebody's order.
    pub(super) async fn link(&self, who: &str) -> Result<Client, String> {
        let order_id = &self.bought_by(who)?.order_id;
        let inbox = self.inbox().await?;
        let own = inbox.iter().rev().filter(|mail| text(mail, "order_id") == order_id);
        let token =
            own.flat_map(|mail| text(mail, "text").split_whitespace()).find_map(|word| word.split_once("&token="));
        let (_, token) = token.ok_or_else(|| format!("{who} has no link"))?;
        Ok(self.shop.with_token(token))
    }

    pub(super) async fn order(&self, who: &str) -> Result<Value, String> {
        Ok(self.look(who, &self.shop).await?.body)
    }

    /// Somebody's order as the holder of a token sees it.
    pub(super) async fn look(&self, who: &str, client: &Client) -> Result<ApiResponse, String> {
        client.get(&format!("/orders/{}", self.bought_by(who)?.order_id)).await
    }

    pub(super) fn bought_by(&self, who: &str) -> Result<&Bought, String> {
        self.bought.iter().find(|bought| bought.who == who).ok_or_else(|| format!("{who} bought nothing"))
    }

    pub(super) fn names(&self) -> BTreeMap<&str, &'static str> {
        self.bought.iter().map(|bought| (bought.order_id.as_str(), bought.who)).collect()
    }

    /// The cents that the provider captured and refunded.
    pub(super) async fn payment(&self, reference: &str) -> Result<(i64, i64), String> {
        let payments = self.shop.get("/_local/payments").await?.body;
        let own = payments.as_array().into_iter().flatten().find(|it| text(it, "payment_reference") == reference);
        let amount = |name: &str| own.and_then(|it| it.get(name)).and_then(Value::as_i64).unwrap_or_default();
        Ok((amount("captured"), amount("refunded")))
    }

    pub(super) async fn money(&self, who: &str) -> Result<String, String> {
        let (taken, back) = self.payment(&self.bought_by(who)?.payment).await?;
        Ok(format!("{} paid, {} refunded", dollars(taken), dollars(back)))
    }

    pub(super) fn id(&mut self, kind: &str) -> String {
        self.ids += 1;
        format!("{kind}-{}", self.ids)
    }
}

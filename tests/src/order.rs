//! A builder for orders. Fields that a test does not set have usual values.

use local::client::ApiResponse;
use serde_json::{Value, json};

use crate::world::{World, merge, order_body};

/// An order before it is placed.
pub struct OrderBuilder<'a> {
    world: &'a World,
    body: Value,
    outcome: &'static str,
}

impl World {
    pub fn order(&self, sku: &str, quantity: i64) -> OrderBuilder<'_> {
        self.order_of(&[(sku, quantity)])
    }

    pub fn order_of(&self, lines: &[(&str, i64)]) -> OrderBuilder<'_> {
        OrderBuilder { world: self, body: order_body(lines), outcome: "succeeded" }
    }
}

impl OrderBuilder<'_> {
    pub fn with(mut self, fields: Value) -> Self {
        merge(&mut self.body, fields);
        self
    }

    pub fn each_line(mut self, fields: &Value) -> Self {
        let lines = self.body.get_mut("lines").and_then(Value::as_array_mut);
        lines.into_iter().flatten().for_each(|line| merge(line, fields.clone()));
        self
    }

    /// Sets the outcome of the payment: `succeeded`, `declined` or `requires_capture`.
    pub fn paid(mut self, outcome: &'static str) -> Self {
        self.outcome = outcome;
        self
    }

    pub fn total(&self) -> i64 {
        let number = |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_i64).unwrap_or(0);
        let line = |line: &Value| {
            number(line, "/unit_price/amount") * number(line, "/quantity") - number(line, "/discount/amount")
                + number(line, "/tax/amount")
        };
        let lines = self.body.get("lines").and_then(Value::as_array).map_or(0, |lines| lines.iter().map(line).sum());
        lines + number(&self.body, "/shipping/amount")
    }

    /// The body, with a payment of the right amount.
    pub async fn body(mut self) -> Value {
        let payment = self.world.shop.pay(self.total(), self.outcome).await.unwrap();
        merge(&mut self.body, json!({ "payment_reference": payment }));
        self.body
    }

    pub async fn place(self) -> ApiResponse {
        let shop = self.world.shop.clone();
        shop.post("/orders", &self.body().await).await.unwrap()
    }

    /// Pays and places the order, which must succeed. Returns the order's number.
    pub async fn placed(self) -> String {
        let answer = self.place().await;
        assert_eq!(answer.status, 201, "{:?}", answer.body);
        answer.text("/order_id").to_owned()
    }
}

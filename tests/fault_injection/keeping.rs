//! The shop's and the warehouse's actions in a story: products, policy, goods.

use serde_json::{Value, json};
use tests::world::merge;

use crate::play::{Play, adjustment};

impl Play {
    pub async fn product(&self, sku: &str, fields: Value) {
        let mut body = json!({ "name": sku, "price": { "amount": 1000, "currency": "USD" }, "backorderable": true });
        merge(&mut body, fields);
        self.ask("PUT", &format!("/products/{sku}"), &body).await;
    }

    pub async fn discontinue(&self, sku: &str) {
        self.ask("POST", &format!("/products/{sku}/discontinue"), &json!({})).await;
    }

    /// Sets LEDRIVEN's policy with these limits and moves the clock by half a minute, until every function uses it.
    pub async fn limits(&self, limits: Value) {
        let policy = contract::policy_file::read(include_str!("../../infra/policies/ledriven.toml")).unwrap();
        let mut body = serde_json::to_value(policy).unwrap();
        merge(&mut body, json!({ "limits": limits }));
        self.ask("PUT", "/policy", &body).await;
        let clock = self.world.stack().clock();
        clock.move_to(clock.now().saturating_add(jiff::SignedDuration::from_secs(31)).unwrap());
    }

    pub async fn arrive(&self, id: &str, sku: &str, warehouse: &str, quantity: i64) {
        let body = json!({ "receipt_id": id, "sku": sku, "warehouse": warehouse, "quantity": quantity });
        self.ask("POST", "/stock-arrivals", &body).await;
    }

    /// Announces goods for two weeks from now. A quantity of 0 withdraws them.
    pub async fn expect(&self, id: &str, sku: &str, quantity: i64) {
        let today = self.world.stack().clock().now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let expected_on = today.checked_add(jiff::Span::new().days(14)).unwrap();
        let body = json!({ "warehouse": "east", "quantity": quantity, "expected_on": expected_on });
        self.ask("PUT", &format!("/products/{sku}/expected-receipts/{id}"), &body).await;
    }

    pub async fn tasks(&self) -> Vec<Value> {
        let listed = self.ask("GET", "/staff/tasks", &Value::Null).await.body;
        listed.get("tasks").and_then(Value::as_array).cloned().unwrap_or_default()
    }

    pub async fn done(&self, id: &str) {
        self.ask("POST", &format!("/staff/tasks/{id}/done"), &json!({})).await;
    }

    pub async fn adjust(&self, id: &str, sku: &str, quantity: i64) {
        self.ask("POST", "/stock-adjustments", &adjustment(id, sku, quantity)).await;
    }
}

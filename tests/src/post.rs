//! Mail: what customers received, what they write, and the tasks for staff.

use local::client::ApiResponse;
use serde_json::{Value, json};

use crate::world::World;

impl World {
    /// The sent mails, oldest first.
    pub async fn inbox(&self) -> Vec<Value> {
        self.shop.get("/_local/inbox").await.unwrap().body.as_array().cloned().unwrap_or_default()
    }

    pub async fn mails(&self, order_id: &str) -> Vec<String> {
        let own = self.mails_of(order_id).await;
        own.iter().filter_map(|mail| mail.get("kind").and_then(Value::as_str)).map(str::to_owned).collect()
    }

    async fn mails_of(&self, order_id: &str) -> Vec<Value> {
        let of = |mail: &Value| mail.get("order_id").and_then(Value::as_str) == Some(order_id);
        self.inbox().await.into_iter().filter(of).collect()
    }

    /// Replies to the newest mail of an order, from the address that received it.
    ///
    /// # Panics
    /// If the order has no mail, or no rule takes the reply.
    pub async fn reply(&self, order_id: &str, words: &str) {
        let mails = self.mails_of(order_id).await;
        let id = mails.last().and_then(|mail| mail.get("message_id")?.as_str()).expect("the order has a mail");
        let path = format!("/_local/reply?message_id={id}");
        let answer = self.shop.send("POST", &path, &[], words.as_bytes().to_vec()).await.unwrap();
        assert_eq!(answer.status, 200, "{:?}", answer.body);
    }

    /// Delivers a raw mail. `found` holds SES's verdicts as a query: empty for a clean mail, or for example
    /// `dmarc=fail&spam=gray`. `from=` and `to=` set an envelope that differs from the mail's headers.
    pub async fn mail_in(&self, raw: &[u8], found: &str) -> ApiResponse {
        self.shop.send("POST", &format!("/_local/mail?{found}"), &[], raw.to_vec()).await.unwrap()
    }

    /// Sends a delivery event: a whole EventBridge event, or its `detail` alone.
    pub async fn mail_event(&self, event: &Value) -> ApiResponse {
        self.shop.post("/_local/mail-events", event).await.unwrap()
    }

    /// The open tasks for staff, oldest first.
    ///
    /// # Panics
    /// If the request fails.
    pub async fn staff_tasks(&self) -> Vec<Value> {
        let answer = self.shop.get("/staff/tasks").await.unwrap();
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        answer.body.get("tasks").and_then(Value::as_array).cloned().unwrap_or_default()
    }

    pub async fn task_done(&self, task_id: &str) -> ApiResponse {
        self.shop.post(&format!("/staff/tasks/{task_id}/done"), &json!({})).await.unwrap()
    }
}

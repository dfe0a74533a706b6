//! The post: what customers got, what they write, and what of it is left to people.

use local::client::Answer;
use serde_json::{Value, json};

use crate::world::World;

impl World {
    /// The mails that were sent, oldest first.
    pub async fn inbox(&self) -> Vec<Value> {
        self.shop.get("/_local/inbox").await.unwrap().body.as_array().cloned().unwrap_or_default()
    }

    /// The kinds of the mails of one order, oldest first.
    pub async fn mails(&self, order_id: &str) -> Vec<String> {
        let own = self.mails_of(order_id).await;
        own.iter().filter_map(|mail| mail.get("kind").and_then(Value::as_str)).map(str::to_owned).collect()
    }

    async fn mails_of(&self, order_id: &str) -> Vec<Value> {
        let of = |mail: &Value| mail.get("order_id").and_then(Value::as_str) == Some(order_id);
        self.inbox().await.into_iter().filter(of).collect()
    }

    /// The customer of an order replies to the newest of its mails, from the address that it went to.
    ///
    /// # Panics
    /// Where the order has no mail, or nobody takes the reply.
    pub async fn reply(&self, order_id: &str, words: &str) {
        let mails = self.mails_of(order_id).await;
        let id = mails.last().and_then(|mail| mail.get("message_id")?.as_str()).expect("the order has a mail");
        let path = format!("/_local/reply?message_id={id}");
        let answer = self.shop.send("POST", &path, &[], words.as_bytes().to_vec()).await.unwrap();
        assert_eq!(answer.status, 200, "{:?}", answer.body);
    }

    /// A raw mail comes in, about which SES found what `found` says: nothing amiss where it is empty, or for example
    /// `dmarc=fail&spam=gray`; `from=` and `to=` are the envelope's, where they are not the mail's own.
    pub async fn mail_in(&self, raw: &[u8], found: &str) -> Answer {
        self.shop.send("POST", &format!("/_local/mail?{found}"), &[], raw.to_vec()).await.unwrap()
    }

    /// SES tells what became of a mail: an event as the bus carries it, or its `detail` alone.
    pub async fn mail_event(&self, event: &Value) -> Answer {
        self.shop.post("/_local/mail-events", event).await.unwrap()
    }

    /// What is left to people, oldest first.
    ///
    /// # Panics
    /// Where the shop does not tell.
    pub async fn staff_tasks(&self) -> Vec<Value> {
        let answer = self.shop.get("/staff/tasks").await.unwrap();
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        answer.body.get("tasks").and_then(Value::as_array).cloned().unwrap_or_default()
    }

    pub async fn task_done(&self, task_id: &str) -> Answer {
        self.shop.post(&format!("/staff/tasks/{task_id}/done"), &json!({})).await.unwrap()
    }
}

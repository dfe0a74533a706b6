//! Stories of undelivered mails and of customers' messages.

use serde_json::json;
use tests::mail::{bounced, full, report_event};

use crate::injection::{STORY, Story};
use crate::play::{Play, address, script};

const SPARED: &[&str] = &["fill", "place-order", "reconcile", "refund", "cancel", "shipment", "stock-arrival"];

/// A confirmation bounces, so later mails are withheld. After the address is corrected, each mail goes there once.
pub const BOUNCED: Story = Story {
    name: "a mail that comes back, and a corrected address",
    before: |play| Box::pin(play.place("ann", &[("led", 2)], "succeeded")),
    steps: script!(|play| {
        play.mailed("ann", bounced(), ("order-confirmation", "0", 0)).await;
        play.cancel("ann", "c1", Some(1)).await;
        play.mailed("ann", full(), ("backorder-notice", "0", 0)).await;
        play.correct("ann", "ann.lee@example.com").await;
        play.mailed("ann", bounced(), ("backorder-notice", "0", 0)).await;
    }),
    spared: SPARED,
    ..STORY
};

/// A customer whose units are counted corrects the address. Neither address may buy more than the limit.
pub const COUNTED: Story = Story {
    name: "a counted customer's corrected address",
    before: script!(|play| {
        play.limits(json!({ "units_per_customer": 2 })).await;
        play.place("ann", &[("led", 2)], "succeeded").await;
    }),
    steps: script!(|play| {
        play.correct("ann", "ann.lee@example.com").await;
        play.place("ann", &[("led", 2)], "succeeded").await;
    }),
    spared: &["dispatch", "fill", "place-order", "reconcile", "send-email"],
    ..STORY
};

pub const SETTLED: Story = Story {
    name: "a task that is settled",
    before: script!(|play| {
        play.place("ann", &[("led", 1)], "succeeded").await;
        play.world.settle().await;
        play.mailed("ann", full(), ("order-confirmation", "0", 0)).await;
    }),
    steps: script!(|play| {
        let tasks = play.tasks().await;
        let id = tasks.first().and_then(|task| task["task_id"].as_str()).unwrap_or_default().to_owned();
        play.done(&id).await;
        play.done(&id).await;
    }),
    spared: SPARED,
    ..STORY
};

/// Each dead letter queue with messages has one staff task, which ends when the queue is empty.
pub const MEASURED: Story = Story {
    name: "a dead letter that staff hears of",
    steps: script!(|play| {
        for open in [1, 0] {
            if open == 1 {
                play.world.add_dead_letter()
            } else {
                play.world.remove_dead_letters()
            }
            while play.world.invoke("measure-tasks", json!({})).await.is_err() {}
            let tasks = play.tasks().await;
            assert_eq!(tasks.iter().filter(|task| task["kind"] == "dead_letter").count(), open, "{tasks:?}");
        }
    }),
    measures: true,
    ..STORY
};

pub const REPLIED: Story = Story {
    name: "a reply that cancels",
    before: script!(|play| {
        play.arrive("r1", "led", "east", 1).await;
        play.place("ann", &[("led", 2)], "succeeded").await;
        play.place("bob", &[("led", 1)], "succeeded").await;
    }),
    steps: |play| Box::pin(play.reply("ann", "Hello, please cancel my order. Thank you")),
    spared: &["dispatch", "fill", "reconcile", "refund", "send-email"],
    ..STORY
};

/// A reply and a contact form that need a person's decision. Staff gets one task for each, and the customer is told
/// once.
pub const UNCLEAR: Story = Story {
    name: "a reply that is not clear",
    before: |play| Box::pin(play.place("ann", &[("led", 2)], "succeeded")),
    steps: script!(|play| {
        play.reply("ann", "Please cancel one of the two.").await;
        play.write("ann", "And when does the other one come?", false).await;
    }),
    spared: &["fill", "reconcile", "refund"],
    ..STORY
};

pub const WRITTEN: Story = Story {
    name: "a contact form that cancels",
    before: |play| Box::pin(play.place("ann", &[("led", 2)], "succeeded")),
    steps: |play| Box::pin(play.write("ann", "", true)),
    spared: &["dispatch", "fill", "reconcile", "refund", "send-email"],
    ..STORY
};

impl Play {
    /// `name` replies to the newest mail of the order, and everything that follows happens.
    pub async fn reply(&self, name: &str, words: &str) {
        self.world.settle().await;
        self.world.reply(&self.number(name), words).await;
        self.world.settle().await;
    }

    pub async fn write(&self, name: &str, words: &str, cancel: bool) {
        let mut body = json!({ "order_number": self.number(name), "email": address(name), "message": words });
        if cancel {
            tests::world::merge(&mut body, json!({ "intent": "cancel" }));
        }
        self.ask("POST", "/contact", &body).await;
    }

    /// SES sends a delivery event for a mail to `name`, and everything that follows happens.
    pub async fn mailed(&self, name: &str, special: serde_json::Value, mail: (&str, &str, u32)) {
        self.world.settle().await;
        report_event(&self.world, special, &address(name), &self.number(name), mail).await;
        self.world.settle().await;
    }

    pub async fn correct(&self, name: &str, email: &str) {
        let id = self.number(name);
        self.ask("POST", &format!("/orders/{id}/contact"), &json!({ "email": email })).await;
        self.moved(name, email);
    }
}

//! Stories of canceled orders: by customers, by expiry, before and after an order has its tickets.

use crate::injection::{STORY, Story};
use crate::play::script;

pub const PARTLY: Story = Story {
    name: "a customer who waits gives up a unit",
    before: script!(|play| {
        play.place("ann", &[("led", 3)], "succeeded").await;
        play.place("bob", &[("led", 1)], "succeeded").await;
    }),
    steps: |play| Box::pin(play.cancel("ann", "c1", Some(1))),
    ..STORY
};

/// A customer cancels two order lines that have their units. The units go to the next in line.
pub const ALL: Story = Story {
    name: "a customer who has two lines gives up both",
    skus: &["led", "bulb"],
    before: script!(|play| {
        play.arrive("r1", "led", "east", 2).await;
        play.arrive("r2", "bulb", "west", 2).await;
        play.place("ann", &[("led", 2), ("bulb", 1)], "requires_capture").await;
        play.place("bob", &[("led", 1)], "succeeded").await;
    }),
    steps: |play| Box::pin(play.cancel("ann", "c1", None)),
    spared: &["reconcile", "send-email"],
    ..STORY
};

/// Two orders have waited for 30 days. One of them holds a unit of another product.
pub const EXPIRED: Story = Story {
    name: "two orders that have waited for too long",
    policy: "bodybuilding",
    skus: &["led", "bulb"],
    before: script!(|play| {
        play.arrive("r1", "bulb", "east", 1).await;
        play.place("ann", &[("led", 2)], "succeeded").await;
        play.place("bob", &[("bulb", 1), ("led", 1)], "succeeded").await;
        play.expire("PT700H").await;
    }),
    steps: |play| Box::pin(play.expire("PT24H")),
    spared: &["fill", "reconcile", "refund", "send-email"],
    ..STORY
};

/// A product is discontinued. One order bought a unit in stock, one waiting order keeps its only unit, and another
/// waiting order also has another product.
pub const DISCONTINUED: Story = Story {
    name: "a product that will not come any more",
    skus: &["led", "bulb"],
    before: script!(|play| {
        play.arrive("r1", "led", "east", 2).await;
        play.arrive("r2", "bulb", "east", 1).await;
        play.place("ann", &[("led", 1)], "succeeded").await;
        play.place("bob", &[("led", 3)], "succeeded").await;
        play.place("cid", &[("bulb", 1), ("led", 2)], "succeeded").await;
    }),
    steps: |play| Box::pin(play.discontinue("led")),
    spared: &["reconcile", "send-email", "refund"],
    ..STORY
};

/// The payment is only reserved, and the order has no tickets yet.
pub const BEFORE_CAPTURE: Story = Story {
    name: "an order that is canceled before its payment was captured",
    before: script!(|play| {
        let capture = "POST /v1/payment_intents/{payment}/capture";
        play.place_and_vanish("ann", &[("led", 2)], "requires_capture", capture).await;
    }),
    steps: |play| Box::pin(play.cancel("ann", "c1", None)),
    ..STORY
};

/// The payment is captured and a number is drawn, but the order has no tickets yet.
pub const BEFORE_ITS_PLACES: Story = Story {
    name: "an order that is canceled before it has its places",
    before: script!(|play| {
        play.arrive("r1", "led", "east", 2).await;
        play.place_and_vanish("ann", &[("led", 2)], "succeeded", "TransactWriteItems").await;
    }),
    steps: |play| Box::pin(play.cancel("ann", "c1", None)),
    spared: &["reconcile", "send-email"],
    ..STORY
};

//! Stories of placing orders, whether or not the order gets its place.

use serde_json::json;

use crate::injection::{STORY, Story};
use crate::play::script;

/// A new order of goods in stock. There are more units than four lost draws can take.
pub const IN_STOCK: Story = Story {
    name: "an order of what is in stock",
    empty: true,
    steps: script!(|play| {
        play.product("led", json!({})).await;
        play.arrive("r1", "led", "east", 50).await;
        play.place("ann", &[("led", 2)], "succeeded").await;
    }),
    ..STORY
};

/// A new order of goods that are out of stock. The payment is reserved and must be captured.
pub const BACKORDER: Story = Story {
    name: "a backorder whose payment must be captured",
    steps: |play| Box::pin(play.place("ann", &[("led", 3)], "requires_capture")),
    spared: &["fill", "reconcile"],
    ..STORY
};

/// One order line is in stock, the other line is not.
pub const TWO_LINES: Story = Story {
    name: "an order of two lines, one of them on backorder",
    skus: &["led", "bulb"],
    before: |play| Box::pin(play.arrive("r1", "led", "east", 50)),
    steps: |play| Box::pin(play.place("ann", &[("led", 2), ("bulb", 1)], "succeeded")),
    spared: &["reconcile", "send-email"],
    ..STORY
};

/// The first order line draws its ticket, the second is refused.
pub const REFUSED: Story = Story {
    name: "an order that is refused after its first line had a number",
    skus: &["led", "bulb"],
    before: script!(|play| {
        play.product("bulb", json!({ "backorderable": false })).await;
        play.arrive("r1", "led", "east", 50).await;
    }),
    steps: |play| Box::pin(play.place("ann", &[("led", 2), ("bulb", 1)], "requires_capture")),
    spared: &["fill", "reconcile"],
    // If the process died and reconcile ended the order first, no client was left to get the refusal.
    may_add: &["ann canceled"],
    ..STORY
};

pub const DECLINED: Story = Story {
    name: "an order whose payment is declined",
    steps: |play| Box::pin(play.place("ann", &[("led", 3)], "declined")),
    ..STORY
};

/// A lost draw may hold the last unit, which the order wants.
pub const LAST_UNIT: Story = Story {
    name: "an order of the last unit of what cannot be backordered",
    before: script!(|play| {
        play.product("led", json!({ "backorderable": false })).await;
        play.arrive("r1", "led", "east", 1).await;
    }),
    steps: |play| Box::pin(play.place("ann", &[("led", 1)], "requires_capture")),
    spared: &["dispatch", "fill", "reconcile", "send-email"],
    ..STORY
};

/// The process died before it committed the tickets, and the client repeats.
pub const TAKEN_UP: Story = Story {
    name: "an order that a client takes up where a process died",
    skus: &["led", "bulb"],
    before: script!(|play| {
        play.arrive("r1", "led", "east", 50).await;
        play.place_and_vanish("ann", &[("led", 2), ("bulb", 1)], "requires_capture", "TransactWriteItems").await;
    }),
    steps: |play| Box::pin(play.place_again("ann")),
    spared: &["dispatch", "fill", "reconcile", "send-email"],
    ..STORY
};

/// The process died after drawing a number. The fill closes the gap, and the next order gets the voided units.
pub const CLOSED: Story = Story {
    name: "a number whose order never came",
    before: script!(|play| {
        play.arrive("r1", "led", "east", 2).await;
        // The gap is part of the story.
        play.begin().await;
        play.place_and_vanish("ann", &[("led", 2)], "succeeded", "TransactWriteItems").await;
    }),
    steps: |play| Box::pin(play.world.settle()),
    spared: &["dispatch", "reconcile", "send-email"],
    ..STORY
};

/// The process died and the client does not repeat. Reconcile captures the payment, commits the tickets and finishes an
/// adjustment.
pub const FINISHED: Story = Story {
    name: "an order and an adjustment that reconcile finishes",
    before: script!(|play| {
        play.arrive("r1", "led", "east", 50).await;
        let capture = "POST /v1/payment_intents/{payment}/capture";
        play.place_and_vanish("ann", &[("led", 2)], "requires_capture", capture).await;
        play.adjust_and_vanish("a1", "led", -10, "TransactWriteItems").await;
    }),
    steps: |play| Box::pin(play.reconcile("PT3M")),
    spared: &["fill", "send-email"],
    ..STORY
};

/// The process died and the client does not repeat. Reconcile has run once, and the second run may conclude that there
/// is no place.
pub const GIVEN_UP: Story = Story {
    name: "an order that reconcile refuses",
    skus: &["led", "bulb"],
    before: script!(|play| {
        play.product("bulb", json!({ "backorderable": false })).await;
        play.arrive("r1", "led", "east", 50).await;
        play.place_and_vanish("ann", &[("led", 2), ("bulb", 1)], "succeeded", "UpdateItem").await;
        play.reconcile("PT3M").await;
    }),
    steps: |play| Box::pin(play.reconcile("PT3M")),
    spared: &["fill", "reconcile Query", "refund", "send-email"],
    ..STORY
};

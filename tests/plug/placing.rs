//! Stories of orders that are placed.

use serde_json::json;

use crate::play::Play;
use crate::pull::Story;

/// From nothing to an order that is ready.
pub const IN_STOCK: Story = Story {
    name: "an order of what is in stock",
    policy: "ledriven",
    skus: &["led"],
    before: |_| Box::pin(async {}),
    steps: |play: &Play| {
        Box::pin(async move {
            play.product("led", json!({})).await;
            play.arrive("r1", "led", "east", 5).await;
            play.read("/products/led/availability").await;
            play.place("ann", &[("led", 2)], "succeeded").await;
            play.look("ann").await;
            play.read("/products/led/line").await;
        })
    },
    spared: &[],
    may_add: &[],
};

/// Nothing is there; the money is reserved and must be taken.
pub const BACKORDER: Story = Story {
    name: "a backorder whose payment must be captured",
    policy: "ledriven",
    skus: &["led"],
    before: |play| Box::pin(play.product("led", json!({}))),
    steps: |play| Box::pin(play.place("ann", &[("led", 3)], "requires_capture")),
    spared: &[],
    may_add: &[],
};

//! Stories of the shop's policy: it is set, and what it limits is counted.

use serde_json::json;

use crate::play::script;
use crate::pull::{STORY, Story};

/// The policy is set, and an order that it does not allow shows that it holds.
pub const SET: Story = Story {
    name: "a policy that is set",
    before: |play| Box::pin(play.product("led", json!({}))),
    steps: script!(|play| {
        play.limits(json!({ "units_per_order": 2 })).await;
        play.place("ann", &[("led", 3)], "succeeded").await;
        play.place("bob", &[("led", 2)], "succeeded").await;
    }),
    spared: &["dispatch", "fill", "reconcile", "send-email"],
    ..STORY
};

/// A customer buys up to the limit, gives a unit up, and buys up to it again: no unit is counted twice or forgotten.
pub const LIMITED: Story = Story {
    name: "a customer who buys up to the shop's limit",
    before: script!(|play| {
        play.product("led", json!({})).await;
        play.arrive("r1", "led", "east", 50).await;
        play.limits(json!({ "units_per_customer": 3 })).await;
    }),
    steps: script!(|play| {
        play.place("ann", &[("led", 3)], "requires_capture").await;
        play.place("ann", &[("led", 1)], "succeeded").await;
        play.place_again("ann").await;
    }),
    spared: &["dispatch", "fill", "reconcile", "send-email"],
    ..STORY
};

/// The same while it gives up: what is given up makes room for just as much.
pub const GIVEN_UP: Story = Story {
    name: "a customer at the shop's limit who gives a unit up",
    before: script!(|play| {
        play.product("led", json!({})).await;
        play.limits(json!({ "units_per_customer": 3 })).await;
        play.place("ann", &[("led", 3)], "succeeded").await;
    }),
    steps: script!(|play| {
        play.cancel("ann", "c1", Some(1)).await;
        play.place("ann", &[("led", 2)], "succeeded").await;
        play.place("ann", &[("led", 1)], "succeeded").await;
        play.place("ann", &[("led", 1)], "succeeded").await;
    }),
    spared: &["dispatch", "fill", "place-order", "reconcile", "refund", "send-email"],
    ..STORY
};

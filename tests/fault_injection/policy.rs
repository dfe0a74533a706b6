//! Stories of the shop's policy: setting it, and counting what it limits.

use serde_json::json;

use crate::injection::{STORY, Story};
use crate::play::script;

/// The policy is set, and a refused order shows that it applies.
pub const SET: Story = Story {
    name: "a policy that is set",
    steps: script!(|play| {
        play.limits(json!({ "units_per_order": 2 })).await;
        play.place("ann", &[("led", 3)], "succeeded").await;
        play.place("bob", &[("led", 2)], "succeeded").await;
    }),
    spared: &["dispatch", "fill", "reconcile", "send-email"],
    ..STORY
};

/// A customer buys up to the limit and tries again. No unit is counted twice or forgotten.
pub const LIMITED: Story = Story {
    name: "a customer who buys up to the shop's limit",
    before: script!(|play| {
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

/// A customer at the limit cancels units. This makes room for exactly as many.
pub const GIVEN_UP: Story = Story {
    name: "a customer at the shop's limit who gives a unit up",
    before: script!(|play| {
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

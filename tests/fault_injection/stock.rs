//! Stories of arrivals, losses and parcels, of reads, and of repeated requests.

use serde_json::json;

use crate::injection::{STORY, Story};
use crate::play::script;

/// Goods arrive for all waiting orders but the last, which gets a part.
pub const ARRIVAL: Story = Story {
    name: "an arrival for three who wait",
    before: script!(|play| {
        play.place("ann", &[("led", 1)], "succeeded").await;
        play.place("bob", &[("led", 3)], "succeeded").await;
        play.place("cid", &[("led", 4)], "succeeded").await;
    }),
    steps: |play| Box::pin(play.arrive("r1", "led", "east", 6)),
    ..STORY
};

/// Goods are announced, moved and withdrawn, and then arrive. An order is promised their day.
pub const EXPECTED: Story = Story {
    name: "goods that are expected",
    steps: script!(|play| {
        play.expect("r1", "led", 2).await;
        play.expect("r2", "led", 3).await;
        play.place("ann", &[("led", 1)], "succeeded").await;
        play.expect("r2", "led", 0).await;
        play.arrive("r1", "led", "east", 2).await;
        play.expect("r1", "led", 2).await;
        play.read("/products/led/expected-receipts").await;
    }),
    ..STORY
};

/// Units are lost, first unassigned ones, then those of the newest orders. Some are found again.
pub const COUNTED: Story = Story {
    name: "a shelf that is counted",
    before: script!(|play| {
        play.arrive("r1", "led", "east", 4).await;
        play.place("ann", &[("led", 2)], "succeeded").await;
        play.place("bob", &[("led", 1)], "succeeded").await;
    }),
    steps: script!(|play| {
        play.adjust("a1", "led", -3).await;
        play.adjust("a2", "led", 1).await;
    }),
    ..STORY
};

/// An order's units lie in two warehouses.
pub const SHIPPED: Story = Story {
    name: "two parcels of an order",
    skus: &["led", "bulb"],
    before: script!(|play| {
        play.arrive("r1", "led", "east", 1).await;
        play.arrive("r2", "led", "west", 1).await;
        play.arrive("r3", "bulb", "east", 1).await;
        play.place("ann", &[("led", 2), ("bulb", 1)], "succeeded").await;
    }),
    steps: script!(|play| {
        play.ship("ann", "s1", "east").await;
        play.ship("ann", "s2", "west").await;
    }),
    ..STORY
};

pub const LOOKED_AT: Story = Story {
    name: "a product that changes, and all that can be looked at",
    before: script!(|play| {
        play.arrive("r1", "led", "east", 2).await;
        play.place("ann", &[("led", 2)], "succeeded").await;
        play.place("bob", &[("led", 2)], "succeeded").await;
    }),
    steps: script!(|play| {
        play.product("led", json!({ "lead_time_days": { "min": 3, "max": 9 } })).await;
        play.read("/products/led/availability?quantity=2").await;
        play.read("/products/led/line").await;
        play.read("/shipments/ready").await;
        play.look("bob").await;
        play.search("ann").await;
    }),
    ..STORY
};

pub const REPEATED: Story = Story {
    name: "requests that come twice",
    before: script!(|play| {
        play.arrive("r1", "led", "east", 5).await;
        play.place("ann", &[("led", 2)], "succeeded").await;
        play.place("bob", &[("led", 2)], "succeeded").await;
        play.world.settle().await;
        play.adjust("a1", "led", -1).await;
        play.cancel("bob", "c1", Some(1)).await;
        play.ship("ann", "s1", "east").await;
    }),
    steps: script!(|play| {
        play.arrive("r1", "led", "east", 5).await;
        play.place_again("ann").await;
        play.adjust("a1", "led", -1).await;
        play.cancel("bob", "c1", Some(1)).await;
        play.ship("ann", "s1", "east").await;
    }),
    ..STORY
};

//! Stories of swaps, made and refused.

use serde_json::{Value, json};
use tests::world::merge;

use crate::injection::{STORY, Story};
use crate::play::{Play, open, script};

/// A shop in which `led` may be swapped for `bulb`, which has no stock.
async fn shop(play: &Play, price: i64, backorderable: bool) {
    play.product("led", json!({ "similar": ["bulb"] })).await;
    let price = json!({ "amount": price, "currency": "USD" });
    play.product("bulb", json!({ "price": price, "backorderable": backorderable })).await;
}

/// The same shop with a dearer bulb. An order of two LEDs waits, and the payment of the difference is reserved.
async fn dearer(play: &Play, backorderable: bool) {
    shop(play, 1250, backorderable).await;
    play.place("ann", &[("led", 2)], "succeeded").await;
    play.offer("ann", 500, "requires_capture").await;
}

const SWAP: Story = Story { skus: &["led", "bulb"], steps: |play| Box::pin(play.swap("ann", "c1", "bulb")), ..STORY };

/// The new product is cheaper, and an assigned unit of the old one goes to the next in line.
pub const CHEAPER: Story = Story {
    name: "an item that is swapped for what is cheaper",
    before: script!(|play| {
        shop(play, 700, true).await;
        play.arrive("r1", "led", "east", 1).await;
        play.place("ann", &[("led", 2)], "succeeded").await;
        play.place("bob", &[("led", 1)], "succeeded").await;
        play.arrive("r2", "bulb", "west", 5).await;
    }),
    spared: &["fill", "reconcile", "send-email"],
    ..SWAP
};

/// The difference is reserved and must be captured.
pub const DEARER: Story = Story {
    name: "an item that is swapped for what is dearer",
    before: |play| Box::pin(dearer(play, true)),
    spared: &["fill", "reconcile"],
    ..SWAP
};

/// The swap is refused: the old place stays, and the money goes back.
pub const REFUSED: Story = Story {
    name: "an item that is swapped for what is sold out",
    before: |play| Box::pin(dearer(play, false)),
    spared: &["fill", "reconcile"],
    // If the process died and reconcile ended the swap first, no client was left to get the refusal.
    may_add: &["ann changed"],
    ..SWAP
};

/// A lost draw may hold the last unit, which the swap wants.
pub const LAST_UNIT: Story = Story {
    name: "an item that is swapped for the last unit of another",
    before: script!(|play| {
        shop(play, 1000, false).await;
        play.arrive("r1", "bulb", "east", 1).await;
        play.place("ann", &[("led", 1)], "succeeded").await;
    }),
    spared: &["dispatch", "fill", "reconcile", "send-email"],
    ..SWAP
};

/// The process died before it captured the difference, and the client does not repeat.
pub const FINISHED: Story = Story {
    name: "a swap that reconcile finishes",
    before: script!(|play| {
        dearer(play, true).await;
        play.world.settle().await;
        play.swap_and_vanish("ann", "c1", "bulb", "POST /v1/payment_intents/{payment}/capture").await;
    }),
    steps: |play| Box::pin(play.reconcile("PT3M")),
    spared: &["dispatch", "fill", "send-email"],
    ..SWAP
};

/// The process died and the order line is canceled meanwhile. Reconcile refunds the difference.
pub const OVERTAKEN: Story = Story {
    name: "a swap whose line is canceled meanwhile",
    before: script!(|play| {
        dearer(play, true).await;
        play.world.settle().await;
        play.swap_and_vanish("ann", "c1", "bulb", "UpdateItem").await;
        play.cancel("ann", "c2", Some(1)).await;
    }),
    steps: |play| Box::pin(play.reconcile("PT3M")),
    spared: &["dispatch", "fill", "send-email"],
    ..SWAP
};

impl Play {
    /// `name` gets a payment for the difference of a swap. `payment` is its outcome.
    pub async fn offer(&self, name: &str, amount: i64, payment: &str) {
        let reference = self.world.shop.pay(amount, payment).await.unwrap();
        open(&self.extras).insert(format!("{name}'s difference"), reference);
    }

    /// `name` swaps the first order line for another product, with the payment for the difference if there is one.
    pub async fn swap(&self, name: &str, change: &str, sku: &str) {
        let (path, body) = self.swapping(name, change, sku);
        self.ask("POST", &path, &body).await;
    }

    /// Swaps as `swap` does, but the process ends before its first call of `operation`.
    pub async fn swap_and_vanish(&self, name: &str, change: &str, sku: &str, operation: &'static str) {
        let (path, body) = self.swapping(name, change, sku);
        self.vanish(&path, &body, operation).await;
    }

    fn swapping(&self, name: &str, change: &str, sku: &str) -> (String, Value) {
        let mut body = json!({ "change_id": change, "sku": sku });
        if let Some(payment) = open(&self.extras).get(&format!("{name}'s difference")) {
            merge(&mut body, json!({ "payment_reference": payment }));
        }
        (format!("/orders/{}/lines/1/swap", self.number(name)), body)
    }
}

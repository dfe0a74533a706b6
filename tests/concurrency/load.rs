//! The actors of a concurrent run, buyers, cancelers and trucks, and what they share.

use std::sync::Mutex;

use serde_json::json;
use tests::World;
use tokio::sync::watch;

use crate::chance::of_actor;
use crate::history::{Purchase, buy, give_up, receive};

/// The state that the actors share.
pub struct Load<'a> {
    pub world: &'a World,
    pub seed: u64,
    pub purchases: Mutex<Vec<Purchase>>,
    pub over: watch::Sender<usize>,
}

impl<'a> Load<'a> {
    pub fn new(world: &'a World, seed: u64) -> Self {
        Self { world, seed, purchases: Mutex::default(), over: watch::Sender::new(0) }
    }

    /// A buyer places orders one after the other. `basket` draws their lines.
    pub async fn buyer(
        &self,
        actor: usize,
        orders: usize,
        basket: impl Fn(&mut fastrand::Rng) -> Vec<(&'static str, i64)>,
    ) {
        let mut chance = of_actor(self.seed, actor);
        for _ in 0..orders {
            let lines = basket(&mut chance);
            let purchase = buy(self.world, &lines, json!({}), chance.u8(0..5) == 0).await;
            self.purchases.lock().unwrap().push(purchase);
            self.over.send_modify(|over| *over += 1);
        }
    }

    /// A canceler cancels a random accepted order each time the number of finished purchases reaches one of `moments`.
    pub async fn canceler(&self, actor: usize, moments: impl IntoIterator<Item = usize>) {
        let mut chance = of_actor(self.seed, 1_000 + actor);
        for moment in moments {
            self.after(moment).await;
            let accepted: Vec<String> = {
                let purchases = self.purchases.lock().unwrap();
                purchases.iter().filter_map(Purchase::order_id).map(str::to_owned).collect()
            };
            if let Some(order) = chance.choice(&accepted) {
                give_up(self.world, order).await;
            }
        }
    }

    /// A truck brings the next of `pieces` after every `every` finished purchases, to two warehouses in turn.
    pub async fn truck(&self, sku: &str, pieces: &[i64], every: usize) {
        for (at, piece) in pieces.iter().enumerate() {
            self.after((at + 1) * every).await;
            receive(self.world, sku, ["east", "west"][at % 2], *piece).await;
        }
    }

    pub async fn after(&self, moment: usize) {
        self.over.subscribe().wait_for(|over| *over >= moment).await.unwrap();
    }
}

//! A shop that keeps its data is stopped and started again. All data is there, and unfinished work continues.

use std::path::PathBuf;

use serde_json::json;
use tests::World;
use tests::world::kept_in;

/// A directory for one test. It is removed when the test ends.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("backorder-{:016x}", fastrand::u64(..))))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_orders_mails_payments_and_the_clock_survive_a_restart() {
    let directory = Directory::new();
    let world = World::with(kept_in(&directory.0)).await;
    world.product("led").await;
    let body = world.order("led", 2).body().await;
    let placed = world.shop.post("/orders", &body).await.unwrap();
    let id = placed.text("/order_id").to_owned();
    world.arrive("led", 1).await;
    world.advance_and_settle("P3D").await;
    let (order, inbox) = (world.look(&id).await.body, world.inbox().await);
    let (payments, line) = (world.shop.get("/_local/payments").await.unwrap().body, world.line("led").await.body);
    let token = world.shop.as_customer(&id).await.unwrap();
    assert_eq!(token.get(&format!("/orders/{id}")).await.unwrap().status, 200);
    let before = world.shop.post("/_local/clock", &json!({ "advance": "PT1S" })).await.unwrap().text("/now").to_owned();
    world.shutdown().await;

    let world = World::with(kept_in(&directory.0)).await;
    world.settle().await;
    let mut now = world.look(&id).await.body;
    now["status_url"] = order["status_url"].clone();
    assert_eq!((&now, &world.line("led").await.body), (&order, &line), "only the port in the link differs");
    assert_eq!((world.inbox().await, world.shop.get("/_local/payments").await.unwrap().body), (inbox, payments));
    let after = world.shop.post("/_local/clock", &json!({ "advance": "PT1S" })).await.unwrap().text("/now").to_owned();
    assert!(after > before && after[..10] == before[..10], "{before}, {after}");
    let again = world.shop.post("/orders", &body).await.unwrap();
    assert_eq!((again.status, again.text("/order_id")), (200, id.as_str()), "one payment is one order");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_what_was_under_way_at_the_stop_goes_on_after_the_start() {
    let directory = Directory::new();
    let world = World::with(kept_in(&directory.0)).await;
    world.product("led").await;
    world.settle().await;
    world.stack().delivery().pause();
    let first = world.order("led", 2).placed().await;
    let second = world.order("led", 1).placed().await;
    world.arrive("led", 1).await;
    assert_eq!(world.cancel(&first).await.text("/status"), "canceled");
    assert_eq!(world.inbox().await.len(), 0, "no mail has been sent yet");
    world.shutdown().await;

    let world = World::with(kept_in(&directory.0)).await;
    world.settle().await;
    assert_eq!(world.look(&second).await.text("/status"), "ready");
    let refund = world.look(&first).await;
    assert_eq!((refund.text("/status"), refund.text("/refunds/0/status")), ("canceled", "paid"));
    let mut mails = world.mails(&first).await;
    mails.sort();
    assert_eq!(mails, ["backorder-notice", "canceled", "order-confirmation"]);
    assert_eq!((world.mails(&second).await.len(), world.inbox().await.len()), (2, 5), "no mail was sent twice");
    world.assert_sound().await;
    world.shutdown().await;

    let world = World::with(kept_in(&directory.0)).await;
    world.settle().await;
    assert_eq!(world.inbox().await.len(), 5, "a third start repeats nothing");
    assert_eq!(world.ship(&second, "east").await.text("/status"), "shipped");
    world.settle().await;
    assert_eq!(world.mails(&second).await.len(), 3);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_who_waits_across_a_restart_expires_on_the_same_day() {
    let directory = Directory::new();
    let options = || {
        let policy = Some("bodybuilding".to_owned());
        local::Options { policy, ..kept_in(&directory.0) }
    };
    let world = World::with(options()).await;
    world.product("whey").await;
    let order = world.order("whey", 1).placed().await;
    world.advance_and_settle("P20D").await;
    world.shutdown().await;
    let world = World::with(options()).await;
    world.advance_and_settle("P10D").await;
    assert_eq!(world.look(&order).await.text("/status"), "waiting");
    world.advance_and_settle("P1D").await;
    assert_eq!(world.look(&order).await.text("/status"), "canceled");
    assert_eq!(world.mails(&order).await.len(), 3);
    world.assert_sound().await;
}

//! Orders that have waited longer than the policy allows are canceled, refunded and told. Other orders stay.

use serde_json::json;
use tests::World;
use tests::world::usd;

use crate::purchase::{
    BACKORDERED, CANCELED, CHANGED, CONFIRMATION, NOTICE, SHIPPED, assert_outbox, assert_problem, buy_and_settle,
    buy_in_turn, buy_one, standings, text,
};

#[tokio::test(flavor = "multi_thread")]
async fn r15_after_more_than_30_days_a_waiting_order_is_canceled_refunded_and_told() {
    let world = World::with_policy("bodybuilding").await.selling(&["whey"]).await;
    let order = buy_and_settle(&world, world.order("whey", 2).with(json!({ "shipping": usd(500) }))).await;
    world.advance_and_settle("P30D").await;
    assert_eq!((order.status().await, order.money().await), ("waiting", (2500, 0)), "30 days are not more than 30");
    world.advance_and_settle("P1D").await;
    let now = order.look().await;
    assert_eq!((now.text("/status"), now.number("/lines/0/canceled")), ("canceled", 2), "{:#}", now.body);
    assert_eq!((&now.body["refunded"], now.text("/refunds/0/status")), (&usd(2500), "paid"));
    assert_eq!(order.money().await, (2500, 2500));
    let mail = order.mail(CANCELED).await;
    assert!(
        text(&mail, "/text").contains("25.00") && text(&mail, "/text").contains("30 days"),
        "{}",
        text(&mail, "/text")
    );
    world.advance_and_settle("P5D").await;
    assert_eq!(order.money().await, (2500, 2500));
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_a_shop_that_cancels_nothing_by_itself_keeps_who_waits() {
    for policy in ["ledriven", "add-to-cart-backorder"] {
        let world = World::with_policy(policy).await.selling(&["led"]).await;
        let order = buy_one(&world, "led", 1).await;
        world.advance_and_settle("P90D").await;
        assert_eq!((order.status().await, order.money().await), ("waiting", (1000, 0)), "{policy}");
        world.arrive_and_settle("led", 1).await;
        assert_eq!(order.status().await, "ready");
        assert_outbox(&world, &[(&order, BACKORDERED)]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_an_order_that_holds_all_its_units_is_not_expired() {
    let world = World::with_policy("bodybuilding").await.selling(&["whey"]).await;
    let [served, waiting] = buy_in_turn(&world, "whey", [2, 1]).await;
    world.arrive_and_settle("whey", 2).await;
    world.advance_and_settle("P40D").await;
    assert_eq!(served.standing().await, ("ready", 2));
    assert_eq!(waiting.status().await, "canceled");
    assert_outbox(&world, &[(&served, BACKORDERED), (&waiting, &[CONFIRMATION, NOTICE, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_the_units_of_an_expired_head_go_to_the_next_in_line() {
    let world = World::with_policy("bodybuilding").await.selling(&["whey"]).await;
    let head = buy_one(&world, "whey", 3).await;
    world.arrive("whey", 2).await;
    world.advance("P20D").await;
    let [next, last] = buy_in_turn(&world, "whey", [1, 2]).await;
    world.advance_and_settle("P11D").await;
    assert_eq!((head.status().await, head.money().await), ("canceled", (3000, 3000)));
    assert_eq!(standings([&next, &last]).await, [("ready", 1), ("waiting", 1)]);
    assert_eq!(last.place_in_line().await, (0, 0));
    assert_outbox(&world, &[(&head, &[CONFIRMATION, NOTICE, CANCELED]), (&next, BACKORDERED), (&last, BACKORDERED)])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_where_orders_leave_in_parts_a_line_that_has_its_goods_is_not_expired_but_shipped() {
    let world = World::with_policy("bodybuilding").await.selling(&["whey", "bar"]).await;
    world.arrive("bar", 1).await;
    let order =
        buy_and_settle(&world, world.order_of(&[("whey", 1), ("bar", 1)]).with(json!({ "shipping": usd(300) }))).await;
    world.advance_and_settle("P32D").await;
    let now = order.look().await;
    assert_eq!((now.text("/lines/0/status"), now.text("/lines/1/status")), ("canceled", "assigned"));
    assert_eq!(order.money().await, (2300, 1000));
    assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "shipped");
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CHANGED, SHIPPED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_everybody_who_waited_too_long_is_expired_and_nobody_else() {
    let world = World::with_policy("bodybuilding").await.selling(&["whey", "bar"]).await;
    let mut old = Vec::new();
    for sku in ["whey", "bar", "whey", "whey"] {
        old.push(buy_one(&world, sku, 1).await);
    }
    old[2].cancel("c1", json!({})).await;
    world.advance("P2D").await;
    let young = buy_one(&world, "whey", 1).await;
    world.advance_and_settle("P29D").await;
    for order in &old {
        assert_eq!((order.status().await, order.money().await), ("canceled", (1000, 1000)));
    }
    assert_eq!((young.status().await, young.place_in_line().await), ("waiting", (0, 0)));
    let gone: &[&str] = &[CONFIRMATION, NOTICE, CANCELED];
    let mut outbox: Vec<_> = old.iter().map(|order| (order, gone)).collect();
    outbox.push((&young, BACKORDERED));
    assert_outbox(&world, &outbox).await;
    assert_problem(&old[0].cancel("c1", json!({})).await, 409, "already-canceled");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_r15_who_is_given_goods_that_have_come_is_not_expired_in_front_of_them() {
    let world = World::with_policy("bodybuilding").await.selling(&["whey"]).await;
    let [head, next] = buy_in_turn(&world, "whey", [2, 1]).await;
    world.settle().await;
    world.advance_and_settle("P30D").await;
    world.stack().delivery().pause();
    world.arrive("whey", 2).await;
    world.advance("P1D").await;
    world.resume_and_settle().await;
    assert_eq!(head.standing().await, ("ready", 2));
    assert_eq!(next.status().await, "canceled");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_what_was_lost_after_the_first_parcel_expires_and_the_parcel_stays_shipped() {
    let world = World::with_policy("bodybuilding").await.selling(&["whey"]).await;
    world.arrive_at("whey", "east", 1).await;
    world.arrive_at("whey", "west", 1).await;
    let order = buy_and_settle(&world, world.order("whey", 2).with(json!({ "shipping": usd(300) }))).await;
    assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "partly_shipped");
    world.adjust_and_settle("whey", "west", -1).await;
    let now = order.look().await;
    assert_eq!((now.number("/lines/0/shipped"), now.number("/lines/0/assigned")), (1, 0));
    assert_eq!(world.ready().await.body["parcels"], json!([]));
    world.advance_and_settle("P31D").await;
    let now = order.look().await;
    assert_eq!((now.text("/status"), now.number("/lines/0/canceled")), ("shipped", 1), "{:#}", now.body);
    assert_eq!(order.money().await, (2300, 1000), "shipping is not refunded, because a parcel was shipped");
    assert_outbox(&world, &[(&order, &[CONFIRMATION, SHIPPED, CHANGED, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_who_loses_goods_waits_anew_from_that_day() {
    let world = World::with_policy("bodybuilding").await.selling(&["whey"]).await;
    world.arrive("whey", 1).await;
    let order = buy_one(&world, "whey", 1).await;
    world.advance("P36D").await;
    world.adjust_and_settle("whey", "east", -1).await;
    world.advance_and_settle("P5D").await;
    assert_eq!(order.status().await, "waiting", "the order had its goods until five days ago");
    world.advance_and_settle("P26D").await;
    assert_eq!(order.status().await, "canceled");
    let written = text(&order.mail(CANCELED).await, "/text");
    assert!(written.contains("30 days"), "the mail does not count from the placing: {written}");
    world.assert_sound().await;
}

//! Repeated requests, repeated events, and concurrent clients: nothing is lost, and nothing is done twice.

use std::time::Duration;

use futures::future::join_all;
use local::Disturbance;
use serde_json::json;
use tests::World;

use crate::purchase::{
    BACKORDERED, CANCELED, CHANGED, CONFIRMATION, NOTICE, SHIPPED, assert_outbox, assert_problem, buy, buy_one,
    buy_one_and_settle, money, text, units,
};

#[tokio::test(flavor = "multi_thread")]
async fn r25_the_same_order_again_answers_with_the_order_as_it_is_now() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    let again = world.shop.post("/orders", &order.body).await.unwrap();
    assert_eq!((again.status, again.text("/order_id")), (200, order.id.as_str()), "{:#}", again.body);
    world.arrive_and_settle("led", 1).await;
    let again = world.shop.post("/orders", &order.body).await.unwrap();
    assert_eq!((again.status, again.text("/order_id"), again.text("/status")), (200, order.id.as_str(), "ready"));
    order.cancel("c1", json!({})).await;
    world.settle().await;
    let again = world.shop.post("/orders", &order.body).await.unwrap();
    assert_eq!((again.status, again.text("/status")), (200, "canceled"), "a canceled order does not come back");
    world.settle().await;
    assert_eq!(order.money().await, (1000, 1000));
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_another_order_under_the_same_payment_is_refused_and_the_first_stands() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let order = buy_one(&world, "led", 2).await;
    let mut other = order.body.clone();
    other["lines"][0]["sku"] = json!("lamp");
    assert_problem(&world.shop.post("/orders", &other).await.unwrap(), 409, "id-reused");
    let mut other = order.body.clone();
    other["customer"]["email"] = json!("eve@example.com");
    assert_problem(&world.shop.post("/orders", &other).await.unwrap(), 409, "id-reused");
    world.settle().await;
    assert_eq!((order.status().await, order.money().await), ("waiting", (2000, 0)));
    assert_eq!(world.line("lamp").await.body["waiting"], json!([]));
    assert_outbox(&world, &[(&order, BACKORDERED)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_the_same_order_from_many_connections_at_once_is_one_order() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let body = world.order_of(&[("led", 2), ("lamp", 1)]).paid("requires_capture").body().await;
    let answers = join_all((0..8).map(|_| world.shop.post("/orders", &body))).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|answer| [200, 201, 503].contains(&answer.status)), "{answers:#?}");
    assert!(answers.iter().any(|answer| answer.status < 300), "{answers:#?}");
    world.settle().await;
    world.advance_and_settle("PT5M").await;
    for (sku, units) in [("led", 2), ("lamp", 1)] {
        let line = world.line(sku).await;
        assert_eq!(line.body["waiting"].as_array().unwrap().len(), 1, "{:#}", line.body);
        assert_eq!(
            (line.number("/waiting/0/quantity"), line.number("/available")),
            (units, -units),
            "the units of unused draws are for sale again"
        );
    }
    assert_eq!(money(&world, &text(&body, "/payment_reference")).await, (3000, 0));
    let id = answers.iter().find(|answer| answer.status < 300).unwrap().text("/order_id").to_owned();
    let mut mails = world.mails(&id).await;
    mails.sort();
    assert_eq!((mails, world.inbox().await.len()), (vec![NOTICE.to_owned(), CONFIRMATION.to_owned()], 2));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_the_same_change_again_is_the_same_change_and_another_under_its_name_is_refused() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 3).await;
    for _ in 0..3 {
        let answer = order.cancel("c1", units(1, 1)).await;
        assert_eq!((answer.status, answer.number("/lines/0/canceled")), (200, 1), "{:#}", answer.body);
        world.settle().await;
    }
    assert_problem(&order.cancel("c1", json!({})).await, 409, "id-reused");
    assert_eq!(order.cancel("c2", json!({})).await.text("/status"), "canceled");
    let again = order.cancel("c1", units(1, 1)).await;
    assert_eq!(
        (again.status, again.text("/status")),
        (200, "canceled"),
        "the repeat answers with the order as it is now"
    );
    world.settle().await;
    assert_eq!(order.money().await, (3000, 3000));
    assert_eq!(order.look().await.body["refunds"].as_array().unwrap().len(), 2);
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CHANGED, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_a_cancel_and_a_shipment_at_once_leave_one_fate() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 6).await;
    for round in 0..6 {
        let order = buy_one_and_settle(&world, "led", 1).await;
        let (canceled, shipped) = if round % 2 == 0 {
            tokio::join!(order.cancel("c1", json!({})), order.ship("s1", "east", json!({})))
        } else {
            let (shipped, canceled) = tokio::join!(order.ship("s1", "east", json!({})), order.cancel("c1", json!({})));
            (canceled, shipped)
        };
        world.settle().await;
        match (canceled.status, shipped.status) {
            (200, 409) => assert_eq!((order.status().await, order.money().await), ("canceled", (1000, 1000))),
            (409, 200) => assert_eq!((order.status().await, order.money().await), ("shipped", (1000, 0))),
            both => panic!("{both:?}: {:#} {:#}", canceled.body, shipped.body),
        }
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_two_people_canceling_the_same_order_at_once_refund_it_once() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one_and_settle(&world, "led", 2).await;
    let (mine, yours) = tokio::join!(order.cancel("mine", json!({})), order.cancel("yours", json!({})));
    let mut statuses = [mine.status, yours.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{:#} {:#}", mine.body, yours.body);
    world.settle().await;
    assert_eq!(order.money().await, (2000, 2000));
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_events_that_come_twice_late_and_out_of_order_leave_what_one_clean_run_leaves() {
    let world = World::with_policy("bodybuilding").await;
    let longest_delay = Duration::from_millis(20);
    world.stack().delivery().disturb(Disturbance { duplicates: 1.0, longest_delay, reorder: true });
    world.product("whey").await;
    world.product("bar").await;
    let shipped = buy(&world, world.order_of(&[("whey", 2), ("bar", 1)])).await;
    let canceled = buy_one(&world, "whey", 2).await;
    let expired = buy_one(&world, "bar", 3).await;
    world.arrive("whey", 3).await;
    canceled.cancel("c1", json!({ "reason": "too slow" })).await;
    world.arrive_and_settle("bar", 1).await;
    assert_eq!(shipped.ship("s1", "east", json!({})).await.status, 200);
    world.advance_and_settle("P31D").await;
    let mut found = Vec::new();
    for order in [&shipped, &canceled, &expired] {
        found.push((order.status().await, order.money().await));
    }
    assert_eq!(found, [("shipped", (3000, 0)), ("canceled", (2000, 2000)), ("canceled", (3000, 3000))]);
    let gone: &[&str] = &[CONFIRMATION, NOTICE, CANCELED];
    assert_outbox(&world, &[(&shipped, &[CONFIRMATION, NOTICE, SHIPPED]), (&canceled, gone), (&expired, gone)]).await;
    assert_eq!(world.availability("whey").await.number("/available"), 1);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_a_product_put_again_keeps_its_line() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 2).await;
    world.arrive("led", 1).await;
    world.product("led").await;
    world.product_with("led", json!({ "name": "A new name", "backorderable": false })).await;
    world.settle().await;
    assert_eq!(order.standing().await, ("waiting", 1));
    world.arrive_and_settle("led", 2).await;
    assert_eq!(order.standing().await, ("ready", 2));
    assert_eq!(world.availability("led").await.number("/available"), 1);
    world.assert_sound().await;
}

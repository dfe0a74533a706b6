//! A mailer that fails for a while and then accepts every other mail, and mails that can never be sent. All other mails
//! arrive once, and each order's mails in sequence.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::join_all;
use local::state::Outgoing;
use serde_json::{Value, json};
use tests::{Fault, World};

use crate::chance::seed;

const ORDERS: usize = 12;
/// Number of failing calls before the first success.
const OUTAGE: usize = 24;

async fn mails_sent(world: &World, order: &str) -> Vec<String> {
    let inbox = world.inbox().await;
    let own = inbox.iter().filter(|mail| mail["order_id"] == order);
    own.map(|mail| mail["kind"].as_str().unwrap().to_owned()).collect()
}

async fn dead_letters(world: &World) -> Vec<Value> {
    world.shop.get("/_local/dead-letters").await.unwrap().body.as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_i7_an_outage_of_the_mailer_and_throttling_delay_mails_and_lose_or_repeat_none() {
    let chance = Mutex::new(fastrand::Rng::with_seed(seed("a mailer that fails", 41)));
    let world = World::new().await.selling(&["lamp"]).await;
    let (calls, down) = (AtomicUsize::new(0), [Fault::ServerError, Fault::Throttled, Fault::RequestLost]);
    world.tap().fault_where(move |call| {
        let asked = call.function == "send-email" && call.operation == "SendEmail";
        let number = if asked { calls.fetch_add(1, Ordering::SeqCst) } else { return None };
        let mut chance = chance.lock().unwrap();
        (number < OUTAGE || chance.u8(0..3) == 0).then(|| down[chance.usize(0..down.len())])
    });
    let orders = join_all((0..ORDERS).map(|_| world.order("lamp", 2).placed())).await;
    let some = json!({ "change_id": "c1", "lines": [{ "line": 1, "quantity": 1 }] });
    join_all(orders.iter().map(async |order| {
        let answer = world.shop.post(&format!("/orders/{order}/cancel"), &some).await.unwrap();
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        assert_eq!(world.cancel(order).await.status, 200);
    }))
    .await;
    world.settle().await;
    for order in &orders {
        let expected = ["order-confirmation", "backorder-notice", "changed", "canceled"];
        assert_eq!(mails_sent(&world, order).await, expected, "of {order}");
    }
    assert_eq!(world.inbox().await.len(), 4 * ORDERS);
    assert_eq!(dead_letters(&world).await, Vec::<Value>::new());
    let asked = world.tap().calls().iter().filter(|call| call.operation == "SendEmail").count();
    println!("{asked} calls for {} mails, {} of them faulted", 4 * ORDERS, world.tap().faulted());
    assert!(world.tap().faulted() > OUTAGE + 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn i7_i8_a_mail_that_can_never_be_sent_is_put_aside_and_those_behind_it_go() {
    let world = World::new().await.selling(&["lamp"]).await;
    let order = world.order("lamp", 1).placed().await;
    world.settle().await;
    let stack = world.stack();
    let queue = stack.template().queues.iter().find(|queue| queue.logical_id == "EmailQueue").unwrap();
    let body = json!({ "order_id": order, "kind": "shipped", "subject": "no-such-parcel" }).to_string();
    let impossible = Outgoing { body, group: order.clone(), deduplication: "x".to_owned(), ..Outgoing::default() };
    stack.state().send(queue, &[impossible], stack.clock().now().as_millisecond()).unwrap();
    assert_eq!(world.cancel(&order).await.status, 200);
    world.settle().await;
    assert_eq!(mails_sent(&world, &order).await, ["order-confirmation", "backorder-notice", "canceled"]);
    let dead = dead_letters(&world).await;
    assert_eq!(dead.len(), 1, "{dead:?}");
    assert!(dead[0]["queue"].as_str().unwrap().contains("EmailDeadLetters"), "{dead:?}");
    assert!(dead[0]["body"].as_str().unwrap().contains("no-such-parcel"), "{dead:?}");
}

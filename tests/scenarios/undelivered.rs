//! Undelivered mails (R24): the shop knows of them, the order shows them, staff gets a task, and a corrected address
//! gets them again.

use serde_json::{Value, json};
use tests::World;
use tests::mail::{bounced, complained, delivered, full, report_event};

use crate::purchase::{CANCELED, CONFIRMATION, NOTICE, SHIPPED, buy_and_settle, buy_one_and_settle, text};

/// The customer's address.
const ANN: &str = "ann@example.com";

async fn backorder(world: &World, email: &str) -> String {
    let order = world.order("led", 1).with(json!({ "customer": { "email": email, "name": "Ann Lee" } }));
    let id = order.placed().await;
    world.settle().await;
    id
}

async fn correct(world: &World, id: &str, email: &str) -> local::client::ApiResponse {
    let answer = world.shop.post(&format!("/orders/{id}/contact"), &json!({ "email": email })).await.unwrap();
    world.settle().await;
    answer
}

/// The recipients and kinds of an order's mails, oldest first.
async fn sent(world: &World, id: &str) -> Vec<(String, String)> {
    let inbox = world.inbox().await;
    let own = inbox.iter().filter(|mail| mail["order_id"] == id);
    own.map(|mail| (text(mail, "/to"), text(mail, "/kind"))).collect()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(to, kind)| ((*to).to_owned(), (*kind).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_a_dead_address_is_seen_on_the_order_told_to_staff_and_written_to_no_more() {
    let world = World::new().await.selling(&["led"]).await;
    let id = backorder(&world, "bounce@simulator.amazonses.com").await;
    let order = world.look(&id).await;
    assert_eq!(order.body["mail"]["deliverable"], false, "{:#}", order.body["mail"]);
    assert_eq!(order.text("/mail/reason"), "bounced");
    assert_eq!(order.text("/status"), "waiting", "the order continues");
    let open = world.staff_tasks().await;
    assert_eq!(open.len(), 1, "{open:#?}");
    assert_eq!((text(&open[0], "/kind"), text(&open[0], "/order_id")), ("undeliverable".to_owned(), id.clone()));
    for said in ["/what_happened", "/what_to_do"] {
        assert!(!text(&open[0], said).is_empty());
    }
    let before = world.mails(&id).await.len();
    world.arrive_and_settle("led", 1).await;
    assert_eq!(world.ship(&id, "east").await.status, 200);
    world.settle().await;
    assert_eq!(world.mails(&id).await.len(), before, "no further mail goes to that address");
    let missed = world.look(&id).await.body["mail"]["missed"].clone();
    assert!(missed.as_array().unwrap().contains(&json!(SHIPPED)), "{missed}");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_a_corrected_address_gets_what_was_missed_once_and_settles_the_task() {
    let world = World::new().await.selling(&["led"]).await;
    let id = backorder(&world, "bounce@simulator.amazonses.com").await;
    world.arrive_and_settle("led", 1).await;
    assert_eq!(world.ship(&id, "east").await.status, 200);
    world.settle().await;
    let answer = correct(&world, &id, ANN).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.body["mail"], json!({ "deliverable": true }));
    assert_eq!(correct(&world, &id, ANN).await.status, 200, "a repeat");
    let to_ann: Vec<_> = sent(&world, &id).await.into_iter().filter(|(to, _)| to == ANN).collect();
    let mut kinds: Vec<&str> = to_ann.iter().map(|(_, kind)| kind.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, [NOTICE, CONFIRMATION, SHIPPED]);
    assert_eq!(world.staff_tasks().await, Vec::<Value>::new());
    let found = world.shop.post("/orders/search", &json!({ "email": ANN })).await.unwrap();
    assert_eq!(found.text("/orders/0/order_id"), id, "the search finds the order by its current address");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_another_order_of_a_dead_address_hears_nothing_and_says_so() {
    let world = World::new().await.selling(&["led"]).await;
    backorder(&world, "bounce@simulator.amazonses.com").await;
    let second = backorder(&world, "Bounce@Simulator.amazonses.com").await;
    assert_eq!(world.mails(&second).await, Vec::<String>::new());
    let order = world.look(&second).await;
    assert_eq!(order.body["mail"]["deliverable"], false);
    assert_eq!(order.body["mail"]["missed"], json!([NOTICE, CONFIRMATION]));
    assert_eq!(world.staff_tasks().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_what_is_told_twice_late_and_in_any_order_is_noted_once() {
    let world = World::new().await.selling(&["led"]).await;
    let id = backorder(&world, ANN).await;
    let mail = (CONFIRMATION, "0", 0);
    for special in [delivered(), full(), bounced(), full(), delivered(), bounced()] {
        report_event(&world, special, ANN, &id, mail).await;
    }
    world.settle().await;
    report_event(&world, complained(), ANN, &id, mail).await;
    world.settle().await;
    let order = world.look(&id).await;
    assert_eq!(order.text("/mail/reason"), "complained", "the graver word stands: {:#}", order.body["mail"]);
    assert_eq!(order.body["mail"]["missed"], json!([CONFIRMATION]));
    assert_eq!(world.staff_tasks().await.len(), 1);
    assert_eq!(correct(&world, &id, "ann.lee@example.com").await.status, 200);
    report_event(&world, bounced(), ANN, &id, mail).await;
    report_event(&world, bounced(), ANN, &id, (NOTICE, "0", 0)).await;
    world.settle().await;
    assert_eq!(
        world.look(&id).await.body["mail"],
        json!({ "deliverable": true }),
        "the search does not find it by the old address"
    );
    let expected = pairs(&[
        (ANN, CONFIRMATION),
        (ANN, NOTICE),
        ("ann.lee@example.com", CONFIRMATION),
        ("ann.lee@example.com", NOTICE),
    ]);
    assert_eq!(sent(&world, &id).await, expected, "a mail whose failure is reported late is sent again, too");
    assert_eq!(world.staff_tasks().await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_a_full_mailbox_is_told_to_staff_and_the_next_mail_is_tried() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one_and_settle(&world, "led", 1).await;
    let email = text(&order.body, "/customer/email");
    report_event(&world, full(), &email, &order.id, (CONFIRMATION, "0", 0)).await;
    world.settle().await;
    let seen = order.look().await;
    assert_eq!(seen.body["mail"], json!({ "deliverable": true, "missed": [CONFIRMATION] }));
    assert_eq!(world.staff_tasks().await.len(), 1);
    assert_eq!(world.cancel(&order.id).await.status, 200);
    world.settle().await;
    assert!(world.mails(&order.id).await.contains(&CANCELED.to_owned()));
    assert_eq!(correct(&world, &order.id, &email).await.status, 200, "the same address is tried again");
    let confirmations = world.mails(&order.id).await.into_iter().filter(|kind| kind == CONFIRMATION).count();
    assert_eq!(confirmations, 2);
    assert_eq!(world.staff_tasks().await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_who_calls_a_mail_spam_is_written_to_no_more_unless_the_shop_says_so() {
    let world = World::new().await.selling(&["led"]).await;
    let id = backorder(&world, ANN).await;
    let spam = (CONFIRMATION, "0", 0);
    report_event(&world, complained(), ANN, &id, spam).await;
    world.settle().await;
    let order = world.look(&id).await;
    assert_eq!((order.body["mail"]["deliverable"].clone(), order.text("/mail/reason")), (json!(false), "complained"));
    let customer = world.shop.as_customer(&id).await.unwrap();
    let path = format!("/orders/{id}/contact");
    let answer = customer.post(&path, &json!({ "email": ANN })).await.unwrap();
    assert_eq!((answer.status, answer.code()), (409, "undeliverable"), "the customer's link may not do this");
    assert_eq!(correct(&world, &id, ANN).await.status, 200, "the shop may do this");
    assert_eq!(world.cancel(&id).await.status, 200);
    world.settle().await;
    assert_eq!(world.mails(&id).await.last().map(String::as_str), Some(CANCELED));
    let other = backorder(&world, ANN).await;
    assert_eq!(world.mails(&other).await.len(), 2, "the address takes mails again");
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_the_customers_link_may_correct_the_address_and_the_count_of_what_is_bought_goes_along() {
    let world = World::new().await;
    world.set_policy(json!({ "limits": { "units_per_customer": 2 } })).await;
    world.product("led").await;
    let id = world.order("led", 2).placed().await;
    world.settle().await;
    let customer = world.shop.as_customer(&id).await.unwrap();
    let path = format!("/orders/{id}/contact");
    let answer = customer.post(&path, &json!({ "email": "new@example.com" })).await.unwrap();
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.text("/customer/email"), "new@example.com");
    let by = |email: &str| world.order("led", 1).with(json!({ "customer": { "email": email, "name": "Ann" } }));
    assert_eq!(by("new@example.com").place().await.code(), "limit-reached");
    assert_eq!(world.cancel(&id).await.status, 200);
    by("new@example.com").placed().await;
    world.order("led", 2).placed().await;
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_an_order_with_two_lines_of_one_product_gets_another_address_too() {
    let world = World::new().await;
    world.set_policy(json!({ "limits": { "units_per_customer": 2 }, "shipping": { "parts": "as_available", "home_country": "US" } })).await;
    world.product("led").await;
    world.product_with("strip", json!({ "similar": ["led"] })).await;
    world.arrive("led", 1).await;
    let order = buy_and_settle(&world, world.order_of(&[("led", 1), ("strip", 1)])).await;
    assert_eq!(order.ship("p1", "east", json!({})).await.status, 200);
    world.settle().await;
    assert_eq!(order.swap("s1", 2, "led", None).await.status, 200);
    world.settle().await;
    let answer = correct(&world, &order.id, "new@example.com").await;
    assert_eq!((answer.status, answer.text("/customer/email")), (200, "new@example.com"), "{:?}", answer.body);
    let again = world.order("led", 1).with(json!({ "customer": { "email": "new@example.com", "name": "Ann" } }));
    assert_eq!(again.place().await.code(), "limit-reached");
}

//! The promises on each shop's page, kept under that shop's own policy: one file for each shop, one test for each
//! promise. This file has the promises that two shops share. PROMISES.md is generated from the names of these tests.

/// One test for each story that several shops share, in the shop of the calling file.
macro_rules! stories {
    ($(fn $test:ident() { $story:ident($($argument:expr),*) })+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$story(&shop().await $(, $argument)*).await;
            }
        )+
    };
}

mod add_to_cart;
mod bodybuilding;
mod ledriven;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde_json::json;
use tests::World;
use tests::world::usd;

use crate::purchase::{
    CANCELED, CONFIRMATION, SHIPPED, assert_problem, buy, buy_and_settle, buy_in_turn, buy_one, buy_one_and_settle,
    for_sale, mail_says, standings, text, words,
};

/// R1: an out-of-stock product can still be bought, and the button says so in the shop's words.
async fn out_of_stock_can_be_bought(world: &World, [in_stock, on_backorder]: [&str; 2]) {
    world.product("red").await;
    world.product("blue").await;
    world.arrive("blue", 1).await;
    let button = |page: &local::client::ApiResponse| (page.text("/button").to_owned(), page.text("/status").to_owned());
    let red = world.availability("red").await;
    assert_eq!(button(&red), (on_backorder.to_owned(), "on_backorder".to_owned()));
    assert_eq!(button(&world.availability("blue").await), (in_stock.to_owned(), "in_stock".to_owned()));
    let order = buy_one(world, "red", 1).await;
    assert_eq!(order.placed.body["lines"][0]["backordered"], true);
    world.settle_and_assert_sound().await;
}

/// R2: the full payment is captured at once, in stock or not. Without it there is no place in line.
async fn payment_is_the_place(world: &World) {
    let first = buy(world, world.order("led", 2).paid("requires_capture")).await;
    assert_eq!(first.money().await, (2000, 0), "the payment is captured before the answer");
    assert_eq!(world.order("led", 1).paid("declined").place().await.status, 402);
    let second = buy_one(world, "led", 1).await;
    assert_eq!(second.place_in_line().await, (1, 2), "a declined order has no place");
    world.settle_and_assert_sound().await;
}

/// R3: units go to orders strictly in the order received.
async fn first_come_first_served(world: &World) {
    let line = buy_in_turn(world, "led", [2, 1, 1]).await;
    world.arrive_and_settle("led", 1).await;
    assert_eq!(line[0].standing().await, ("waiting", 1), "no smaller order passes");
    assert_eq!((line[1].standing().await.1, line[1].place_in_line().await), (0, (1, 1)));
    world.arrive_and_settle("led", 2).await;
    assert_eq!(standings(&line).await, [("ready", 2), ("ready", 1), ("waiting", 0)]);
    world.assert_sound().await;
}

/// R4: waiting orders ship before later ones when goods arrive, and the pick list is in the order received.
async fn ships_in_the_order_received(world: &World) {
    let [waited, waited_too] = buy_in_turn(world, "led", [1, 1]).await;
    world.arrive("led", 3).await;
    let late = buy_one_and_settle(world, "led", 1).await;
    let list = world.ready().await;
    let picked: Vec<_> = list.body["parcels"].as_array().unwrap().iter().map(|it| text(it, "/order_id")).collect();
    assert_eq!(picked, [waited.id.clone(), waited_too.id.clone(), late.id.clone()]);
    world.assert_sound().await;
}

/// R5: no unit is for sale while an order waits for it.
async fn nobody_is_passed(world: &World) {
    let waited = buy_one(world, "led", 2).await;
    world.arrive("led", 1).await;
    assert_eq!(for_sale(world, "led").await, ("on_backorder", 0));
    world.arrive_and_settle("led", 2).await;
    assert_eq!(waited.standing().await, ("ready", 2));
    assert_eq!(for_sale(world, "led").await, ("in_stock", 1));
    world.assert_sound().await;
}

/// R8: an order with goods in stock and on backorder is held and ships complete. The customer is advised to place two
/// orders.
async fn mixed_orders_ship_together(world: &World) {
    world.arrive("lamp", 1).await;
    let order = buy_and_settle(world, world.order_of(&[("lamp", 1), ("led", 1)])).await;
    let now = order.look().await;
    assert_eq!((now.text("/status"), now.text("/lines/0/status")), ("waiting", "assigned"), "the lamp is held");
    assert_problem(&order.ship("s1", "east", json!({})).await, 409, "not-released");
    mail_says(&order, CONFIRMATION, &["everything ships together", "two orders"]).await;
    world.arrive_and_settle("led", 1).await;
    let list = world.ready().await;
    assert_eq!(list.body["parcels"].as_array().unwrap().len(), 1);
    assert_eq!(list.body["parcels"][0]["lines"].as_array().unwrap().len(), 2);
    assert_eq!(order.ship("s2", "east", json!({})).await.text("/status"), "shipped");
    world.settle_and_assert_sound().await;
}

/// R12: a customer can cancel at any time before shipping, for a full refund.
async fn canceled_until_shipped(world: &World) {
    let waits = buy(world, world.order("led", 1).with(json!({ "shipping": usd(495) }))).await;
    let [ready, ships] = buy_in_turn(world, "led", [1, 1]).await;
    assert_eq!(waits.cancel("c1", json!({})).await.status, 200);
    world.arrive_and_settle("led", 2).await;
    assert_eq!(ready.cancel("c2", json!({})).await.status, 200, "the order has its units and can still be canceled");
    assert_eq!(ships.ship("s1", "east", json!({})).await.status, 200);
    assert_problem(&ships.cancel("c3", json!({})).await, 409, "already-shipped");
    world.settle().await;
    assert_eq!(
        (waits.money().await, ready.money().await, ships.money().await),
        ((1495, 1495), (1000, 1000), (1000, 0))
    );
    mail_says(&waits, CANCELED, &["14.95"]).await;
    world.assert_sound().await;
}

/// R13: the link in the confirmation cancels, and the mail names the other ways.
async fn canceled_by_the_link_in_the_mail(world: &World) {
    let order = buy_one_and_settle(world, "led", 1).await;
    let written = words(&order.mail(CONFIRMATION).await);
    assert!(written.contains("reply to this e-mail") && written.contains(&order.id), "{written}");
    let token = written.split("&token=").nth(1).unwrap().split_whitespace().next().unwrap();
    let path = format!("/orders/{}/cancel", order.id);
    let answer = world.shop.with_token(token).post(&path, &json!({ "change_id": "by-link" })).await.unwrap();
    assert_eq!((answer.status, answer.text("/status")), (200, "canceled"));
    world.settle().await;
    assert_eq!(order.money().await, (1000, 1000));
    world.assert_sound().await;
}

/// R13: a customer cancels by a reply to the confirmation, a new mail with the order's number, or the contact form.
async fn canceled_in_writing(world: &World) {
    let [reply, mail, form] = buy_in_turn(world, "led", [1, 1, 1]).await;
    world.settle().await;
    world.reply(&reply.id, "Please cancel my order.").await;
    let written = words(&mail.mail(CONFIRMATION).await);
    let shop = written.split("write to ").nth(1).unwrap().split_whitespace().next().unwrap();
    let email = text(&mail.body, "/customer/email");
    let raw = format!(
        "From: {email}\r\nTo: {shop}\r\nSubject: Order {}\r\nMessage-ID: <1@example.com>\r\n\r\nI want to cancel this order.\r\n",
        mail.id
    );
    assert_eq!(world.mail_in(raw.as_bytes(), "").await.status, 200);
    let written = json!({ "order_number": form.id, "email": email, "message": "", "intent": "cancel" });
    assert_eq!(world.shop.without_token().post("/contact", &written).await.unwrap().status, 202);
    world.settle().await;
    for order in [&reply, &mail, &form] {
        assert_eq!(order.status().await, "canceled");
        assert_eq!(order.money().await, (1000, 1000));
        assert_eq!(text(&order.mail(CANCELED).await, "/to"), email);
    }
    world.assert_sound().await;
}

/// R24: the shop knows which mails did not arrive. The order continues, and its page works.
async fn seen_that_it_did_not_arrive(world: &World) {
    let wrong = json!({ "customer": { "email": "bounce@simulator.amazonses.com", "name": "Ann Lee" } });
    let order = buy_and_settle(world, world.order("led", 1).with(wrong)).await;
    let (_, token) = order.placed.text("/status_url").split_once("&token=").unwrap();
    let seen = world.shop.with_token(token).get(&format!("/orders/{}", order.id)).await.unwrap();
    assert_eq!((seen.status, seen.text("/status")), (200, "waiting"));
    assert_eq!(seen.body["mail"]["deliverable"], false);
    let tasks = world.staff_tasks().await;
    assert_eq!(tasks.iter().map(|task| text(task, "/order_id")).collect::<Vec<_>>(), std::slice::from_ref(&order.id));
}

/// R16: ships within one business day of the goods' arrival.
async fn ships_within_one_business_day(world: &World, zone: &str) {
    let order = buy_one(world, "led", 1).await;
    world.arrive_and_settle("led", 1).await;
    let now = order.look().await;
    let arrived = shop_today(zone);
    assert_eq!(now.text("/ship_by"), business_day_after(arrived).to_string());
    assert_eq!(world.ready().await.text("/parcels/0/ship_by"), now.text("/ship_by"));
    world.assert_sound().await;
}

/// R18: the promised date stays, whatever the page says later.
async fn a_promise_stays(world: &World) {
    let order = buy_one(world, "led", 1).await;
    let promised = order.placed.body["promised_ship_date"].clone();
    assert!(promised["latest"].is_string(), "{promised}");
    world.product_with("led", json!({ "lead_time_days": { "min": 100, "max": 200 } })).await;
    assert_ne!(world.availability("led").await.body["estimated_ship_date"], promised);
    let now = order.look().await;
    assert_eq!((&now.body["promised_ship_date"], &now.body["lines"][0]["promised_ship_date"]), (&promised, &promised));
    world.settle().await;
}

/// R20, R22: the customer gets a mail at placing and, with the tracking number, a mail at shipping.
async fn told_when_placed_and_when_shipped(world: &World) {
    world.arrive("led", 1).await;
    let order = buy_one_and_settle(world, "led", 1).await;
    mail_says(&order, CONFIRMATION, &[&order.id, "Product led"]).await;
    assert_eq!(order.ship("s1", "east", json!({})).await.status, 200);
    world.settle().await;
    mail_says(&order, SHIPPED, &["UPS", "1Z-TRACK-7"]).await;
}

/// R24: the customer learns which address to put on the safe list, and can follow the order without any mail.
async fn told_of_the_safe_list(world: &World, address: &str) {
    let order = buy_one_and_settle(world, "led", 1).await;
    mail_says(&order, CONFIRMATION, &["safe senders list", address]).await;
    let (_, token) = order.placed.text("/status_url").split_once("&token=").unwrap();
    let seen = world.shop.with_token(token).get(&format!("/orders/{}", order.id)).await.unwrap();
    assert_eq!((seen.status, seen.text("/status")), (200, "waiting"));
}

/// The current day in the shop, if the clock has not moved.
fn shop_today(zone: &str) -> Date {
    aws::clock::Clock::default().now().to_zoned(TimeZone::get(zone).unwrap()).date()
}

/// The first Monday to Friday after a day.
fn business_day_after(day: Date) -> Date {
    let mut next = day.checked_add(1.day()).unwrap();
    while matches!(next.weekday(), Weekday::Saturday | Weekday::Sunday) {
        next = next.checked_add(1.day()).unwrap();
    }
    next
}

/// This day, or the first Monday to Friday after it.
fn business_day_from(day: Date) -> Date {
    business_day_after(day.checked_sub(1.day()).unwrap())
}

/// The day that is this many days after the current day in the shop, moved to a business day.
fn in_days(zone: &str, days: i64) -> Date {
    business_day_from(shop_today(zone).checked_add(days.days()).unwrap())
}

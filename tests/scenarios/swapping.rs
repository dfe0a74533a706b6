//! Swapping a waiting item for a similar one: the price, the places in line, and what stays unchanged.

use serde_json::{Value, json};
use tests::World;
use tests::world::usd;

use crate::purchase::{
    CANCELED, CHANGED, CONFIRMATION, NOTICE, Purchase, assert_outbox, assert_problem, buy, buy_and_settle, buy_in_turn,
    buy_one, buy_one_and_settle, money, text, units,
};

/// A shop with `led` at 10.00 and, as similar products, `same` at 10.00, `dear` at 12.50 and `cheap` at 7.00, all
/// without stock. `gone` is similar but sold out, and `other` is not similar.
pub async fn shop() -> World {
    let world = World::new().await;
    world.product_with("led", json!({ "similar": ["same", "dear", "cheap", "gone"] })).await;
    for (sku, price) in [("same", 1000), ("dear", 1250), ("cheap", 700), ("other", 1000)] {
        world.product_with(sku, json!({ "price": usd(price), "similar": ["led"] })).await;
    }
    world.product_with("gone", json!({ "backorderable": false, "price": usd(1250) })).await;
    world
}

/// The order lines as the shop sees them: sku, wanted units, status.
async fn lines(order: &Purchase<'_>) -> Vec<(String, i64, String)> {
    let order = order.look().await;
    let lines = order.body["lines"].as_array().unwrap();
    let left = |line: &Value| line["quantity"].as_i64().unwrap() - line["canceled"].as_i64().unwrap();
    lines.iter().map(|line| (text(line, "/sku"), left(line), text(line, "/status"))).collect()
}

fn line(sku: &str, left: i64, status: &str) -> (String, i64, String) {
    (sku.to_owned(), left, status.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_waiting_for_one_becomes_waiting_for_another_at_the_end_of_its_line() {
    let world = shop().await;
    let other = buy_one(&world, "same", 3).await;
    let [order, behind] = buy_in_turn(&world, "led", [2, 1]).await;
    world.settle().await;
    let answer = order.swap("s1", 1, "same", None).await;
    assert_eq!((answer.status, answer.text("/status")), (200, "waiting"), "{:#}", answer.body);
    let (old, new) = (&answer.body["lines"][0], &answer.body["lines"][1]);
    assert_eq!((&old["status"], &old["canceled"], &old["swapped_to"]), (&json!("canceled"), &json!(2), &json!(2)));
    assert_eq!((&old["refunded"], &answer.body["refunds"]), (&usd(0), &json!([])), "the swap itself makes no refund");
    assert_eq!((&new["sku"], &new["quantity"], &new["swapped_from"]), (&json!("same"), &json!(2), &json!(1)));
    assert_eq!((&new["backordered"], &new["changed"]), (&json!(true), &json!(false)));
    assert_eq!((&new["orders_ahead"], &new["units_ahead"]), (&json!(1), &json!(3)));
    assert!(new["promised_ship_date"]["latest"].is_string(), "{new:#}");
    world.settle().await;
    assert_eq!(behind.place_in_line().await, (0, 0), "the old line has no order ahead any more");
    world.arrive("led", 1).await;
    world.arrive_and_settle("same", 4).await;
    assert_eq!((behind.status().await, other.status().await), ("ready", "ready"));
    assert_eq!(lines(&order).await, [line("led", 0, "canceled"), line("same", 2, "waiting")]);
    world.arrive_and_settle("same", 1).await;
    assert_eq!(order.ship("p1", "east", json!({})).await.text("/status"), "shipped");
    assert_eq!(order.money().await, (2000, 0));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_waiting_is_swapped_for_what_is_in_stock_and_nobody_who_waits_is_passed() {
    let world = shop().await;
    world.arrive("same", 2).await;
    let order = buy_one_and_settle(&world, "led", 2).await;
    assert!(text(&order.mail(NOTICE).await, "/text").contains("swap it"), "the notice offers a swap");
    let answer = order.swap("s1", 1, "same", None).await;
    assert_eq!((answer.status, &answer.body["lines"][1]["backordered"]), (200, &json!(false)), "{:#}", answer.body);
    assert_eq!(world.availability("same").await.text("/status"), "on_backorder");
    world.settle().await;
    assert_eq!(order.status().await, "ready");
    let mail = order.mail(CHANGED).await;
    for words in ["Product led", "Product same", "swapped an item"] {
        assert!(text(&mail, "/text").contains(words) && text(&mail, "/html").contains(words), "{words}: {mail:#}");
    }
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CHANGED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_what_is_dearer_is_paid_before_anything_is_touched() {
    let world = shop().await;
    let order = buy_one_and_settle(&world, "led", 2).await;
    let unpaid = order.swap("s1", 1, "dear", None).await;
    assert_problem(&unpaid, 402, "payment-required");
    assert_eq!(unpaid.body["amount_due"], usd(500));
    for (amount, outcome, status, code) in
        [(499, "succeeded", 422, "payment-mismatch"), (500, "declined", 402, "payment-declined")]
    {
        let payment = world.shop.pay(amount, outcome).await.unwrap();
        assert_problem(&order.swap("s1", 1, "dear", Some(&payment)).await, status, code);
    }
    assert_problem(&order.swap("s1", 1, "dear", Some(&order.payment)).await, 422, "payment-mismatch");
    assert_eq!(lines(&order).await, [line("led", 2, "waiting")]);
    for outcome in ["succeeded", "requires_capture"] {
        let order = buy_one(&world, "led", 2).await;
        let payment = world.shop.pay(500, outcome).await.unwrap();
        let answer = order.swap("s1", 1, "dear", Some(&payment)).await;
        assert_eq!((answer.status, &answer.body["total"]), (200, &usd(2500)), "{:#}", answer.body);
        assert_eq!(money(&world, &payment).await, (500, 0));
        assert_eq!(answer.body["lines"][1]["unit_price"], usd(1250));
        world.settle().await;
        assert!(text(&order.mail(CHANGED).await, "/text").contains("You have paid 5.00 USD"));
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_what_is_cheaper_gives_the_difference_back_once() {
    let world = shop().await;
    let order = world.order("led", 2).each_line(&json!({ "discount": usd(100), "tax": usd(40) }));
    let order = buy_and_settle(&world, order).await;
    for _ in 0..2 {
        let answer = order.swap("s1", 1, "cheap", None).await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        assert_eq!(answer.body["refunds"][0]["amount"], usd(600));
        let new = &answer.body["lines"][1];
        assert_eq!((&new["tax"], &new["discount"]), (&usd(40), &usd(100)), "tax and discount move over");
        world.settle().await;
    }
    assert_eq!(order.money().await, (1940, 600));
    let mail = order.mail(CHANGED).await;
    assert!(text(&mail, "/text").contains("We are refunding 6.00 USD"), "{mail:#}");
    assert_eq!(order.cancel("c1", json!({})).await.text("/status"), "canceled");
    world.settle().await;
    assert_eq!(order.money().await, (1940, 1940));
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CHANGED, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_the_money_of_a_swapped_line_goes_back_to_the_payments_it_came_from() {
    let world = shop().await;
    let order = buy(&world, world.order("led", 2).with(json!({ "shipping": usd(300) }))).await;
    let payment = world.shop.pay(500, "succeeded").await.unwrap();
    assert_eq!(order.swap("s1", 1, "dear", Some(&payment)).await.status, 200);
    assert_eq!(order.cancel("c1", units(2, 1)).await.status, 200);
    world.settle().await;
    assert_eq!((order.money().await, money(&world, &payment).await), ((2300, 1250), (500, 0)));
    let answer = order.cancel("c2", json!({})).await;
    assert_eq!(answer.text("/status"), "canceled", "{:#}", answer.body);
    world.settle().await;
    assert_eq!((order.money().await, money(&world, &payment).await), ((2300, 2300), (500, 500)));
    let now = order.look().await;
    assert_eq!((&now.body["refunded"], &now.body["total"]), (&usd(2800), &usd(2800)));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_units_that_were_given_go_to_the_next_in_line_and_shipped_ones_stay() {
    let world = shop().await;
    world.product("lamp").await;
    world.arrive("led", 1).await;
    let order = buy(&world, world.order_of(&[("led", 3), ("lamp", 1)])).await;
    let next = buy_one_and_settle(&world, "led", 1).await;
    let answer = order.swap("s1", 1, "same", None).await;
    assert_eq!((answer.status, answer.number("/lines/2/quantity")), (200, 3), "{:#}", answer.body);
    world.settle().await;
    assert_eq!(next.status().await, "ready", "the next order got the freed unit");
    world.arrive_at("same", "east", 1).await;
    world.arrive_at("same", "west", 2).await;
    world.arrive_and_settle("lamp", 1).await;
    assert_eq!(order.ship("p1", "east", units(3, 1)).await.text("/status"), "partly_shipped");
    let back = order.swap("s2", 3, "led", None).await;
    assert_eq!((back.status, back.number("/lines/3/quantity")), (200, 2), "{:#}", back.body);
    assert_eq!((back.text("/lines/2/status"), back.number("/lines/2/shipped")), ("shipped", 1));
    world.settle().await;
    assert_eq!(world.availability("same").await.number("/available"), 2, "the unit is for sale again");
    assert_problem(&order.swap("s3", 3, "led", None).await, 409, "already-shipped");
    assert_problem(&order.swap("s4", 1, "same", None).await, 409, "already-canceled");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_a_refused_swap_keeps_the_old_place_and_gives_its_money_back() {
    let world = shop().await;
    let order = buy_one_and_settle(&world, "led", 1).await;
    for outcome in ["succeeded", "requires_capture"] {
        let payment = world.shop.pay(250, outcome).await.unwrap();
        for _ in 0..2 {
            let answer = order.swap(outcome, 1, "gone", Some(&payment)).await;
            assert_problem(&answer, 409, "sold-out");
            assert_eq!(answer.body["availability"][0]["sku"], "gone");
            world.settle().await;
        }
        let (captured, refunded) = money(&world, &payment).await;
        assert_eq!(captured, refunded, "everything that was captured is refunded");
        assert_eq!(lines(&order).await, [line("led", 1, "waiting")]);
    }
    assert_eq!(world.line("led").await.body["waiting"].as_array().unwrap().len(), 1);
    assert_eq!(order.swap("s2", 1, "same", None).await.status, 200, "the customer may try again");
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CHANGED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_what_came_by_a_swap_is_promised_and_expected_from_the_day_of_the_swap() {
    let world = shop().await;
    let order = buy_one(&world, "led", 1).await;
    world.advance_and_settle("P10D").await;
    let answer = order.swap("s1", 1, "same", None).await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    let later = order.look().await;
    for (shown, when) in [(&answer, "at once"), (&later, "later")] {
        let line = &shown.body["lines"][1];
        assert_eq!(line["estimated_ship_date"], line["promised_ship_date"], "{when}");
        assert_eq!(line["slipped"], json!(false), "{when}");
    }
    assert!(later.text("/lines/1/promised_ship_date/earliest") > later.text("/lines/0/promised_ship_date/earliest"));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_r18_what_was_swapped_is_promised_no_earlier_than_what_it_leaves_with() {
    let world = shop().await;
    world.arrive_and_settle("same", 1).await;
    let order = buy(&world, world.order_of(&[("led", 1), ("other", 1)])).await;
    assert_eq!(order.swap("s1", 1, "same", None).await.status, 200);
    let now = order.look().await;
    let (stays, new) = (&now.body["lines"][1], &now.body["lines"][2]);
    assert_eq!(new["backordered"], json!(false));
    assert_eq!((&new["promised_ship_date"], &new["slipped"]), (&stays["promised_ship_date"], &json!(false)), "{new:#}");
}

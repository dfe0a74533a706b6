//! Buying and paying, in stock and on backorder.

use serde_json::json;
use tests::World;
use tests::world::{order_body, usd};

use crate::purchase::{BACKORDERED, CONFIRMATION, assert_outbox, assert_problem, buy, buy_one, for_sale, money, text};

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_variant_out_of_stock_reads_backorder_beside_one_that_is_in_stock() {
    for (policy, in_stock, on_backorder) in [
        ("ledriven", Some("Add to Cart"), "Backorder"),
        ("add-to-cart-backorder", Some("Add to Cart"), "Backorder"),
        ("bodybuilding", None, "On Backorder"),
    ] {
        let world = World::with_policy(policy).await.selling(&["led-red", "led-blue"]).await;
        world.arrive("led-red", 1).await;
        let (red, blue) = (world.availability("led-red").await, world.availability("led-blue").await);
        assert_eq!((red.status, red.text("/sku"), red.text("/status")), (200, "led-red", "in_stock"));
        assert_eq!((red.number("/available"), red.number("/orders_waiting")), (1, 0));
        if let Some(button) = in_stock {
            assert_eq!(red.text("/button"), button, "{policy}");
        }
        assert_eq!((blue.text("/status"), blue.text("/button")), ("on_backorder", on_backorder), "{policy}");
        assert_eq!((blue.number("/available"), blue.number("/units_waiting")), (0, 0));
        assert!(!blue.text("/estimated_ship_date/earliest").is_empty(), "{:#}", blue.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_the_button_is_for_the_quantity_asked_for() {
    let world = World::new().await.selling(&["led"]).await;
    world.product_with("last", json!({ "backorderable": false })).await;
    for sku in ["led", "last"] {
        world.arrive(sku, 2).await;
    }
    let ask = async |sku: &str, quantity: i64| {
        let answer = world.shop.without_token().get(&format!("/products/{sku}/availability?quantity={quantity}")).await;
        text(&answer.unwrap().body, "/status")
    };
    assert_eq!((ask("led", 2).await.as_str(), ask("led", 3).await.as_str()), ("in_stock", "on_backorder"));
    assert_eq!((ask("last", 2).await.as_str(), ask("last", 3).await.as_str()), ("in_stock", "sold_out"));
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_who_waits_is_counted_on_the_page_in_orders_and_units() {
    let world = World::new().await.selling(&["led"]).await;
    buy_one(&world, "led", 3).await;
    buy_one(&world, "led", 2).await;
    let page = world.availability("led").await;
    assert_eq!((page.number("/orders_waiting"), page.number("/units_waiting"), page.number("/available")), (2, 5, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_an_item_out_of_stock_is_bought_and_waits_at_its_place() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 2).await.placed;
    assert_eq!(order.text("/status"), "waiting");
    let line = &order.body["lines"][0];
    assert_eq!((line["sku"].as_str(), line["quantity"].as_i64()), (Some("led"), Some(2)));
    assert_eq!((line["status"].as_str(), line["backordered"].as_bool()), (Some("waiting"), Some(true)));
    assert_eq!((order.number("/lines/0/assigned"), order.number("/lines/0/shipped")), (0, 0));
    assert_eq!((order.number("/lines/0/canceled"), order.number("/lines/0/ticket")), (0, 1));
    assert_eq!((&order.body["total"], &order.body["refunded"]), (&usd(2000), &usd(0)));
    assert!(!order.text("/lines/0/promised_ship_date/earliest").is_empty(), "{line:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_an_in_stock_order_answers_waiting_but_not_backordered_and_is_ready_moments_later() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 5).await;
    let order = buy_one(&world, "led", 2).await;
    assert_eq!(order.placed.text("/status"), "waiting");
    assert_eq!(order.placed.body["lines"][0]["backordered"], json!(false));
    world.settle().await;
    let now = order.look().await;
    assert_eq!(
        (now.text("/status"), now.text("/lines/0/status"), now.number("/lines/0/assigned")),
        ("ready", "assigned", 2)
    );
    assert!(!now.text("/ship_by").is_empty(), "{:#}", now.body);
    assert_eq!(world.availability("led").await.number("/available"), 3);
    assert_outbox(&world, &[(&order, &[CONFIRMATION])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_full_payment_is_taken_at_order_time_for_a_backorder_as_for_what_is_in_stock() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    world.arrive("lamp", 1).await;
    let order = world.order_of(&[("led", 3), ("lamp", 1)]).with(json!({ "shipping": usd(450) }));
    let order = buy(&world, order.each_line(&json!({ "tax": usd(80), "discount": usd(30) }))).await;
    assert_eq!(order.money().await, (4550, 0));
    assert_eq!(order.placed.body["total"], usd(4550));
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_a_payment_that_is_only_authorized_is_captured_for_its_place() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy(&world, world.order("led", 2).paid("requires_capture")).await;
    assert_eq!(order.money().await, (2000, 0));
    assert_outbox(&world, &[(&order, BACKORDERED)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_a_declined_payment_gets_no_place_and_a_repeat_asks_the_provider_again() {
    let world = World::new().await.selling(&["led"]).await;
    let body = world.order("led", 2).paid("declined").body().await;
    world.tap().clear();
    for _ in 0..2 {
        assert_problem(&world.shop.post("/orders", &body).await.unwrap(), 402, "payment-declined");
    }
    let asked = world.tap().calls().into_iter().filter(|call| call.operation.contains("{payment}")).count();
    assert!(asked >= 2, "402 is not final: the provider was asked {asked} times");
    let next = buy_one(&world, "led", 1).await;
    assert_eq!(next.place_in_line().await, (0, 0), "without a payment there is no place");
    world.settle().await;
    world.advance_and_settle("PT10M").await;
    assert_eq!(world.line("led").await.body["waiting"].as_array().unwrap().len(), 1);
    assert_eq!(money(&world, &text(&body, "/payment_reference")).await, (0, 0));
    assert_outbox(&world, &[(&next, BACKORDERED)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_a_declined_payment_that_is_mended_buys_the_place_it_has_then() {
    let world = World::new().await.selling(&["led"]).await;
    let body = world.order("led", 2).paid("declined").body().await;
    assert_problem(&world.shop.post("/orders", &body).await.unwrap(), 402, "payment-declined");
    let meanwhile = buy_one(&world, "led", 1).await;
    world.stack().state().mend_payment(&text(&body, "/payment_reference")).unwrap();
    let answer = world.shop.post("/orders", &body).await.unwrap();
    assert_eq!((answer.status, answer.text("/status")), (201, "waiting"), "{:#}", answer.body);
    assert_eq!(answer.number("/lines/0/orders_ahead"), 1, "the payment gives the place");
    let again = world.shop.post("/orders", &body).await.unwrap();
    assert_eq!((again.status, again.text("/order_id")), (200, answer.text("/order_id")));
    world.arrive_and_settle("led", 1).await;
    assert_eq!(meanwhile.status().await, "ready");
    assert_eq!(money(&world, &text(&body, "/payment_reference")).await, (2000, 0));
    assert_eq!(world.mails(answer.text("/order_id")).await.len(), 2);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_a_payment_of_another_amount_or_currency_buys_nothing_and_is_not_touched() {
    let world = World::new().await.selling(&["led"]).await;
    for (amount, currency) in [(1999, "USD"), (2001, "USD"), (2000, "EUR")] {
        let payment = json!({ "amount": amount, "currency": currency, "outcome": "requires_capture" });
        let payment = text(&world.shop.post("/_local/payments", &payment).await.unwrap().body, "/payment_reference");
        let mut body = order_body(&[("led", 2)]);
        body["payment_reference"] = json!(payment);
        assert_problem(&world.shop.post("/orders", &body).await.unwrap(), 422, "payment-mismatch");
        assert_eq!(money(&world, &payment).await, (0, 0));
    }
    world.settle().await;
    assert_eq!(world.line("led").await.body["waiting"], json!([]));
    assert_outbox(&world, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_a_request_refused_for_its_payments_amount_is_mended_and_repeated() {
    let world = World::new().await.selling(&["led"]).await;
    let mut body = world.order("led", 2).body().await;
    body["lines"][0]["quantity"] = json!(3);
    assert_problem(&world.shop.post("/orders", &body).await.unwrap(), 422, "payment-mismatch");
    body["lines"][0]["quantity"] = json!(2);
    let answer = world.shop.post("/orders", &body).await.unwrap();
    assert_eq!(answer.status, 201, "{:#}", answer.body);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_an_item_is_in_stock_if_any_warehouse_has_it() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive_at("led", "west", 1).await;
    world.arrive_at("led", "east", 2).await;
    assert_eq!(for_sale(&world, "led").await, ("in_stock", 3));
    let order = buy_one(&world, "led", 3).await;
    assert_eq!(order.placed.body["lines"][0]["backordered"], json!(false));
    world.settle().await;
    assert_eq!(order.standing().await, ("ready", 3));
}

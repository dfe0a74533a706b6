//! LEDRIVEN: orders ship complete, four to eight weeks, backorders only in the web shop.

use serde_json::json;
use tests::World;

use crate::purchase::{assert_problem, buy_one};

const ZONE: &str = "America/New_York";
/// In stock, and out of stock.
const BUTTONS: [&str; 2] = ["Add to Cart", "Backorder"];
const SENDER: &str = "orders@ledriven.example";

async fn shop() -> World {
    World::with_policy("ledriven").await.selling(&["led", "lamp"]).await
}

stories! {
    fn r1_out_of_stock_it_can_still_be_bought() { out_of_stock_can_be_bought(BUTTONS) }
    fn r2_the_payment_guarantees_the_place() { payment_is_the_place() }
    fn r3_backorders_are_filled_in_the_order_received() { first_come_first_served() }
    fn r4_who_waited_ships_before_who_orders_once_it_is_in_stock() { ships_in_the_order_received() }
    fn r5_nothing_is_on_sale_that_somebody_waits_for() { nobody_is_passed() }
    fn r8_what_is_in_stock_is_held_and_all_ships_together() { mixed_orders_ship_together() }
    fn r12_a_backorder_is_canceled_for_a_full_refund_until_it_ships() { canceled_until_shipped() }
    fn r13_the_confirmation_says_how_to_cancel_and_its_link_does() { canceled_by_the_link_in_the_mail() }
    fn r13_a_reply_a_mail_with_the_number_and_the_contact_form_cancel() { canceled_in_writing() }
    fn r16_a_backorder_ships_within_one_business_day_of_its_arrival() { ships_within_one_business_day(ZONE) }
    fn r18_a_date_that_was_promised_stays() { a_promise_stays() }
    fn r20_r22_a_mail_confirms_the_order_and_one_tells_the_tracking_number() { told_when_placed_and_when_shipped() }
    fn r24_customers_are_asked_to_put_the_sender_on_their_safe_list() { told_of_the_safe_list(SENDER) }
    fn r24_a_mail_that_does_not_arrive_is_seen_on_the_order_and_by_the_shop() { seen_that_it_did_not_arrive() }
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_backorders_are_taken_on_the_web_site_and_not_by_phone() {
    let world = shop().await;
    let by_phone = json!({ "channel": "phone" });
    let answer = world.order("led", 1).with(by_phone.clone()).place().await;
    assert_problem(&answer, 409, "phone-backorder");
    buy_one(&world, "led", 1).await;
    world.arrive_and_settle("led", 2).await;
    assert_eq!(world.order("led", 1).with(by_phone).place().await.status, 201, "goods in stock are sold by phone");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r19_four_to_eight_weeks_unless_the_supplier_and_the_place_in_line_say_otherwise() {
    let world = shop().await;
    let usual = world.availability("led").await;
    let window = (usual.text("/estimated_ship_date/earliest"), usual.text("/estimated_ship_date/latest"));
    let (weeks_4, weeks_8) = (super::in_days(ZONE, 28), super::in_days(ZONE, 56));
    assert_eq!(window, (weeks_4.to_string().as_str(), weeks_8.to_string().as_str()));
    let soon = super::in_days(ZONE, 9);
    let later = super::in_days(ZONE, 80);
    for (id, day, quantity) in [("e1", soon, 2), ("e2", later, 5)] {
        let body = json!({ "warehouse": "east", "quantity": quantity, "expected_on": day.to_string() });
        let answer = world.shop.put(&format!("/products/led/expected-receipts/{id}"), &body).await.unwrap();
        assert_eq!(answer.status, 200, "{:#}", answer.body);
    }
    let first = buy_one(&world, "led", 2).await;
    assert_eq!(first.placed.text("/promised_ship_date/earliest"), soon.to_string());
    let second = buy_one(&world, "led", 1).await;
    assert_eq!(second.placed.text("/promised_ship_date/earliest"), later.to_string(), "it waits longer");
    world.settle().await;
}

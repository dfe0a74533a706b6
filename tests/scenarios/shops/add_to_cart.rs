//! The shop whose "Add to Cart" button reads "Backorder": orders ship complete, and the product page shows a date.

use serde_json::json;
use tests::World;

use crate::purchase::buy_one;

const ZONE: &str = "America/Chicago";
/// In stock, and out of stock.
const BUTTONS: [&str; 2] = ["Add to Cart", "Backorder"];
const SENDER: &str = "orders@add-to-cart.example";

async fn shop() -> World {
    World::with_policy("add-to-cart-backorder").await.selling(&["led", "lamp"]).await
}

stories! {
    fn r1_the_button_of_a_variant_that_is_out_of_stock_reads_backorder() { out_of_stock_can_be_bought(BUTTONS) }
    fn r2_a_backorder_is_charged_as_a_regular_order() { payment_is_the_place() }
    fn r3_orders_are_fulfilled_in_the_order_received() { first_come_first_served() }
    fn r4_an_order_ships_before_those_that_were_placed_after_it() { ships_in_the_order_received() }
    fn r5_who_waits_is_served_before_it_is_back_in_stock_on_the_site() { nobody_is_passed() }
    fn r8_in_stock_items_are_held_until_all_ships_together() { mixed_orders_ship_together() }
    fn r12_an_order_is_canceled_for_a_full_refund_any_time_before_it_ships() { canceled_until_shipped() }
    fn r13_the_confirmation_says_how_to_cancel_and_its_link_does() { canceled_by_the_link_in_the_mail() }
    fn r13_a_reply_a_mail_with_the_number_and_the_contact_form_cancel() { canceled_in_writing() }
    fn r16_a_backordered_item_ships_within_one_business_day_of_being_back() { ships_within_one_business_day(ZONE) }
    fn r18_an_order_keeps_the_date_it_was_given() { a_promise_stays() }
    fn r20_r22_a_mail_confirms_the_order_and_one_tells_the_tracking_number() { told_when_placed_and_when_shipped() }
    fn r24_customers_are_asked_to_put_the_sender_on_their_safe_list() { told_of_the_safe_list(SENDER) }
    fn r24_a_mail_that_does_not_arrive_is_seen_on_the_order_and_by_the_shop() { seen_that_it_did_not_arrive() }
}

#[tokio::test(flavor = "multi_thread")]
async fn r17_the_page_has_the_date_of_a_backorder_placed_today_and_follows_supply_and_line() {
    let world = shop().await;
    let shown = async || world.availability("led").await.text("/estimated_ship_date/earliest").to_owned();
    let usual = super::in_days(ZONE, 14).to_string();
    assert_eq!(shown().await, usual);
    let soon = super::in_days(ZONE, 5);
    let body = json!({ "warehouse": "east", "quantity": 2, "expected_on": soon.to_string() });
    assert_eq!(world.shop.put("/products/led/expected-receipts/e1", &body).await.unwrap().status, 200);
    assert_eq!(shown().await, soon.to_string(), "the new supply is visible");
    buy_one(&world, "led", 2).await;
    assert_eq!(shown().await, usual, "both units are taken");
    world.settle().await;
}

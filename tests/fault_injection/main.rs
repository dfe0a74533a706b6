//! Fault injection at every call: each call of each function fails, loses its answer, or is the last one of its
//! process. Afterwards the shop's state must equal that of a run without faults (R25, I5 to I8).
//!
//! A run injects a third of the faults, a different third each time. With `EVERY_FAULT` set it injects all of them, as
//! the gate does. `.ci/nightly` adds the faults of reads that leave the same as others.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod cancel;
mod end_state;
mod fault;
mod injection;
mod keeping;
mod mail;
mod place_order;
mod play;
mod policy;
mod stock;
mod swap_line;

use injection::{Story, inject, inject_and_leave, inject_repeated_reads, inject_two};
use serde_json::json;

/// Defines a test for each group of stories, and the list of all stories for the tests with other faults.
macro_rules! stories {
    ($(fn $test:ident() { $($story:expr),+ })+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                $(inject($story).await;)+
            }
        )+

        const STORIES: [Story; [$($($story.name),+),+].len()] = [$($($story),+),+];
    };
}

stories! {
    fn r25_an_order_of_what_is_in_stock_survives_every_fault() { place_order::IN_STOCK }
    fn r25_a_backorder_survives_every_fault() { place_order::BACKORDER }
    fn r25_an_order_of_two_lines_survives_every_fault() { place_order::TWO_LINES }
    fn i5_a_refused_order_costs_nothing_whatever_call_fails() { place_order::REFUSED }
    fn r2_without_payment_there_is_no_place_whatever_call_fails() { place_order::DECLINED }
    fn i8_a_lost_draw_does_not_strand_the_last_unit() { place_order::LAST_UNIT }
    fn i6_an_order_is_taken_up_where_a_process_died_whatever_call_fails_then() { place_order::TAKEN_UP }
    fn i8_a_gap_is_closed_once_whatever_call_fails() { place_order::CLOSED }
    fn i8_reconcile_finishes_what_a_process_left_whatever_call_fails() { place_order::FINISHED }
    fn i8_reconcile_undoes_what_cannot_be_finished_whatever_call_fails() { place_order::GIVEN_UP }
    fn r3_an_arrival_serves_the_line_whatever_call_fails() { stock::ARRIVAL }
    fn r17_goods_are_expected_until_they_come_whatever_call_fails() { stock::EXPECTED }
    fn i1_lost_units_are_written_off_once_whatever_call_fails() { stock::COUNTED }
    fn r22_two_parcels_leave_once_whatever_call_fails() { stock::SHIPPED }
    fn r25_looking_changes_nothing_whatever_call_fails() { stock::LOOKED_AT }
    fn r25_a_request_that_comes_twice_changes_nothing_whatever_call_fails() { stock::REPEATED }
    fn r12_a_unit_is_given_up_once_whatever_call_fails() { cancel::PARTLY }
    fn r12_an_order_is_given_up_once_whatever_call_fails() { cancel::ALL }
    fn r15_an_order_expires_once_whatever_call_fails() { cancel::EXPIRED }
    fn r23_who_waits_for_what_will_not_come_is_let_go_once_whatever_call_fails() { cancel::DISCONTINUED }
    fn r28_a_policy_is_set_whole_whatever_call_fails() { policy::SET }
    fn r28_each_unit_of_a_customer_is_counted_once_whatever_call_fails() { policy::LIMITED, policy::GIVEN_UP }
    fn i5_nothing_is_captured_of_a_canceled_placing_whatever_call_fails() { cancel::BEFORE_CAPTURE }
    fn i5_a_canceled_placing_is_refunded_once_whatever_call_fails() { cancel::BEFORE_ITS_PLACES }
    fn r14_a_swap_for_what_is_cheaper_is_made_once_whatever_call_fails() { swap_line::CHEAPER }
    fn r14_a_swap_for_what_is_dearer_is_made_and_paid_once_whatever_call_fails() { swap_line::DEARER }
    fn r14_a_refused_swap_keeps_the_place_and_costs_nothing_whatever_call_fails() { swap_line::REFUSED }
    fn i8_a_lost_draw_of_a_swap_does_not_strand_the_last_unit() { swap_line::LAST_UNIT }
    fn i8_reconcile_finishes_a_swap_whatever_call_fails() { swap_line::FINISHED }
    fn i5_reconcile_undoes_a_swap_that_was_overtaken_whatever_call_fails() { swap_line::OVERTAKEN }
    fn r24_what_was_missed_is_sent_to_the_corrected_address_whatever_call_fails() { mail::BOUNCED, mail::COUNTED }
    fn r24_a_task_is_settled_once_whatever_call_fails() { mail::SETTLED }
    fn r24_a_dead_letter_has_one_task_whatever_call_fails() { mail::MEASURED }
    fn r13_what_a_customer_writes_is_done_once_whatever_call_fails() { mail::REPLIED, mail::WRITTEN }
    fn r13_what_is_not_clear_is_with_staff_once_whatever_call_fails() { mail::UNCLEAR }
}

/// The client does not repeat its request. The shop finishes or undoes what the request began.
#[tokio::test(flavor = "multi_thread")]
async fn i8_what_a_client_began_and_left_is_finished_or_undone() {
    inject_and_leave(place_order::BACKORDER, "place-order").await;
    inject_and_leave(place_order::TWO_LINES, "place-order").await;
    inject_and_leave(place_order::REFUSED, "place-order").await;
    inject_and_leave(place_order::LAST_UNIT, "place-order").await;
    inject_and_leave(stock::ARRIVAL, "stock-arrival").await;
    let adjusted = Story { steps: |play| Box::pin(play.adjust("a1", "led", -3)), ..stock::COUNTED };
    inject_and_leave(adjusted, "stock-adjustment").await;
    let shipped = Story { steps: |play| Box::pin(play.ship("ann", "s1", "east")), ..stock::SHIPPED };
    inject_and_leave(shipped, "shipment").await;
    let limits: Story = Story { steps: |play| Box::pin(play.limits(json!({ "units_per_order": 2 }))), ..policy::SET };
    inject_and_leave(limits, "policy").await;
    inject_and_leave(cancel::ALL, "cancel").await;
    inject_and_leave(cancel::DISCONTINUED, "product").await;
    inject_and_leave(swap_line::CHEAPER, "swap").await;
    inject_and_leave(swap_line::DEARER, "swap").await;
    inject_and_leave(swap_line::REFUSED, "swap").await;
    inject_and_leave(cancel::BEFORE_ITS_PLACES, "cancel").await;
    let product: Story =
        Story { steps: |play| Box::pin(play.product("led", json!({}))), empty: true, ..injection::STORY };
    inject_and_leave(Story { name: "a new product", ..product }, "product").await;
}

/// Takes longer than the gate allows, and finds nothing that a lasting failure of the read, or the end of the process
/// after the last write, does not find: `cargo test --test fault_injection -- --ignored --nocapture reads`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: reads that are repeated, and processes that end before a read"]
async fn r25_every_story_survives_reads_that_are_repeated() {
    for story in STORIES {
        inject_repeated_reads(story).await;
    }
}

/// Takes longer than the gate allows: `cargo test --test fault_injection -- --ignored --nocapture two_faults`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: two plugs at a time, drawn at random"]
async fn r25_every_story_survives_two_faults() {
    for story in STORIES {
        inject_two(story, 60).await;
    }
}

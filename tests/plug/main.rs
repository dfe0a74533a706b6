//! Fault injection at every call: each call of each function fails, loses its answer, or is the last one of its
//! process. Afterwards the shop's state must equal that of a run without faults (R25, I5 to I8).
//!
//! A run injects a third of the faults, a different third each time. With `EVERY_PLUG` set it injects all of them, as
//! the gate does.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod canceling;
mod keeping;
mod mailing;
mod outcome;
mod placing;
mod play;
mod plug;
mod pull;
mod serving;
mod setting;
mod swapping;

use pull::{Story, pull, pull_and_leave, pull_two};
use serde_json::json;

/// Defines a test for each group of stories, and the list of all stories for the tests with other faults.
macro_rules! stories {
    ($(fn $test:ident() { $($story:expr),+ })+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                $(pull($story).await;)+
            }
        )+

        const STORIES: [Story; [$($($story.name),+),+].len()] = [$($($story),+),+];
    };
}

stories! {
    fn r25_an_order_of_what_is_in_stock_survives_every_plug() { placing::IN_STOCK }
    fn r25_a_backorder_survives_every_plug() { placing::BACKORDER }
    fn r25_an_order_of_two_lines_survives_every_plug() { placing::TWO_LINES }
    fn i5_a_refused_order_costs_nothing_whatever_plug_is_pulled() { placing::REFUSED }
    fn r2_without_payment_there_is_no_place_whatever_plug_is_pulled() { placing::DECLINED }
    fn i8_a_lost_draw_does_not_strand_the_last_unit() { placing::LAST_UNIT }
    fn i6_an_order_is_taken_up_where_a_process_died_whatever_plug_is_pulled_then() { placing::TAKEN_UP }
    fn i8_a_hole_is_sealed_once_whatever_plug_is_pulled() { placing::SEALED }
    fn i8_reconcile_finishes_what_a_process_left_whatever_plug_is_pulled() { placing::FINISHED }
    fn i8_reconcile_undoes_what_cannot_be_finished_whatever_plug_is_pulled() { placing::GIVEN_UP }
    fn r3_an_arrival_serves_the_line_whatever_plug_is_pulled() { serving::ARRIVAL }
    fn r17_goods_are_expected_until_they_come_whatever_plug_is_pulled() { serving::EXPECTED }
    fn i1_lost_units_are_written_off_once_whatever_plug_is_pulled() { serving::COUNTED }
    fn r22_two_parcels_leave_once_whatever_plug_is_pulled() { serving::SHIPPED }
    fn r25_looking_changes_nothing_whatever_plug_is_pulled() { serving::LOOKED_AT }
    fn r25_a_request_that_comes_twice_changes_nothing_whatever_plug_is_pulled() { serving::REPEATED }
    fn r12_a_unit_is_given_up_once_whatever_plug_is_pulled() { canceling::PARTLY }
    fn r12_an_order_is_given_up_once_whatever_plug_is_pulled() { canceling::ALL }
    fn r15_an_order_expires_once_whatever_plug_is_pulled() { canceling::EXPIRED }
    fn r23_who_waits_for_what_will_not_come_is_let_go_once_whatever_plug_is_pulled() { canceling::DISCONTINUED }
    fn r28_a_policy_is_set_whole_whatever_plug_is_pulled() { setting::SET }
    fn r28_each_unit_of_a_customer_is_counted_once_whatever_plug_is_pulled() { setting::LIMITED, setting::GIVEN_UP }
    fn i5_nothing_is_captured_of_a_canceled_placing_whatever_plug_is_pulled() { canceling::BEFORE_CAPTURE }
    fn i5_a_canceled_placing_is_refunded_once_whatever_plug_is_pulled() { canceling::BEFORE_ITS_PLACES }
    fn r14_a_swap_for_what_is_cheaper_is_made_once_whatever_plug_is_pulled() { swapping::CHEAPER }
    fn r14_a_swap_for_what_is_dearer_is_made_and_paid_once_whatever_plug_is_pulled() { swapping::DEARER }
    fn r14_a_refused_swap_keeps_the_place_and_costs_nothing_whatever_plug_is_pulled() { swapping::REFUSED }
    fn i8_a_lost_draw_of_a_swap_does_not_strand_the_last_unit() { swapping::LAST_UNIT }
    fn i8_reconcile_finishes_a_swap_whatever_plug_is_pulled() { swapping::FINISHED }
    fn i5_reconcile_undoes_a_swap_that_was_overtaken_whatever_plug_is_pulled() { swapping::OVERTAKEN }
    fn r24_what_was_missed_is_sent_to_the_corrected_address_whatever_plug_is_pulled() { mailing::BOUNCED, mailing::COUNTED }
    fn r24_a_task_is_settled_once_whatever_plug_is_pulled() { mailing::SETTLED }
    fn r13_what_a_customer_writes_is_done_once_whatever_plug_is_pulled() { mailing::REPLIED, mailing::WRITTEN }
    fn r13_what_is_not_clear_is_with_staff_once_whatever_plug_is_pulled() { mailing::UNCLEAR }
}

/// The client does not repeat its request: what it began is finished or undone by the shop.
#[tokio::test(flavor = "multi_thread")]
async fn i8_what_a_client_began_and_left_is_finished_or_undone() {
    pull_and_leave(placing::BACKORDER, "place-order").await;
    pull_and_leave(placing::TWO_LINES, "place-order").await;
    pull_and_leave(placing::REFUSED, "place-order").await;
    pull_and_leave(placing::LAST_UNIT, "place-order").await;
    pull_and_leave(serving::ARRIVAL, "stock-arrival").await;
    pull_and_leave(
        Story { steps: |play| Box::pin(play.adjust("a1", "led", -3)), ..serving::COUNTED },
        "stock-adjustment",
    )
    .await;
    pull_and_leave(Story { steps: |play| Box::pin(play.ship("ann", "s1", "east")), ..serving::SHIPPED }, "shipment")
        .await;
    let limits: Story = Story { steps: |play| Box::pin(play.limits(json!({ "units_per_order": 2 }))), ..setting::SET };
    pull_and_leave(limits, "policy").await;
    pull_and_leave(canceling::ALL, "cancel").await;
    pull_and_leave(canceling::DISCONTINUED, "product").await;
    pull_and_leave(swapping::CHEAPER, "swap").await;
    pull_and_leave(swapping::DEARER, "swap").await;
    pull_and_leave(swapping::REFUSED, "swap").await;
    pull_and_leave(canceling::BEFORE_ITS_PLACES, "cancel").await;
    let product: Story = Story { steps: |play| Box::pin(play.product("led", json!({}))), empty: true, ..pull::STORY };
    pull_and_leave(Story { name: "a new product", ..product }, "product").await;
}

/// Takes longer than the gate allows: `cargo test -p tests --test plug -- --ignored --nocapture two_plugs`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: two plugs at a time, drawn at random"]
async fn r25_every_story_survives_two_plugs() {
    for story in STORIES {
        pull_two(story, 60).await;
    }
}

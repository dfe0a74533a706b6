//! Pulling the plug: for every single call that each function makes, it fails, loses its answer, or is the last one of
//! its process; afterwards everything is as after a clean run (R25, I5 to I8).
//!
//! A run pulls a third of the plugs, another third each time. With `EVERY_PLUG` set it pulls all of them, as the gate does.

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

#[tokio::test(flavor = "multi_thread")]
async fn r25_an_order_of_what_is_in_stock_survives_every_plug() {
    pull(placing::IN_STOCK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_a_backorder_survives_every_plug() {
    pull(placing::BACKORDER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_an_order_of_two_lines_survives_every_plug() {
    pull(placing::TWO_LINES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_refused_order_costs_nothing_whatever_plug_is_pulled() {
    pull(placing::REFUSED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_without_payment_there_is_no_place_whatever_plug_is_pulled() {
    pull(placing::DECLINED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_a_lost_draw_does_not_strand_the_last_unit() {
    pull(placing::LAST_UNIT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i6_an_order_is_taken_up_where_a_process_died_whatever_plug_is_pulled_then() {
    pull(placing::TAKEN_UP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_a_hole_is_sealed_once_whatever_plug_is_pulled() {
    pull(placing::SEALED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_reconcile_finishes_what_a_process_left_whatever_plug_is_pulled() {
    pull(placing::FINISHED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_reconcile_undoes_what_cannot_be_finished_whatever_plug_is_pulled() {
    pull(placing::GIVEN_UP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_an_arrival_serves_the_line_whatever_plug_is_pulled() {
    pull(serving::ARRIVAL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r17_goods_are_expected_until_they_come_whatever_plug_is_pulled() {
    pull(serving::EXPECTED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_lost_units_are_written_off_once_whatever_plug_is_pulled() {
    pull(serving::COUNTED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r22_two_parcels_leave_once_whatever_plug_is_pulled() {
    pull(serving::SHIPPED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_looking_changes_nothing_whatever_plug_is_pulled() {
    pull(serving::LOOKED_AT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_a_request_that_comes_twice_changes_nothing_whatever_plug_is_pulled() {
    pull(serving::REPEATED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_a_unit_is_given_up_once_whatever_plug_is_pulled() {
    pull(canceling::PARTLY).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_an_order_is_given_up_once_whatever_plug_is_pulled() {
    pull(canceling::ALL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_an_order_expires_once_whatever_plug_is_pulled() {
    pull(canceling::EXPIRED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r23_who_waits_for_what_will_not_come_is_let_go_once_whatever_plug_is_pulled() {
    pull(canceling::DISCONTINUED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_a_policy_is_set_whole_whatever_plug_is_pulled() {
    pull(setting::SET).await;
    pull_and_leave(
        Story { steps: |play| Box::pin(play.limits(json!({ "units_per_order": 2 }))), ..setting::SET },
        "policy",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_each_unit_of_a_customer_is_counted_once_whatever_plug_is_pulled() {
    pull(setting::LIMITED).await;
    pull(setting::GIVEN_UP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_nothing_is_captured_of_a_canceled_placing_whatever_plug_is_pulled() {
    pull(canceling::BEFORE_CAPTURE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_canceled_placing_is_refunded_once_whatever_plug_is_pulled() {
    pull(canceling::BEFORE_ITS_PLACES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_a_swap_for_what_is_cheaper_is_made_once_whatever_plug_is_pulled() {
    pull(swapping::CHEAPER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_a_swap_for_what_is_dearer_is_made_and_paid_once_whatever_plug_is_pulled() {
    pull(swapping::DEARER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r14_a_refused_swap_keeps_the_place_and_costs_nothing_whatever_plug_is_pulled() {
    pull(swapping::REFUSED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_a_lost_draw_of_a_swap_does_not_strand_the_last_unit() {
    pull(swapping::LAST_UNIT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_reconcile_finishes_a_swap_whatever_plug_is_pulled() {
    pull(swapping::FINISHED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_reconcile_undoes_a_swap_that_was_overtaken_whatever_plug_is_pulled() {
    pull(swapping::OVERTAKEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_what_was_missed_is_sent_to_the_corrected_address_whatever_plug_is_pulled() {
    pull(mailing::BOUNCED).await;
    pull(mailing::COUNTED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_a_task_is_settled_once_whatever_plug_is_pulled() {
    pull(mailing::SETTLED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_what_a_customer_writes_is_done_once_whatever_plug_is_pulled() {
    pull(mailing::REPLIED).await;
    pull(mailing::WRITTEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_what_is_not_clear_is_with_staff_once_whatever_plug_is_pulled() {
    pull(mailing::UNCLEAR).await;
}

/// Nobody repeats a request here: what it began is finished or undone by itself.
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
    pull_and_leave(canceling::ALL, "cancel").await;
    pull_and_leave(canceling::DISCONTINUED, "product").await;
    pull_and_leave(swapping::CHEAPER, "swap").await;
    pull_and_leave(swapping::DEARER, "swap").await;
    pull_and_leave(swapping::REFUSED, "swap").await;
    pull_and_leave(canceling::BEFORE_ITS_PLACES, "cancel").await;
    let product: Story = Story { steps: |play| Box::pin(play.product("led", json!({}))), ..pull::STORY };
    pull_and_leave(Story { name: "a new product", ..product }, "product").await;
}

/// Every story.
const STORIES: [Story; 37] = [
    placing::IN_STOCK,
    placing::BACKORDER,
    placing::TWO_LINES,
    placing::REFUSED,
    placing::DECLINED,
    placing::LAST_UNIT,
    placing::TAKEN_UP,
    placing::SEALED,
    placing::FINISHED,
    placing::GIVEN_UP,
    serving::ARRIVAL,
    serving::EXPECTED,
    serving::COUNTED,
    serving::SHIPPED,
    serving::LOOKED_AT,
    serving::REPEATED,
    canceling::PARTLY,
    canceling::ALL,
    canceling::EXPIRED,
    canceling::DISCONTINUED,
    canceling::BEFORE_CAPTURE,
    canceling::BEFORE_ITS_PLACES,
    swapping::CHEAPER,
    swapping::DEARER,
    swapping::REFUSED,
    swapping::LAST_UNIT,
    swapping::FINISHED,
    swapping::OVERTAKEN,
    setting::SET,
    setting::LIMITED,
    setting::GIVEN_UP,
    mailing::BOUNCED,
    mailing::COUNTED,
    mailing::SETTLED,
    mailing::REPLIED,
    mailing::UNCLEAR,
    mailing::WRITTEN,
];

/// Longer than a gate can wait: `cargo test -p tests --test plug -- --ignored --nocapture two_plugs`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: two plugs at a time, drawn at random"]
async fn r25_every_story_survives_two_plugs() {
    for story in STORIES {
        pull_two(story, 60).await;
    }
}

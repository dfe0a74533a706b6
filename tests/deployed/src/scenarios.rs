//! Runs `tests/scenarios` against deployed shops, with a front for each policy, and lists the scenarios that cannot run
//! there.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::process::root;

/// The policies of the shops that run side by side. A shop mostly waits for its queues and streams, and most scenarios use
/// the first policy.
pub fn shops() -> [&'static str; 5] {
    ["ledriven", "ledriven", "ledriven", "bodybuilding", "add-to-cart-backorder"]
}

/// Scenarios that need the embedded stack, and the reason.
const NOT_RUN: &[(&str, &str)] = &[
    ("access::r27_a_customers_link_ends_after_its_time", CLOCK),
    ("access::r27_a_token_that_is_newer_than_the_keys_known_is_taken_at_once", KEYS),
    ("access::r27_when_the_key_rotates_the_tokens_of_the_one_before_hold_and_older_ones_do_not", KEYS),
    ("buying::r2_a_declined_payment_gets_no_place_and_a_repeat_asks_the_provider_again", TAP),
    ("buying::r2_a_declined_payment_that_is_mended_buys_the_place_it_has_then", CARD),
    ("captures::i5_an_order_that_is_refused_after_a_late_capture_costs_nothing", CAPTURE),
    ("captures::r2_an_order_whose_capture_is_not_finished_has_no_place_until_it_is", CAPTURE),
    ("captures::r14_a_swap_whose_capture_is_not_finished_keeps_the_old_place_until_it_is", CAPTURE),
    ("captures::r14_calls_of_one_swap_at_once_are_not_told_that_its_payment_cannot_pay", CAPTURE),
    ("dates::r17_goods_whose_day_has_passed_are_listed_overdue_and_counted_on_no_more", CLOCK),
    ("expiry::r15_after_more_than_30_days_a_waiting_order_is_canceled_refunded_and_told", CLOCK),
    ("expiry::r3_r15_who_is_given_goods_that_have_come_is_not_expired_in_front_of_them", CLOCK),
    ("expiry::r15_everybody_who_waited_too_long_is_expired_and_nobody_else", CLOCK),
    ("expiry::r15_who_loses_goods_waits_anew_from_that_day", CLOCK),
    ("shops::bodybuilding::r15_r23_after_more_than_30_days_it_is_canceled_refunded_and_told", CLOCK),
    ("discontinued::r3_what_came_in_just_before_is_still_given_to_who_stood_in_front", TAP),
    ("discontinued::r25_who_was_being_placed_while_the_line_ended_is_let_go_once_they_are_resolved", TAP),
    ("expiry::r15_the_units_of_an_expired_head_go_to_the_next_in_line", CLOCK),
    ("line::r3_the_place_in_line_is_exact_before_anything_has_followed_from_the_orders", PAUSE),
    ("line::r5_what_goes_on_sale_with_an_arrival_leaves_the_waiting_covered_before_any_fill", PAUSE),
    ("mails::r24_each_mail_says_to_the_mailer_which_it_is_and_to_machines_that_one_wrote_it", TAP),
    ("parcels::r9_goods_that_come_later_are_taken_from_where_the_order_lies_already", PAUSE),
    ("policies::r28_a_policy_that_is_set_is_noticed_by_every_function_within_half_a_minute", POLICY),
    ("policies::r26_r28_a_broken_policy_is_refused_with_all_that_is_wrong_and_the_last_good_one_holds", POLICY),
    ("policies::r28_an_order_lives_by_the_policy_it_was_placed_under", POLICY),
    ("policies::r6_the_policy_says_by_which_channels_backorders_are_taken", POLICY),
    ("policies::r28_so_many_units_may_wait_for_a_product_unless_it_says_so_itself", POLICY),
    ("policies::r28_an_order_takes_no_more_units_of_a_product_than_the_shop_allows", POLICY),
    ("policies::r28_a_customer_has_no_more_units_of_a_product_than_the_shop_allows_over_all_orders", POLICY),
    ("policies::r28_a_swap_brings_an_order_no_more_units_of_a_product_than_the_shop_allows", POLICY),
    ("policies::r28_what_has_shipped_still_counts_as_bought", POLICY),
    ("policies::r13_replies_go_where_the_policy_says", POLICY),
    ("refunds::r12_the_provider_is_asked_for_a_refund_once_however_often_the_request_comes", TAP),
    ("repeats::r25_events_that_come_twice_late_and_out_of_order_leave_what_one_clean_run_leaves", DELIVERY),
    ("restart::r25_orders_mails_payments_and_the_clock_survive_a_restart", RESTART),
    ("restart::r25_what_was_under_way_at_the_stop_goes_on_after_the_start", RESTART),
    ("restart::r15_who_waits_across_a_restart_expires_on_the_same_day", RESTART),
    ("stock::i8_goods_find_who_waits_even_while_no_message_wakes_the_fill", PAUSE),
    ("stock::r5_a_loss_before_the_fill_leaves_nothing_for_sale_while_a_buyer_lacks_a_unit", PAUSE),
    (
        "swapping_protocol::i5_a_line_that_is_canceled_or_ships_while_it_is_swapped_is_not_swapped_and_the_money_goes_back",
        TAP,
    ),
    ("swapping_protocol::i8_a_swap_that_a_process_left_is_finished_or_undone_by_reconcile", TAP),
    ("undelivered::r24_the_customers_link_may_correct_the_address_and_the_count_of_what_is_bought_goes_along", POLICY),
    ("undelivered::r24_an_order_with_two_lines_of_one_product_gets_another_address_too", POLICY),
    ("swapping::r18_what_came_by_a_swap_is_promised_and_expected_from_the_day_of_the_swap", CLOCK),
];

const CAPTURE: &str = "it lets the provider finish a capture in process";
const CARD: &str = "it changes the customer's card in process";
const DELIVERY: &str = "it disturbs delivery in process";
const CLOCK: &str = "the functions' clock is the machine's";
const KEYS: &str = "it rotates keys in process, and functions notice a rotation by the shop's clock";
const PAUSE: &str = "the stream and the queues cannot be paused";
const POLICY: &str = "functions notice a policy by the shop's clock, and the policy would last into the next scenario";
const RESTART: &str = "it stops and starts the embedded stack";
const TAP: &str = "it counts the functions' calls with the tap";

#[derive(Clone, Copy, Debug, Default)]
pub struct SuiteOutcome {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

/// Runs the scenarios. `fronts` is the value of the environment variable that lists the shops.
pub fn run(fronts: &str) -> Result<SuiteOutcome, String> {
    let known = list()?;
    if let Some((stale, _)) = NOT_RUN.iter().find(|(name, _)| !known.contains(*name)) {
        return Err(format!("there is no scenario {stale}: remove it from NOT_RUN in tests/deployed"));
    }
    let skips = NOT_RUN.iter().flat_map(|(name, _)| ["--skip", name]);
    // Twice as many threads as shops: a test that waits for a shop does not block a test for a free one.
    let threads = (2 * fronts.split(',').count()).to_string();
    let mut command = tests();
    command.args(["--exact", "--test-threads", &threads]).args(skips).env("BACKORDER_DEPLOYED", fronts);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("cargo: {error}"))?;
    let mut outcome = SuiteOutcome { skipped: NOT_RUN.len(), ..SuiteOutcome::default() };
    let total = known.len() - NOT_RUN.len();
    for line in child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()).map_while(Result::ok)
    {
        let result = line.strip_prefix("test ").and_then(|result| result.split_once(" ... "));
        match result {
            Some((name, verdict @ ("ok" | "FAILED"))) => {
                outcome.passed += usize::from(verdict == "ok");
                outcome.failed += usize::from(verdict == "FAILED");
                println!("{:>4}/{total} {verdict:<6} {name}", outcome.passed + outcome.failed);
            }
            _ => println!("{line}"),
        }
    }
    child.wait().map_err(|error| error.to_string())?;
    outcome.failed = outcome.failed.max(total - outcome.passed); // a test without a verdict did not pass
    for (name, why) in NOT_RUN {
        println!("not run: {name}: {why}");
    }
    Ok(outcome)
}

fn list() -> Result<BTreeSet<String>, String> {
    let listed = tests().args(["--list", "--format", "terse"]).stderr(Stdio::inherit()).output();
    let listed = listed.map_err(|error| format!("cargo: {error}"))?;
    if !listed.status.success() {
        return Err("the scenarios cannot be built: see above".to_owned());
    }
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
}

fn tests() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(["test", "--locked", "--workspace", "--test", "scenarios", "--"]);
    command
}

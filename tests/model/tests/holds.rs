//! The protocol keeps every invariant in every state of every everyday size.

use model::configurations::Configuration;
use model::protocol::Protocol;
use model::report::check;
use model::sizes;

fn hold(sizes: Vec<Configuration>) {
    for size in sizes {
        let name = size.name;
        let outcome = check(Protocol::new(size));
        println!("{}", outcome.row(name));
        assert!(outcome.broken.is_empty(), "{}", outcome.row(name));
    }
}

#[test]
fn calls_that_race_die_or_find_their_row_closed() {
    hold(sizes::placing());
}

#[test]
fn fills_arrivals_cancels_and_losses() {
    hold(sizes::supply());
}

#[test]
fn orders_over_two_products() {
    hold(sizes::two_products());
}

#[test]
fn swaps_from_one_product_to_another() {
    hold(sizes::swapping());
}

#[test]
fn messages_parcels_and_money() {
    hold(sizes::follow_ups());
}

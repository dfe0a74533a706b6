//! Compares the choice of warehouses with brute force: one order, fixed stock, every order line filled in turn.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on ends")]

mod tickets;

use std::collections::{BTreeMap, BTreeSet};

use domain::fill::{FillCommit, Give};
use domain::names::{Sku, Warehouse};
use domain::parcels::{OtherLine, choose};
use domain::stock::{Stock, Units, put, total};
use proptest::prelude::*;

use tickets::{NOW, ticket};

fn warehouse(at: usize) -> Warehouse {
    Warehouse::new(format!("w{at:02}")).unwrap()
}

fn units(held: &[i64]) -> Units {
    held.iter().enumerate().filter(|(_, units)| **units > 0).map(|(at, units)| (warehouse(at), *units)).collect()
}

/// Tries all sets. Returns the smallest number of warehouses that give every order line as much as all warehouses do.
fn brute(lines: &[(i64, Vec<i64>)], warehouses: usize) -> u32 {
    let enough = |set: u32| {
        lines.iter().all(|(short, held)| {
            let from: i64 =
                held.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, units)| units).sum();
            from >= (*short).min(held.iter().sum())
        })
    };
    (0..1_u32 << warehouses).filter(|set| enough(*set)).map(u32::count_ones).min().unwrap()
}

/// Fills the order lines in this sequence. Returns the warehouses that ship.
fn fill(lines: &[(i64, Vec<i64>)], order: &[usize]) -> BTreeSet<Warehouse> {
    let mut held = BTreeSet::new();
    let mut waiting: Vec<usize> = order.to_vec();
    for at in order {
        waiting.retain(|other| other != at);
        let others: Vec<OtherLine> =
            waiting.iter().map(|at| OtherLine { short: lines[*at].0, there: units(&lines[*at].1) }).collect();
        let there = units(&lines[*at].1);
        let given = choose(&there, lines[*at].0, &held, &others);
        assert_eq!(total(&given), lines[*at].0.min(total(&there)), "the order gets as many units as otherwise");
        assert!(given.iter().all(|(name, units)| *units > 0 && there[name] >= *units), "{given:?} of {there:?}");
        held.extend(given.into_keys());
    }
    held
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn r9_an_order_comes_in_as_few_parcels_as_can_be(
        lines in prop::collection::vec((1_i64..6, prop::collection::vec(0_i64..5, 5)), 1..5),
        order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle(),
    ) {
        let order: Vec<usize> = order.into_iter().filter(|at| *at < lines.len()).collect();
        let parcels = fill(&lines, &order);
        prop_assert_eq!(u32::try_from(parcels.len()).unwrap(), brute(&lines, 5));
    }

    #[test]
    fn i2_among_many_warehouses_a_line_still_gets_all_that_it_can(
        lines in prop::collection::vec((1_i64..40, prop::collection::vec(0_i64..5, 14)), 1..4),
    ) {
        let order: Vec<usize> = (0..lines.len()).collect();
        prop_assert!(fill(&lines, &order).len() <= 14);
    }
}

#[test]
fn r9_a_line_is_taken_from_where_the_other_one_lies_too() {
    // The first warehouse has enough of one product, but only the second has both.
    let lines = [(1, vec![5, 1]), (1, vec![0, 1])];
    for order in [[0, 1], [1, 0]] {
        assert_eq!(fill(&lines, &order), BTreeSet::from([warehouse(1)]));
    }
}

/// A commit that gives units from `there` to tickets. `tickets` holds the units of each.
fn commit(tickets: &[i64], there: &Units) -> FillCommit {
    let mut stock = Stock::empty(Sku::new("led").unwrap());
    let gives = tickets.iter().enumerate().map(|(at, quantity)| Give {
        ticket: at as u64 + 1,
        before: ticket(&format!("pi_{at}"), *quantity, 0),
        units: Units::from([(warehouse(0), *quantity)]),
    });
    let gives = gives.collect();
    stock.unassigned = there.clone();
    let entry = serde_json::from_value(serde_json::json!({
        "number": 1, "at": NOW, "gave": [], "burnt": 0, "accounted_through": 0, "before": "",
    }));
    FillCommit { stock, gives, blocks: BTreeMap::new(), entry: entry.unwrap() }
}

proptest! {
    #[test]
    fn i2_who_gets_how_many_stays_whatever_warehouses_are_chosen(
        held in prop::collection::vec(0_i64..9, 4),
        tickets in prop::collection::vec(1_i64..5, 1..6),
        choices in prop::collection::vec(prop::collection::vec(0_i64..6, 5), 6),
    ) {
        let there = units(&held);
        let mut left = total(&there);
        let tickets: Vec<i64> = tickets.into_iter().map(|it| { let got = it.min(left); left -= got; got }).filter(|it| *it > 0).collect();
        let mut filled = commit(&tickets, &there);
        let mut choices = choices.iter();
        filled.from_warehouses(&there, |_, _| units(choices.next().unwrap()));
        let mut gone = filled.stock.unassigned.clone();
        for (give, quantity) in filled.gives.iter().zip(&tickets) {
            prop_assert_eq!(total(&give.units), *quantity);
            give.units.iter().for_each(|(name, units)| put(&mut gone, name, *units));
        }
        prop_assert_eq!(gone, there, "no unit appears, vanishes or moves");
        prop_assert_eq!(&filled.stock.log_hash, &filled.entry.hash());
        prop_assert!(filled.entry.gave.iter().map(|(_, units)| total(units)).eq(tickets));
    }
}

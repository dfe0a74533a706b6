//! The choice of warehouses against brute force: one order, stock that does not change, every line filled in turn.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on ends")]

use std::collections::BTreeSet;

use domain::names::Warehouse;
use domain::parcels::{OtherLine, choose};
use domain::stock::{Units, total};
use proptest::prelude::*;

fn warehouse(at: usize) -> Warehouse {
    Warehouse::new(format!("w{at:02}")).unwrap()
}

fn units(held: &[i64]) -> Units {
    held.iter().enumerate().filter(|(_, units)| **units > 0).map(|(at, units)| (warehouse(at), *units)).collect()
}

/// The fewest warehouses from which every line gets as much as from all, by trying all sets.
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

/// Fills the lines in this order; returns the warehouses from which the order is sent.
fn fill(lines: &[(i64, Vec<i64>)], order: &[usize]) -> BTreeSet<Warehouse> {
    let mut held = BTreeSet::new();
    let mut waiting: Vec<usize> = order.to_vec();
    for at in order {
        waiting.retain(|other| other != at);
        let others: Vec<OtherLine> =
            waiting.iter().map(|at| OtherLine { short: lines[*at].0, there: units(&lines[*at].1) }).collect();
        let there = units(&lines[*at].1);
        let given = choose(&there, lines[*at].0, &held, &others);
        assert_eq!(total(&given), lines[*at].0.min(total(&there)), "it gets what it would get otherwise");
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
        shuffled in Just(()).prop_perturb(|(), rng| rng),
    ) {
        let mut order: Vec<usize> = (0..lines.len()).collect();
        let mut rng = shuffled;
        for at in (1..order.len()).rev() {
            order.swap(at, rng.random_range(0..=at));
        }
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
    // The first warehouse has enough of the one, but only the second has both.
    let lines = [(1, vec![5, 1]), (1, vec![0, 1])];
    for order in [[0, 1], [1, 0]] {
        assert_eq!(fill(&lines, &order), BTreeSet::from([warehouse(1)]));
    }
}

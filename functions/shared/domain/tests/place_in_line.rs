//! Compares a place in line, computed from few blocks and their counts, with a count of every ticket.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod tickets;

use std::collections::BTreeMap;

use domain::block::{self, BlockCounts};
use domain::names::{Sku, Warehouse};
use domain::place_in_line::{PlaceInLine, PlaceView, TicketStatus, blocks_to_read, counts_to_read, place_in_line};
use domain::stock::{Stock, Units};
use domain::ticket::{Row, Ticket};
use proptest::prelude::*;

use tickets::ticket;

#[derive(Clone, Copy, Debug)]
struct Number {
    units: i64,
    given_up: i64,
    closed: bool,
    /// Whether damage took a unit back from this number, if it was served.
    lost: bool,
}

/// The watermarks of a backlog, as numbers of tickets.
#[derive(Clone, Copy, Debug)]
struct Reach {
    /// The number of tickets up to the fill watermark.
    full: usize,
    /// The number of tickets up to the last one that ever got a unit. Only damage makes it differ from `full`.
    given: usize,
    accounted: usize,
}

fn number() -> impl Strategy<Value = Number> {
    (1_i64..5, 0_u8..10, 0_u8..12, 0_u8..6).prop_map(|(units, change, closed, lost)| Number {
        units,
        given_up: match change {
            0 => units,
            1 => units - 1,
            _ => 0,
        },
        closed: closed == 0,
        lost: lost == 0,
    })
}

/// Units that the order at a number holds.
fn held(number: &Number, at: usize, reach: Reach) -> i64 {
    let wanted = number.units - number.given_up;
    match at {
        _ if number.closed || at >= reach.given => 0,
        at if at < reach.full => wanted,
        _ => (wanted - i64::from(number.lost)).max(0),
    }
}

/// A backlog as it is stored: tickets, block counts, and the stock.
fn line(numbers: &[Number], reach: Reach) -> (Stock, BTreeMap<u64, Row>, BTreeMap<u64, BlockCounts>) {
    let mut stock = Stock::empty(Sku::new("led").unwrap());
    let (mut rows, mut counts, mut through) = (BTreeMap::new(), BTreeMap::<u64, BlockCounts>::new(), 0);
    for (at, number) in numbers.iter().enumerate() {
        let last = at as u64 + 1;
        through += number.units;
        let block = counts.entry(block::block_of(last)).or_default();
        let booked = at < reach.accounted;
        let row = if number.closed {
            block.gone_orders += i64::from(booked);
            Row::Closed
        } else {
            let quantity = number.units - number.given_up;
            let held = held(number, at, reach);
            let assigned = if held > 0 { Units::from([(Warehouse::new("east").unwrap(), held)]) } else { Units::new() };
            block.drawn += if booked { number.units } else { 0 };
            block.gone_units += number.given_up;
            block.gone_orders += i64::from(quantity == 0);
            let it = Ticket { quantity, assigned, ..ticket("pi", number.units, through) };
            if quantity == 0 { Row::Canceled(it) } else { Row::Live(it) }
        };
        rows.insert(last, row);
        if booked {
            stock.resolved_watermark = last;
            stock.resolved_units = through;
        }
        if at < reach.full {
            stock.fill_watermark = last;
        }
        if at < reach.given {
            stock.given_through = last;
        }
    }
    (stock, rows, counts)
}

/// The computed place of the ticket at `index`, from the minimum of reads.
fn computed(numbers: &[Number], index: usize, reach: Reach) -> PlaceInLine {
    let ticket = index as u64 + 1;
    let (stock, rows, counts) = line(numbers, reach);
    let (blocks, between) = (blocks_to_read(&stock, ticket), counts_to_read(&stock, ticket));
    let rows = rows.iter().filter(|(number, _)| blocks.contains(&block::block_of(**number)));
    let rows = rows.map(|(number, row)| (*number, TicketStatus::from(row))).collect();
    let counts =
        counts.into_iter().filter(|(number, _)| between.is_some_and(|(a, b)| (a..=b).contains(number))).collect();
    let units_before = numbers.get(..index).unwrap().iter().map(|it| it.units).sum();
    place_in_line(&PlaceView { stock: &stock, ticket, units_before, rows: &rows, counts: &counts })
}

/// The place, computed from every number before the ticket.
fn naive(numbers: &[Number], index: usize, reach: Reach) -> PlaceInLine {
    let mut place = PlaceInLine::default();
    for (at, number) in numbers.iter().enumerate().take(index).skip(reach.full).filter(|(_, number)| !number.closed) {
        let short = number.units - number.given_up - held(number, at, reach);
        place.orders_ahead += i64::from(short > 0);
        place.units_ahead += short;
    }
    place
}

fn share(of: usize, part: f64) -> usize {
    ((of as f64) * part) as usize
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn r3_few_blocks_tell_what_every_row_tells(
        numbers in prop::collection::vec(number(), 1..900), full in 0.0..1.0_f64, given in prop::option::of(0.0..1.0_f64),
        accounted in 0.0..1.0_f64, at in 0.0..1.0_f64
    ) {
        let full = share(numbers.len(), full);
        let accounted = full + share(numbers.len() - full, accounted);
        // Without damage, only the first ticket after the fill watermark may hold units.
        let given = given.map_or(full, |part| full + share(accounted - full, part));
        let reach = Reach { full, given, accounted };
        let index = full + share(numbers.len() - full, at);
        prop_assume!(index < numbers.len());
        let (place, exact) = (computed(&numbers, index, reach), naive(&numbers, index, reach));
        // A closed number beyond the resolved watermark still counts. The count can only shrink.
        let unbooked = numbers.get(accounted.min(index)..index).unwrap().iter().filter(|it| it.closed);
        let unknown: i64 = unbooked.clone().map(|it| it.units).sum();
        prop_assert_eq!(place.units_ahead, exact.units_ahead + unknown);
        let more = place.orders_ahead - exact.orders_ahead;
        prop_assert!(more >= 0 && more <= unbooked.count() as i64, "{place:?} but {exact:?}");
    }

    #[test]
    fn r3_a_place_is_told_from_five_blocks_and_the_stretch_that_damage_opened(
        full in 0_u64..2_000, given in 0_u64..600, accounted in 0_u64..2_000, fresh in 0_u64..2_000,
    ) {
        let mut stock = Stock::empty(Sku::new("led").unwrap());
        (stock.fill_watermark, stock.given_through) = (full, full.min(1) * (full + given));
        stock.resolved_watermark = full + given + accounted;
        let blocks = blocks_to_read(&stock, stock.resolved_watermark + fresh + 1).len() as u64;
        prop_assert!(blocks <= 5 + given.div_ceil(block::TICKETS));
    }
}

/// One unit is lost in the middle of a long, served backlog: only three of a thousand orders are ahead.
#[test]
fn r3_full_orders_behind_a_lost_unit_are_not_ahead_of_anybody() {
    let number = Number { units: 2, given_up: 0, closed: false, lost: false };
    let mut numbers = vec![number; 1_200];
    for lost in [150, 151, 820] {
        numbers.get_mut(lost).unwrap().lost = true;
    }
    let reach = Reach { full: 150, given: 1_150, accounted: 1_200 };
    let ahead = |index| (computed(&numbers, index, reach).orders_ahead, computed(&numbers, index, reach).units_ahead);
    assert_eq!(ahead(150), (0, 0), "the first order that lost a unit is next");
    assert_eq!(ahead(820), (2, 2));
    assert_eq!(ahead(1_150), (3, 3), "the first that never had a unit");
    assert_eq!(ahead(1_199), (52, 3 + 49 * 2));
}

/// A ticket is stored as a [`Row`] and read as a [`TicketStatus`]: both use the same words for the ticket's state.
#[test]
fn r3_every_stored_ticket_is_read_as_its_status() {
    let live = Number { units: 2, given_up: 0, closed: false, lost: false };
    let numbers = [live, Number { given_up: 2, ..live }, Number { closed: true, ..live }];
    let (_, rows, _) = line(&numbers, Reach { full: 1, given: 1, accounted: 3 });
    for row in rows.values() {
        let stored = serde_json::to_value(row).unwrap();
        assert_eq!(serde_json::from_value::<TicketStatus>(stored).unwrap(), TicketStatus::from(row));
    }
    assert_eq!(serde_json::to_value(Row::Closed).unwrap(), serde_json::json!({ "state": "sealed" }));
}

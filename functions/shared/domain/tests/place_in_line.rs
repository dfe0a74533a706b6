//! A place in line, told from few blocks and their counts, against counting every row.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;

use domain::block::{self, BlockCounts};
use domain::identity::IdentityKey;
use domain::names::{PaymentReference, Sku, Warehouse};
use domain::place_in_line::{PlaceView, Standing, blocks_to_read, place_in_line};
use domain::stock::{Stock, Units};
use domain::ticket::{Row, Ticket};
use jiff::Timestamp;
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
struct Number {
    units: i64,
    given_up: i64,
    sealed: bool,
}

fn number() -> impl Strategy<Value = Number> {
    (1_i64..5, 0_u8..10, 0_u8..12).prop_map(|(units, change, sealed)| Number {
        units,
        given_up: match change {
            0 => units,
            1 => units - 1,
            _ => 0,
        },
        sealed: sealed == 0,
    })
}

/// A line as it is stored: rows, counts of blocks, and the stock.
fn line(numbers: &[Number], full: usize, accounted: usize) -> (Stock, BTreeMap<u64, Row>, BTreeMap<u64, BlockCounts>) {
    let key = IdentityKey::new(b"an identity key of a test".to_vec()).unwrap();
    let order_id = key.order_id(&PaymentReference::new("pi").unwrap());
    let mut stock = Stock::empty(Sku::new("led").unwrap());
    let (mut rows, mut counts, mut through) = (BTreeMap::new(), BTreeMap::<u64, BlockCounts>::new(), 0);
    for (at, number) in numbers.iter().enumerate() {
        let ticket = at as u64 + 1;
        through += number.units;
        let block = counts.entry(block::of(ticket)).or_default();
        let booked = at < accounted;
        let row = if number.sealed {
            block.gone_orders += i64::from(booked);
            Row::Sealed
        } else {
            let quantity = number.units - number.given_up;
            let assigned = if at < full && quantity > 0 {
                Units::from([(Warehouse::new("east").unwrap(), quantity)])
            } else {
                Units::new()
            };
            block.drawn += if booked { number.units } else { 0 };
            block.gone_units += number.given_up;
            block.gone_orders += i64::from(quantity == 0);
            let placed_at = Timestamp::from_second(1_800_000_000).unwrap();
            let it = Ticket {
                order_id: order_id.clone(),
                line: 0,
                drawn: number.units,
                quantity,
                units_through: through,
                assigned,
                placed_at,
                expires_at: None,
            };
            if quantity == 0 { Row::Canceled(it) } else { Row::Live(it) }
        };
        rows.insert(ticket, row);
        if booked {
            stock.accounted_through = ticket;
            stock.accounted_units = through;
        }
        if at < full {
            stock.filled_through = ticket;
        }
    }
    (stock, rows, counts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn few_blocks_tell_what_every_row_tells(
        numbers in prop::collection::vec(number(), 1..700), full in 0.0..1.0_f64, accounted in 0.0..1.0_f64, at in 0.0..1.0_f64
    ) {
        let share = |of: usize, part: f64| ((of as f64) * part) as usize;
        let full = share(numbers.len(), full);
        let accounted = full + share(numbers.len() - full, accounted);
        let index = full + share(numbers.len() - full, at);
        prop_assume!(index < numbers.len());
        let ticket = index as u64 + 1;
        let (stock, rows, counts) = line(&numbers, full, accounted);
        let ahead: Vec<&Number> = numbers.get(full..index).unwrap().iter().collect();
        // A sealed number that is not in the books yet still counts its units: that can only shrink.
        let unknown: i64 = numbers.get(accounted.min(index)..index).unwrap().iter().filter(|it| it.sealed).map(|it| it.units).sum();
        let live = |it: &&&Number| !it.sealed && it.given_up < it.units;
        let orders = ahead.iter().filter(live).count() as i64;
        let units: i64 = ahead.iter().filter(live).map(|it| it.units - it.given_up).sum();

        let wanted = blocks_to_read(&stock, ticket);
        prop_assert!(wanted.len() <= 4);
        let read = rows.iter().filter(|(number, _)| wanted.contains(&block::of(**number)));
        let read = read.map(|(number, row)| (*number, Standing::from(row))).collect();
        let units_before = numbers.get(..index).unwrap().iter().map(|it| it.units).sum();
        let place = place_in_line(&PlaceView { stock: &stock, ticket, units_before, rows: &read, counts: &counts });
        let middle_unbooked_seals = place.orders_ahead - orders;
        prop_assert!(middle_unbooked_seals >= 0, "{place:?} but {orders} orders");
        let sealed_unbooked = numbers.get(accounted.min(index)..index).unwrap().iter().filter(|it| it.sealed).count() as i64;
        prop_assert!(middle_unbooked_seals <= sealed_unbooked, "{place:?} but {orders} orders");
        prop_assert_eq!(place.units_ahead, units + unknown);
    }
}

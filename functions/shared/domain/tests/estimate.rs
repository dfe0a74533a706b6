//! Tests estimates alone: weekends, holidays, the cutoff, sufficient and insufficient announced goods, orders of
//! several lines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod supplied;

use std::collections::BTreeMap;

use domain::dates::DateWindow;
use domain::estimate::{Outlook, of_assigned, of_lines, slipped};
use domain::identity::IdentityKey;
use domain::names::{PaymentReference, Sku};
use domain::order::{Channel, Customer, IfWorse, Order};
use domain::placement::{Placement, PlacementLine};
use domain::policy::{Parts, Policy};
use domain::product::LeadTime;
use jiff::civil::{Date, date};
use serde_json::json;

use supplied::{expected, instant, policy};

fn window(earliest: Date, latest: Date) -> DateWindow {
    DateWindow { earliest, latest }
}

/// The estimate on Monday, 23 November 2026, at half past nine.
fn estimated(policy: &Policy, schedule: &[(Date, i64)], needed: i64) -> DateWindow {
    let expected: Vec<_> = schedule.iter().enumerate().map(|(id, (day, units))| expected(id, *day, *units)).collect();
    let now = instant(date(2026, 11, 23), 9);
    Outlook { policy, lead_time: None, expected: &expected, now }.window(needed, now)
}

#[test]
fn what_is_there_ships_today_or_on_the_next_business_day() {
    let policy = policy(None);
    assert_eq!(estimated(&policy, &[], 0), window(date(2026, 11, 23), date(2026, 11, 24)));
    let saturday = instant(date(2026, 11, 21), 12);
    let outlook = Outlook { policy: &policy, lead_time: None, expected: &[], now: saturday };
    assert_eq!(outlook.window(-3, saturday), window(date(2026, 11, 23), date(2026, 11, 23)));
}

#[test]
fn what_is_bought_after_the_cutoff_counts_as_of_the_next_day() {
    let policy = policy(Some(15));
    let late = instant(date(2026, 11, 23), 15);
    let outlook = Outlook { policy: &policy, lead_time: None, expected: &[], now: late };
    assert_eq!(outlook.window(0, late), window(date(2026, 11, 23), date(2026, 11, 25)));
}

#[test]
fn announced_goods_ship_when_they_come_over_weekends_and_holidays() {
    let policy = policy(None);
    let on = |day| estimated(&policy, &[(day, 5)], 5);
    assert_eq!(on(date(2026, 12, 1)), window(date(2026, 12, 1), date(2026, 12, 2)), "a Tuesday");
    assert_eq!(on(date(2026, 12, 4)), window(date(2026, 12, 4), date(2026, 12, 7)), "a Friday");
    assert_eq!(on(date(2026, 12, 5)), window(date(2026, 12, 7), date(2026, 12, 7)), "a Saturday");
    assert_eq!(on(date(2026, 11, 25)), window(date(2026, 11, 25), date(2026, 11, 27)), "before Thanksgiving");
    assert_eq!(on(date(2026, 11, 26)), window(date(2026, 11, 27), date(2026, 11, 27)), "on Thanksgiving");
}

#[test]
fn goods_that_may_come_after_the_cutoff_are_promised_a_day_later() {
    let policy = policy(Some(15));
    let estimated = estimated(&policy, &[(date(2026, 12, 1), 5)], 5);
    assert_eq!(estimated, window(date(2026, 12, 1), date(2026, 12, 3)));
}

#[test]
fn a_quantity_that_spans_two_receipts_ships_with_the_second() {
    let policy = policy(None);
    let schedule = [(date(2026, 12, 8), 5), (date(2026, 12, 1), 5)];
    assert_eq!(estimated(&policy, &schedule, 5).earliest, date(2026, 12, 1));
    assert_eq!(estimated(&policy, &schedule, 6), window(date(2026, 12, 8), date(2026, 12, 9)));
}

#[test]
fn without_a_schedule_it_is_the_lead_time_on_business_days() {
    let policy = policy(None);
    assert_eq!(estimated(&policy, &[], 1), window(date(2026, 12, 7), date(2026, 12, 21)));
    let now = instant(date(2026, 11, 23), 9);
    let own = Some(LeadTime { min: 3, max: 5 });
    let outlook = Outlook { policy: &policy, lead_time: own, expected: &[], now };
    assert_eq!(outlook.window(1, now), window(date(2026, 11, 27), date(2026, 11, 30)), "a holiday and a Saturday");
}

#[test]
fn past_the_schedule_it_is_the_lead_time_but_never_before_the_last_receipt() {
    let policy = policy(None);
    assert_eq!(estimated(&policy, &[(date(2026, 12, 1), 5)], 6), window(date(2026, 12, 7), date(2026, 12, 21)));
    let (last, as_wide) = (date(2027, 2, 1), window(date(2027, 2, 1), date(2027, 2, 16)));
    assert_eq!(estimated(&policy, &[(last, 5)], 6), as_wide, "the window is as wide as the lead time");
}

#[test]
fn overdue_goods_no_longer_count() {
    let policy = policy(None);
    assert_eq!(estimated(&policy, &[(date(2026, 11, 22), 5)], 1), estimated(&policy, &[], 1));
    let today = date(2026, 11, 23);
    assert_eq!(estimated(&policy, &[(today, 5)], 1), window(today, date(2026, 11, 24)), "today");
}

#[test]
fn who_has_waited_past_the_lead_time_waits_at_most_as_long_as_who_buys_now() {
    let policy = policy(None);
    let (placed, now) = (instant(date(2026, 9, 1), 9), instant(date(2026, 11, 23), 9));
    let outlook = Outlook { policy: &policy, lead_time: None, expected: &[], now };
    assert_eq!(outlook.window(1, placed), window(date(2026, 11, 23), date(2026, 12, 21)));
}

#[test]
fn what_was_given_its_units_ships_by_its_day_and_not_in_the_past() {
    let policy = policy(None);
    let now = instant(date(2026, 11, 23), 9);
    let outlook = Outlook { policy: &policy, lead_time: None, expected: &[], now };
    let by = |day| of_assigned(&outlook, Some(day));
    assert_eq!(by(date(2026, 11, 24)), window(date(2026, 11, 23), date(2026, 11, 24)));
    assert_eq!(by(date(2026, 11, 20)), window(date(2026, 11, 23), date(2026, 11, 23)));
    let promised = Some(window(date(2026, 11, 19), date(2026, 11, 20)));
    assert!(slipped(promised, Some(by(date(2026, 11, 20)))));
    assert!(!slipped(promised, None) && !slipped(None, promised) && !slipped(promised, promised));
}

/// An order with these lines. Each pair holds the line's units and how many of them were not in stock.
fn order(policy: &Policy, country: &str, lines: &[(i64, i64)]) -> Order {
    let key = IdentityKey::new(b"an identity key of a test".to_vec()).unwrap();
    let line = |(at, (quantity, _)): (usize, &(i64, i64))| PlacementLine {
        sku: Sku::new(format!("led-{at}")).unwrap(),
        quantity: *quantity,
        unit_price: 1,
        tax: 0,
        discount: 0,
        seen: None,
    };
    let placement = Placement {
        payment_reference: PaymentReference::new("pi").unwrap(),
        channel: Channel::Web,
        customer: Customer { email: "ann@example.com".to_owned(), name: "Ann".to_owned() },
        ship_to: BTreeMap::from([("country".to_owned(), country.to_owned())]),
        lines: lines.iter().enumerate().map(line).collect(),
        shipping: 0,
        currency: serde_json::from_value(json!("USD")).unwrap(),
        if_worse: IfWorse::Accept,
    };
    let mut order = placement.order(&key, policy, instant(date(2026, 11, 23), 9));
    order.lines.iter_mut().zip(lines).for_each(|(line, (_, backordered))| line.backordered = *backordered);
    order
}

#[test]
fn lines_that_leave_together_have_the_window_of_the_latest() {
    let (soon, late) = (window(date(2026, 11, 23), date(2026, 11, 24)), window(date(2026, 12, 7), date(2026, 12, 21)));
    let given = [Some(soon), Some(late), None];
    let estimated = |parts, country, lines: &[(i64, i64)]| {
        let mut policy = policy(None);
        policy.shipping.parts = parts;
        of_lines(&order(&policy, country, lines), &policy, &given)
    };
    let (mixed, wholly) = ([(1, 0), (1, 1), (1, 0)], [(1, 1), (1, 1), (1, 1)]);
    let (apart, together) = (given.to_vec(), vec![Some(late), Some(late), None]);
    assert_eq!(estimated(Parts::AsAvailable, "US", &mixed), apart);
    assert_eq!(estimated(Parts::Together, "US", &mixed), together, "R8");
    assert_eq!(estimated(Parts::AsAvailable, "CA", &mixed), together, "R10: an order abroad is one shipment");
    assert_eq!(estimated(Parts::AsAvailable, "US", &wholly), together, "R11: no part of it came from stock");
    assert_eq!(estimated(Parts::AsAvailable, "US", &[(2, 1), (1, 1), (1, 1)]), apart, "a part of it came from stock");
}

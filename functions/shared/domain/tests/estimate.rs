//! Estimates, held to what then happens: lines of every shape, with goods that come when they were announced.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;

use domain::dates::DateWindow;
use domain::estimate::{Outlook, of_assigned, of_lines, slipped};
use domain::expected::ExpectedReceipt;
use domain::identity::IdentityKey;
use domain::names::{CallerId, PaymentReference, Sku, Warehouse};
use domain::order::{Channel, Customer, IfWorse, Order};
use domain::placement::{Placement, PlacementLine};
use domain::policy::{Parts, Policy};
use domain::product::LeadTime;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use proptest::prelude::*;
use serde_json::json;

/// A shop in New York that does not work on weekends and on Thanksgiving; lead time 14 to 28 days.
fn policy(cutoff_hour: Option<i8>) -> Policy {
    let mut policy: Policy = serde_json::from_value(json!({
        "shop_name": "Shop", "lead_time_days": { "min": 14, "max": 28 }, "backorders_by": ["web"],
        "shipping": { "parts": "as_available", "home_country": "US" },
        "calendar": { "time_zone": "America/New_York", "weekend": ["saturday", "sunday"], "holidays": ["2026-11-26"] },
        "mail": { "sender": "a@shop.example", "safe_list": "Add {sender}." },
        "button": { "in_stock": "Buy", "on_backorder": "Backorder", "sold_out": "Gone" },
    }))
    .unwrap();
    policy.calendar.cutoff_hour = cutoff_hour;
    policy
}

fn instant(day: Date, hour: i8) -> Timestamp {
    let zone = TimeZone::get("America/New_York").unwrap();
    day.at(hour, 30, 0, 0).to_zoned(zone).unwrap().timestamp()
}

fn expected(id: usize, expected_on: Date, quantity: i64) -> ExpectedReceipt {
    ExpectedReceipt {
        receipt_id: CallerId::new(format!("r{id}")).unwrap(),
        sku: Sku::new("led").unwrap(),
        warehouse: Warehouse::new("east").unwrap(),
        quantity,
        expected_on,
    }
}

fn window(earliest: Date, latest: Date) -> DateWindow {
    DateWindow { earliest, latest }
}

/// What somebody is told on Monday, 23 November 2026, at half past nine.
fn told(policy: &Policy, schedule: &[(Date, i64)], needed: i64) -> DateWindow {
    let expected: Vec<_> = schedule.iter().enumerate().map(|(id, (day, units))| expected(id, *day, *units)).collect();
    let now = instant(date(2026, 11, 23), 9);
    Outlook { policy, lead_time: None, expected: &expected, now }.window(needed, now)
}

#[test]
fn what_is_there_ships_today_or_on_the_next_business_day() {
    let policy = policy(None);
    assert_eq!(told(&policy, &[], 0), window(date(2026, 11, 23), date(2026, 11, 24)));
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
    let on = |day| told(&policy, &[(day, 5)], 5);
    assert_eq!(on(date(2026, 12, 1)), window(date(2026, 12, 1), date(2026, 12, 2)), "a Tuesday");
    assert_eq!(on(date(2026, 12, 4)), window(date(2026, 12, 4), date(2026, 12, 7)), "a Friday");
    assert_eq!(on(date(2026, 12, 5)), window(date(2026, 12, 7), date(2026, 12, 7)), "a Saturday");
    assert_eq!(on(date(2026, 11, 25)), window(date(2026, 11, 25), date(2026, 11, 27)), "before Thanksgiving");
    assert_eq!(on(date(2026, 11, 26)), window(date(2026, 11, 27), date(2026, 11, 27)), "on Thanksgiving");
}

#[test]
fn goods_that_may_come_after_the_cutoff_are_promised_a_day_later() {
    let policy = policy(Some(15));
    let told = told(&policy, &[(date(2026, 12, 1), 5)], 5);
    assert_eq!(told, window(date(2026, 12, 1), date(2026, 12, 3)));
}

#[test]
fn a_quantity_that_spans_two_receipts_ships_with_the_second() {
    let policy = policy(None);
    let schedule = [(date(2026, 12, 8), 5), (date(2026, 12, 1), 5)];
    assert_eq!(told(&policy, &schedule, 5).earliest, date(2026, 12, 1));
    assert_eq!(told(&policy, &schedule, 6), window(date(2026, 12, 8), date(2026, 12, 9)));
}

#[test]
fn without_a_schedule_it_is_the_lead_time_on_business_days() {
    let policy = policy(None);
    assert_eq!(told(&policy, &[], 1), window(date(2026, 12, 7), date(2026, 12, 21)));
    let now = instant(date(2026, 11, 23), 9);
    let own = Some(LeadTime { min: 3, max: 5 });
    let outlook = Outlook { policy: &policy, lead_time: own, expected: &[], now };
    assert_eq!(outlook.window(1, now), window(date(2026, 11, 27), date(2026, 11, 30)), "a holiday and a Saturday");
}

#[test]
fn past_the_schedule_it_is_the_lead_time_but_never_before_the_last_receipt() {
    let policy = policy(None);
    assert_eq!(told(&policy, &[(date(2026, 12, 1), 5)], 6), window(date(2026, 12, 7), date(2026, 12, 21)));
    assert_eq!(told(&policy, &[(date(2027, 2, 1), 5)], 6), window(date(2027, 2, 1), date(2027, 2, 2)));
}

#[test]
fn overdue_goods_no_longer_count() {
    let policy = policy(None);
    assert_eq!(told(&policy, &[(date(2026, 11, 22), 5)], 1), told(&policy, &[], 1));
    assert_eq!(told(&policy, &[(date(2026, 11, 23), 5)], 1), window(date(2026, 11, 23), date(2026, 11, 24)), "today");
}

#[test]
fn a_lead_time_that_is_over_is_not_told_in_the_past() {
    let policy = policy(None);
    let (placed, now) = (instant(date(2026, 9, 1), 9), instant(date(2026, 11, 23), 9));
    let outlook = Outlook { policy: &policy, lead_time: None, expected: &[], now };
    assert_eq!(outlook.window(1, placed), window(date(2026, 11, 23), date(2026, 11, 24)));
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

/// An order of lines with so many units, of which so many were not there.
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
    let told = |parts, country, lines: &[(i64, i64)]| {
        let mut policy = policy(None);
        policy.shipping.parts = parts;
        of_lines(&order(&policy, country, lines), &policy, &given)
    };
    let (mixed, wholly) = ([(1, 0), (1, 1), (1, 0)], [(1, 1), (1, 1), (1, 1)]);
    let (apart, together) = (given.to_vec(), vec![Some(late), Some(late), None]);
    assert_eq!(told(Parts::AsAvailable, "US", &mixed), apart);
    assert_eq!(told(Parts::Together, "US", &mixed), together, "R8");
    assert_eq!(told(Parts::AsAvailable, "CA", &mixed), together, "R10: what goes abroad is one shipment");
    assert_eq!(told(Parts::AsAvailable, "US", &wholly), together, "R11: nothing of it came from stock");
    assert_eq!(told(Parts::AsAvailable, "US", &[(2, 1), (1, 1), (1, 1)]), apart, "a part of it came from stock");
}

/// Something that happens in a shop: on which day, at which hour.
#[derive(Clone, Copy, Debug)]
enum Event {
    Comes(usize, i64),
    Bought(i64),
    /// The n-th of those who bought so far gives up.
    GivesUp(usize),
}

struct Waiting {
    units: i64,
    held: i64,
    gone: bool,
    promised: DateWindow,
}

/// Plays a line: who buys is promised a window, units go to the oldest, and each must be full in time. With `exact`, not
/// before its window either.
fn play(policy: &Policy, start: Date, events: &[(i32, i8, Event)], exact: bool) -> Result<usize, TestCaseError> {
    let day = |days: i32| start.checked_add(Span::new().days(days)).unwrap();
    let announced = events.iter().filter_map(|(at, _, event)| match event {
        Event::Comes(id, units) => Some((*id, expected(*id, day(*at), *units))),
        _ => None,
    });
    let mut announced: BTreeMap<usize, ExpectedReceipt> = announced.collect();
    let (mut line, mut unassigned, mut available, mut served) = (Vec::<Waiting>::new(), 0, 0, 0);
    for (at, hour, event) in events {
        let now = instant(day(*at), *hour);
        match event {
            Event::Comes(id, units) => {
                announced.remove(id);
                unassigned += units;
                available += units;
            }
            Event::Bought(units) => {
                available -= units;
                let expected: Vec<_> = announced.values().cloned().collect();
                let outlook = Outlook { policy, lead_time: None, expected: &expected, now };
                let promised = outlook.window(-available, now);
                line.push(Waiting { units: *units, held: 0, gone: false, promised });
            }
            Event::GivesUp(which) => {
                let count = line.len().max(1);
                let Some(it) = line.get_mut(which % count).filter(|it| !it.gone && it.held < it.units) else {
                    continue;
                };
                it.gone = true;
                unassigned += it.held;
                available += it.units;
            }
        }
        let calendar = &policy.calendar;
        for it in line.iter_mut().filter(|it| !it.gone && it.held < it.units) {
            let given = unassigned.min(it.units - it.held);
            it.held += given;
            unassigned -= given;
            if it.held < it.units {
                break;
            }
            served += 1;
            let (first, last) = (
                calendar.business_day_from(calendar.day_of(now)),
                calendar.next_business_day(calendar.arrival_day(now)),
            );
            prop_assert!(last <= it.promised.latest, "full at {now}, promised {:?}", it.promised);
            prop_assert!(!exact || first >= it.promised.earliest, "full at {now}, promised {:?}", it.promised);
        }
    }
    Ok(served)
}

fn events(gives_up: u32) -> impl Strategy<Value = Vec<(i32, i8, Event)>> {
    let event = prop_oneof![
        3 => (1_i64..40).prop_map(|units| Event::Comes(0, units)),
        6 => (1_i64..8).prop_map(Event::Bought),
        gives_up => (0_usize..40).prop_map(Event::GivesUp),
    ];
    prop::collection::vec((0_i32..40, 0_i8..24, event), 1..60).prop_map(|mut events| {
        events.sort_by_key(|(day, hour, _)| (*day, *hour));
        for (at, (_, _, event)) in events.iter_mut().enumerate() {
            if let Event::Comes(id, _) = event {
                *id = at;
            }
        }
        events
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn r18_who_waits_is_served_within_the_promised_window(
        events in events(0), start in 0_i32..400, cutoff in prop::option::of(1_i8..24),
    ) {
        let start = date(2026, 1, 1).checked_add(Span::new().days(start)).unwrap();
        play(&policy(cutoff), start, &events, true)?;
    }

    #[test]
    fn r18_who_waits_behind_others_that_give_up_is_never_served_later(
        events in events(3), start in 0_i32..400, cutoff in prop::option::of(1_i8..24),
    ) {
        let start = date(2026, 1, 1).checked_add(Span::new().days(start)).unwrap();
        play(&policy(cutoff), start, &events, false)?;
    }

    #[test]
    fn who_stands_behind_is_never_told_an_earlier_day(
        schedule in prop::collection::vec((-5_i32..60, 1_i64..30), 0..8), hour in 0_i8..24,
        cutoff in prop::option::of(1_i8..24), lead in (0_u16..40, 0_u16..40), start in 0_i32..400,
    ) {
        let today = date(2026, 1, 1).checked_add(Span::new().days(start)).unwrap();
        let day = |days: i32| today.checked_add(Span::new().days(days)).unwrap();
        let policy = policy(cutoff);
        let expected: Vec<_> = schedule.iter().enumerate().map(|(id, (at, units))| expected(id, day(*at), *units)).collect();
        let now = instant(today, hour);
        let lead_time = Some(LeadTime { min: lead.0.min(lead.1), max: lead.0.max(lead.1) });
        let outlook = Outlook { policy: &policy, lead_time, expected: &expected, now };
        let windows: Vec<_> = (-2..200).map(|needed| outlook.window(needed, now)).collect();
        for (ahead, behind) in windows.iter().zip(windows.iter().skip(1)) {
            prop_assert!(ahead.earliest <= behind.earliest && ahead.latest <= behind.latest, "{ahead:?}, then {behind:?}");
        }
        for window in windows {
            prop_assert!(today <= window.earliest && window.earliest <= window.latest, "{window:?}");
            prop_assert!(policy.calendar.works_on(window.earliest) && policy.calendar.works_on(window.latest), "{window:?}");
        }
    }
}

#[test]
fn the_lines_that_are_played_are_served() {
    let policy = policy(None);
    let events =
        [(0, 9, Event::Bought(3)), (1, 9, Event::Bought(2)), (7, 9, Event::Comes(2, 4)), (9, 9, Event::Comes(3, 1))];
    assert_eq!(play(&policy, date(2026, 11, 2), &events, true).unwrap(), 2);
}

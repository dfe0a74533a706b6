//! Compares promises with later events: backlogs of every shape, with goods that arrive as announced.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod supplied;

use std::collections::BTreeMap;

use domain::dates::DateWindow;
use domain::estimate::Outlook;
use domain::expected::ExpectedReceipt;
use domain::policy::Policy;
use domain::product::LeadTime;
use jiff::Span;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use supplied::{expected, instant, policy};

/// An event in a shop, with its day and hour.
#[derive(Clone, Copy, Debug)]
enum Event {
    Comes(usize, i64),
    Bought(i64),
    /// The n-th buyer so far cancels.
    GivesUp(usize),
}

struct Waiting {
    units: i64,
    held: i64,
    gone: bool,
    promised: DateWindow,
}

/// Plays a backlog: buyers are promised a window, units go to the oldest tickets, and each ticket must be full in time.
/// With `exact`, no ticket may be full before its window.
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
            let first = calendar.business_day_from(calendar.day_of(now));
            let last = calendar.next_business_day(calendar.arrival_day(now));
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

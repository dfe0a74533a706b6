//! The shop's business calendar: its time zone, working days and cutoff hour (R16). Instants are UTC.

use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::field_error::FieldErrors;

/// The most holidays in a calendar: enough for about ten years.
const MAX_HOLIDAYS: usize = 400;
/// A search for a business day stops after this many days.
const MAX_BREAK_DAYS: u16 = 500;

/// The built-in IANA time zones: the same on every machine.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone with this IANA name.
pub fn zone(name: &str) -> Result<TimeZone, String> {
    ZONES.get(name).map_err(|_| "is not a known IANA time zone".to_owned())
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the days of the week")]
pub enum DayOfWeek {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<Weekday> for DayOfWeek {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

/// The shop's time zone, working days and cutoff hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The shop's time zone (IANA name). All dates of the shop are dates in this zone.
    pub time_zone: String,
    /// The days of each week on which the shop does not work.
    pub weekend: Vec<DayOfWeek>,
    /// Further days on which the shop does not work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Date>,
    /// Goods that arrive from this hour on (1 to 23, in the shop's zone) count from the next day. Absent: no cutoff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cutoff_hour: Option<i8>,
}

impl Calendar {
    pub(crate) fn check(&self, errors: &mut FieldErrors) {
        errors.take("calendar.time_zone", zone(&self.time_zone).map(|_| ()));
        let mut weekend = self.weekend.clone();
        weekend.sort_unstable();
        weekend.dedup();
        if weekend.len() != self.weekend.len() || weekend.len() > 6 {
            errors.add("calendar.weekend", "must name each day once, and leave one of the seven for work");
        }
        if self.holidays.len() > MAX_HOLIDAYS {
            errors.add("calendar.holidays", format!("must be at most {MAX_HOLIDAYS} dates"));
        }
        if self.cutoff_hour.is_some_and(|hour| !(1..=23).contains(&hour)) {
            errors.add("calendar.cutoff_hour", "must be a whole hour from 1 to 23");
        }
    }

    /// The day of an instant in the shop's zone. A policy is checked before use; an unknown zone falls back to UTC.
    pub fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(zone(&self.time_zone).unwrap_or(TimeZone::UTC)).date()
    }

    /// The day from which goods count if they arrive at `at`: from the cutoff hour on, the next day.
    pub fn arrival_day(&self, at: Timestamp) -> Date {
        let local = at.to_zoned(zone(&self.time_zone).unwrap_or(TimeZone::UTC));
        let late = self.cutoff_hour.is_some_and(|hour| local.hour() >= hour);
        if late { plus_days(local.date(), 1) } else { local.date() }
    }

    /// Whether the shop works on `day`.
    pub fn works_on(&self, day: Date) -> bool {
        !self.weekend.contains(&day.weekday().into()) && !self.holidays.contains(&day)
    }

    /// The first day on which the shop works, from `day` on.
    pub fn business_day_from(&self, day: Date) -> Date {
        let mut next = day;
        for _ in 0..MAX_BREAK_DAYS {
            if self.works_on(next) {
                break;
            }
            next = plus_days(next, 1);
        }
        next
    }

    /// The first day after `day` on which the shop works.
    pub fn next_business_day(&self, day: Date) -> Date {
        self.business_day_from(plus_days(day, 1))
    }
}

/// `day` plus `days` calendar days, at most the last date that exists.
pub fn plus_days(day: Date, days: u16) -> Date {
    day.checked_add(Span::new().days(i64::from(days))).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn calendar() -> Calendar {
        Calendar {
            time_zone: "America/New_York".to_owned(),
            weekend: vec![DayOfWeek::Saturday, DayOfWeek::Sunday],
            holidays: vec![date(2026, 11, 26)],
            cutoff_hour: Some(15),
        }
    }

    #[test]
    fn the_business_day_after_a_friday_is_monday() {
        assert_eq!(calendar().next_business_day(date(2026, 11, 20)), date(2026, 11, 23));
        assert_eq!(calendar().next_business_day(date(2026, 11, 21)), date(2026, 11, 23));
        assert_eq!(calendar().next_business_day(date(2026, 11, 23)), date(2026, 11, 24));
    }

    #[test]
    fn a_holiday_is_no_business_day() {
        assert_eq!(calendar().next_business_day(date(2026, 11, 25)), date(2026, 11, 27));
        assert_eq!(calendar().business_day_from(date(2026, 11, 26)), date(2026, 11, 27));
    }

    #[test]
    fn goods_count_as_of_the_next_day_from_the_cutoff_hour_on() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(calendar().arrival_day(at("2026-11-23T19:59:59Z")), date(2026, 11, 23));
        assert_eq!(calendar().arrival_day(at("2026-11-23T20:00:00Z")), date(2026, 11, 24));
        assert_eq!(calendar().day_of(at("2026-11-24T04:59:59Z")), date(2026, 11, 23));
    }

    #[test]
    fn a_calendar_without_a_day_of_work_is_refused() {
        use DayOfWeek::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        let mut errors = FieldErrors::default();
        let idle = vec![Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
        Calendar { weekend: idle, time_zone: "Mars/Base".to_owned(), cutoff_hour: Some(24), ..calendar() }
            .check(&mut errors);
        let fields: Vec<_> = errors.list().iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["calendar.time_zone", "calendar.weekend", "calendar.cutoff_hour"]);
    }
}

//! The shop's business calendar: its time zone, its working days, and the hour until which goods count as of the day
//! (R16). Instants are UTC.

use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::field_error::FieldErrors;

/// The most holidays that a calendar names: some ten years of them.
const MAX_HOLIDAYS: usize = 400;
/// The most days in a row without a business day that are searched.
const MAX_BREAK_DAYS: u16 = 500;

/// The time zones of the world, built in: the same on every machine.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone of that IANA name.
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

/// When the shop works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The shop's time zone (IANA name): its dates are dates there.
    pub time_zone: String,
    /// The days of each week on which it does not work.
    pub weekend: Vec<DayOfWeek>,
    /// Further days on which it does not work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Date>,
    /// Goods that come in from this hour on (1 to 23, in its zone) count as of the next day; absent: the day has all
    /// its hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cutoff_hour: Option<i8>,
}

impl Calendar {
    /// Adds its faults.
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

    /// The day of an instant in the shop's zone; in UTC where the zone is unknown (a policy is checked before use).
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(zone(&self.time_zone).unwrap_or(TimeZone::UTC)).date()
    }

    /// The day as of which goods count that arrive at `at`: the next one from the cutoff hour on.
    #[must_use]
    pub fn arrival_day(&self, at: Timestamp) -> Date {
        let local = at.to_zoned(zone(&self.time_zone).unwrap_or(TimeZone::UTC));
        let late = self.cutoff_hour.is_some_and(|hour| local.hour() >= hour);
        if late { plus_days(local.date(), 1) } else { local.date() }
    }

    /// Whether the shop works on that day.
    #[must_use]
    pub fn works_on(&self, day: Date) -> bool {
        !self.weekend.contains(&day.weekday().into()) && !self.holidays.contains(&day)
    }

    /// That day, or the first after it on which the shop works.
    #[must_use]
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
    #[must_use]
    pub fn next_business_day(&self, day: Date) -> Date {
        self.business_day_from(plus_days(day, 1))
    }
}

/// So many calendar days after a day.
#[must_use]
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

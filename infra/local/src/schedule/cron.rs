//! The six fields of a cron expression, and the next time that they allow.

use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan as _, civil, tz::TimeZone};

/// A cron expression in its time zone.
#[derive(Clone, Debug)]
pub struct Cron {
    minutes: BTreeSet<i8>,
    hours: BTreeSet<i8>,
    days: BTreeSet<i8>,
    months: BTreeSet<i8>,
    /// Sunday is 1, as AWS counts.
    weekdays: BTreeSet<i8>,
    years: Option<BTreeSet<i16>>,
    zone: TimeZone,
}

/// How many days ahead to look. Nine years always contain a 29th of February.
const HORIZON_DAYS: usize = 366 * 9;

const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

impl Cron {
    pub(super) fn read(fields: &str, zone: TimeZone) -> Result<Self, String> {
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays, years] = fields.as_slice() else {
            return Err("a cron expression has six fields".to_owned());
        };
        if (*days == "?") == (*weekdays == "?") {
            return Err("exactly one of day-of-month and day-of-week must be ?".to_owned());
        }
        let small = |text: &str, low: i16, high: i16, names: &[&str]| -> Result<BTreeSet<i8>, String> {
            Ok(field(text, low, high, names)?.into_iter().filter_map(|value| i8::try_from(value).ok()).collect())
        };
        Ok(Self {
            minutes: small(minutes, 0, 59, &[])?,
            hours: small(hours, 0, 23, &[])?,
            days: small(days, 1, 31, &[])?,
            months: small(months, 1, 12, MONTHS)?,
            weekdays: small(weekdays, 1, 7, WEEKDAYS)?,
            years: if *years == "*" { None } else { Some(field(years, 1970, 2199, &[])?) },
            zone,
        })
    }

    /// The first time after `after` that the fields allow. If a change of clocks skips the time, the schedule fires
    /// right after the change. If a time comes twice, the schedule fires once.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let mut day = after.to_zoned(self.zone.clone()).date();
        for _ in 0..HORIZON_DAYS {
            if self.allows(day) {
                let times = self.hours.iter().flat_map(|hour| self.minutes.iter().map(move |minute| (*hour, *minute)));
                for (hour, minute) in times {
                    let at = day.at(hour, minute, 0, 0).to_zoned(self.zone.clone()).ok()?.timestamp();
                    if at > after {
                        return Some(at);
                    }
                }
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }

    fn allows(&self, day: civil::Date) -> bool {
        self.years.as_ref().is_none_or(|years| years.contains(&day.year()))
            && self.months.contains(&day.month())
            && self.days.contains(&day.day())
            && self.weekdays.contains(&(day.weekday().to_sunday_zero_offset() + 1))
    }
}

fn field(text: &str, low: i16, high: i16, names: &[&str]) -> Result<BTreeSet<i16>, String> {
    let wrong = || format!("{text} is not understood in a cron expression");
    let value = |text: &str| -> Option<i16> {
        let named = names.iter().position(|name| name.eq_ignore_ascii_case(text)).map(|position| position + 1);
        let value = match named {
            Some(position) => i16::try_from(position).ok()?,
            None => text.parse().ok()?,
        };
        (low..=high).contains(&value).then_some(value)
    };
    let mut values = BTreeSet::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<usize>().ok().filter(|s| *s > 0).ok_or_else(wrong)?)),
            None => (part, None),
        };
        let (first, last) = match (range, range.split_once('-')) {
            ("*" | "?", _) => (low, high),
            (_, Some((first, last))) => (value(first).ok_or_else(wrong)?, value(last).ok_or_else(wrong)?),
            (single, None) => {
                let first = value(single).ok_or_else(wrong)?;
                (first, if step.is_some() { high } else { first })
            }
        };
        if first > last {
            return Err(wrong());
        }
        values.extend((first..=last).step_by(step.unwrap_or(1)));
    }
    Ok(values)
}

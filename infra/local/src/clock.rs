//! The shop's clock: system time plus an offset that only grows. `delivery` fires the schedules that a move passes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};

/// A clock that moves forward on request, and with time between requests. Clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
}

impl Clock {
    /// A clock with this offset from system time.
    pub fn ahead_by(offset: SignedDuration) -> Self {
        let clock = Self::default();
        clock.offset_micros.store(micros(offset), Ordering::SeqCst);
        clock
    }

    /// The functions' view of this clock.
    pub fn shop_clock(&self) -> aws::clock::Clock {
        aws::clock::Clock::following(Arc::clone(&self.offset_micros))
    }

    /// The offset from system time.
    pub fn offset(&self) -> SignedDuration {
        SignedDuration::from_micros(self.offset_micros.load(Ordering::SeqCst))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        let now = system_now();
        now.checked_add(self.offset()).unwrap_or(now)
    }

    /// Now, in milliseconds since 1970.
    pub fn now_millis(&self) -> i64 {
        self.now().as_millisecond()
    }

    /// Moves forward to `time`. A time in the past changes nothing.
    pub fn move_to(&self, time: Timestamp) {
        // Rounded up, so that the clock is never a moment before `time`.
        let offset = micros(time.duration_since(system_now())).saturating_add(1);
        self.offset_micros.fetch_max(offset, Ordering::SeqCst);
    }

    /// Sets the clock back to system time.
    pub fn reset(&self) {
        self.offset_micros.store(0, Ordering::SeqCst);
    }
}

fn micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The time `advance` after `now` in UTC: `P1D` is 24 hours, `P1M` a calendar month. It is an error if the text is no ISO 8601
/// duration, is negative, or is longer than ten years.
pub fn later(now: Timestamp, advance: &str) -> Result<Timestamp, String> {
    let span: Span = advance.parse().map_err(|_| format!("{advance:?} is no ISO 8601 duration such as P31D"))?;
    let later = now.to_zoned(TimeZone::UTC).checked_add(span).map_err(|error| error.to_string())?.timestamp();
    if later < now {
        return Err("the clock moves forward only".to_owned());
    }
    if later.duration_since(now) > SignedDuration::from_hours(24 * 3_660) {
        return Err("the clock moves ten years at a time at most".to_owned());
    }
    Ok(later)
}

/// System time in milliseconds since 1970, for real waits such as delays and retries.
pub fn system_millis() -> i64 {
    system_now().as_millisecond()
}

fn system_now() -> Timestamp {
    aws::clock::Clock::default().now()
}

#[cfg(test)]
mod tests {
    use super::{Clock, later};

    #[test]
    fn the_clock_moves_forward_only() {
        let clock = Clock::default();
        let start = clock.now();
        clock.move_to(later(start, "P31D").unwrap());
        assert!(clock.now() >= later(start, "P31D").unwrap());
        clock.move_to(start);
        assert!(clock.now() >= later(start, "P31D").unwrap());
    }

    #[test]
    fn only_forward_iso_8601_durations_move_it() {
        let now = "2026-01-31T00:00:00Z".parse().unwrap();
        assert_eq!(later(now, "P1M").unwrap().to_string(), "2026-02-28T00:00:00Z");
        assert_eq!(later(now, "PT90S").unwrap().to_string(), "2026-01-31T00:01:30Z");
        for wrong in ["", "31", "P11Y", "-P1D", "P1D garbage"] {
            assert!(later(now, wrong).is_err(), "{wrong}");
        }
    }
}

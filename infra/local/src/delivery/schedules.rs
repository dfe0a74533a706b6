//! Fires schedules in real time and, when the clock is moved, in order of their due times.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::control::{Delivery, Source, stumble};
use super::events;
use crate::schedule::{self, Schedule};
use crate::state::random_uuid;

/// The fact that holds the time up to which schedules have fired.
const FIRED_UNTIL: &str = "schedules fired until";
/// The fact that holds the clock's offset from system time, in microseconds.
pub(crate) const CLOCK_OFFSET: &str = "clock offset";
/// The longest wait for the work of one firing before the next firing.
const BETWEEN_FIRINGS: Duration = Duration::from_secs(10);

/// The loop of the schedules. It fires due schedules, and sleeps until the next due time or a move of the clock.
pub(super) async fn run(delivery: Delivery) {
    let backend = Arc::clone(&delivery.inner.backend);
    loop {
        delivery.allowed(&Source::Schedules).await;
        if let Err(error) = delivery.fire_due().await {
            stumble("schedules could not be fired", error).await;
        }
        let now = backend.clock.now();
        let next = backend.template.schedules.iter().filter(|schedule| schedule.enabled);
        let next = next.filter_map(|schedule| schedule.expression.next(now)).min();
        let wait = next.map_or(Duration::from_secs(3_600), |next| schedule::wait(now, next));
        let _ = tokio::time::timeout(wait, backend.wakeups.schedules.notified()).await;
    }
}

impl Delivery {
    /// Moves the clock forward to `time`. On the way, it fires each schedule in order of its due time, with the clock and the
    /// event at that time, and finishes the work of a firing before the next. `schedule::due` bounds how often a rate fires on a
    /// long way. It is an error if one move causes too many firings.
    pub async fn advance(&self, time: Timestamp) -> Result<(), String> {
        let backend = &self.inner.backend;
        let _alone = self.inner.firing.lock().await;
        let from = self.fired_until()?;
        for due in schedule::due(&backend.template.schedules, from, time)? {
            self.move_clock(due.at)?;
            if let Some(schedule) = backend.template.schedules.get(due.schedule) {
                self.fire(schedule, due.at).await;
            }
            self.keep_fired_until(due.at)?;
            self.quiet(BETWEEN_FIRINGS).await;
        }
        self.move_clock(time)?;
        self.keep_fired_until(time)?;
        backend.wakeups.schedules.notify_one();
        Ok(())
    }

    /// Runs a function's schedules now, due or not, with the clock's time. Returns their number.
    pub async fn run_schedules_of(&self, function: &str) -> usize {
        let backend = &self.inner.backend;
        let schedules = backend.template.schedules.iter().filter(|schedule| schedule.function == function);
        let mut count = 0;
        for schedule in schedules {
            self.fire(schedule, backend.clock.now()).await;
            count += 1;
        }
        count
    }

    /// Fires the schedules that fell due since the last check.
    async fn fire_due(&self) -> Result<(), String> {
        let backend = &self.inner.backend;
        let _alone = self.inner.firing.lock().await;
        let (from, now) = (self.fired_until()?, backend.clock.now());
        for due in schedule::due(&backend.template.schedules, from, now)? {
            if let Some(schedule) = backend.template.schedules.get(due.schedule) {
                self.fire(schedule, due.at).await;
            }
            self.keep_fired_until(due.at)?;
        }
        if now > from { self.keep_fired_until(now) } else { Ok(()) }
    }

    /// Runs a schedule's function, with its retries and its failure destination.
    pub(super) async fn fire(&self, schedule: &Schedule, at: Timestamp) {
        let times = if self.disturbance().comes_twice() { 2 } else { 1 };
        for _ in 0..times {
            self.inner.runs.fetch_add(1, Ordering::SeqCst);
            self.run_once(schedule, at).await;
            self.inner.runs.fetch_sub(1, Ordering::SeqCst);
        }
    }

    async fn run_once(&self, schedule: &Schedule, at: Timestamp) {
        let backend = &self.inner.backend;
        let _gate = backend.gate.read().await;
        let Some(function) = backend.template.function(&schedule.function) else { return };
        let event = event(schedule, at);
        let mut tries = 0;
        let error = loop {
            tries += 1;
            match self.invoke(&function.name, event.clone()).await {
                Ok(_) => return,
                Err(error) if tries > function.retries.attempts || self.emptying() => break error,
                Err(_) => tokio::time::sleep(Duration::from_millis(100) * tries).await,
            }
        };
        tracing::error!(schedule = schedule.name, error, "a scheduled run was given up");
        let body = events::run_given_up(&function.name, &event, tries, &backend.clock.now().to_string(), &error);
        self.send_dead_letter(function.retries.on_failure.as_deref(), &body);
    }

    /// The time up to which schedules have fired. A new stack begins now.
    fn fired_until(&self) -> Result<Timestamp, String> {
        let backend = &self.inner.backend;
        let kept = backend.state.fact(FIRED_UNTIL).map_err(|error| error.to_string())?;
        match kept.and_then(|kept| kept.parse().ok()) {
            Some(kept) => Ok(kept),
            None => {
                let now = backend.clock.now();
                self.keep_fired_until(now).map(|()| now)
            }
        }
    }

    fn keep_fired_until(&self, time: Timestamp) -> Result<(), String> {
        self.inner.backend.state.remember(FIRED_UNTIL, &time.to_string()).map_err(|error| error.to_string())
    }

    fn move_clock(&self, time: Timestamp) -> Result<(), String> {
        let backend = &self.inner.backend;
        backend.clock.move_to(time);
        let offset = backend.clock.offset().as_micros().to_string();
        backend.state.remember(CLOCK_OFFSET, &offset).map_err(|error| error.to_string())
    }
}

fn event(schedule: &Schedule, at: Timestamp) -> Value {
    // A due time has whole seconds. A run on request keeps its fraction: otherwise a queue that drops duplicates would
    // drop the second of two runs within a second.
    let time = at.to_string();
    match &schedule.input {
        Some(input) => {
            serde_json::from_str(&input.replace("<aws.scheduler.scheduled-time>", &time)).unwrap_or_default()
        }
        None => json!({
            "version": "0",
            "id": random_uuid(),
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": "000000000000",
            "time": time,
            "region": "us-east-1",
            "resources": [format!("arn:aws:scheduler:us-east-1:000000000000:schedule/default/{}", schedule.name)],
            "detail": "{}",
        }),
    }
}

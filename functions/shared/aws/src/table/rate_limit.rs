//! Rate limits: a count for each window of time. The count expires soon after the window.

use jiff::{SignedDuration, Timestamp};

use super::item::SCHEMA;
use super::write::{Write, WriteError, Written};
use super::{Table, keys};

impl Table {
    /// Adds one to the count of the current window. False: the count has reached `most`. A repeat may count twice.
    pub async fn count_in_window(
        &self,
        what: &str,
        window: SignedDuration,
        most: u32,
        now: Timestamp,
    ) -> Result<bool, WriteError> {
        let seconds = window.as_secs().max(1);
        let number = now.as_second().div_euclid(seconds);
        let count =
            "SET times = if_not_exists(times, :zero) + :one, expires_at = :end, entity = :entity, #schema = :schema";
        let write = Write::update(keys::pace(what, number), count)
            .when("attribute_not_exists(times) OR times < :most")
            .name("#schema", "schema")
            .text(":entity", "pace")
            .number(":schema", SCHEMA)
            .number(":zero", 0)
            .number(":one", 1)
            .number(":most", most)
            .number(":end", (number + 2) * seconds);
        Ok(matches!(self.write(write).await?, Written::Done(_)))
    }
}

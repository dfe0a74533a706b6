//! What Secrets Manager holds: each secret's current version and the one before. Every name has a value, the same on every
//! machine: nothing here is secret. `services.rs` answers the calls.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What secrets hold, by name.
#[derive(Debug, Default)]
pub struct Secrets(Mutex<BTreeMap<String, Versions>>);

#[derive(Clone, Debug)]
struct Versions {
    current: String,
    previous: Option<String>,
}

impl Secrets {
    pub(crate) fn new(given: BTreeMap<String, String>) -> Self {
        let versions = |(name, current)| (name, Versions { current, previous: None });
        Self(Mutex::new(given.into_iter().map(versions).collect()))
    }

    /// Gives a secret a new value, as `PutSecretValue` does: what it held becomes the version before.
    pub fn rotate(&self, name: &str, value: &str) {
        let mut held = self.held();
        let previous = held.get(name).map_or_else(|| known_to_everybody(name), |versions| versions.current.clone());
        held.insert(name.to_owned(), Versions { current: value.to_owned(), previous: Some(previous) });
    }

    /// The value at a stage, `AWSCURRENT` or `AWSPREVIOUS`; `None` where the secret was never rotated.
    pub(crate) fn value(&self, name: &str, stage: &str) -> Option<String> {
        let versions = self.held().get(name).cloned();
        let versions = versions.unwrap_or_else(|| Versions { current: known_to_everybody(name), previous: None });
        if stage == "AWSPREVIOUS" { versions.previous } else { Some(versions.current) }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<String, Versions>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn known_to_everybody(name: &str) -> String {
    format!("{name} of the local stack: known to everybody, never a secret")
}

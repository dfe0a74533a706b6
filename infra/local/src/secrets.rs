//! The values in Secrets Manager: the current version of each secret, and the previous one. Each name has the same
//! default value on every machine, so nothing here is secret. `services` answers the calls.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The versions of each secret, by name.
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

    /// Sets a new value, as `PutSecretValue` does. The old value becomes the previous version.
    pub fn rotate(&self, name: &str, value: &str) {
        let mut held = self.held();
        let previous = held.get(name).map_or_else(|| known_to_everybody(name), |versions| versions.current.clone());
        held.insert(name.to_owned(), Versions { current: value.to_owned(), previous: Some(previous) });
    }

    /// The value at a stage, `AWSCURRENT` or `AWSPREVIOUS`. A secret that was never rotated has no previous value.
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

//! The faults of a request: each field at fault, with a message (R26).

use serde::Serialize;

/// A field at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field as the caller wrote it, for example `lines[0].quantity`.
    pub field: String,
    /// What is wrong, in words a developer of the shop can act on.
    pub message: String,
}

/// All faults of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// A single fault.
    #[must_use]
    pub fn single(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    /// Adds a fault. Checking goes on, so that a caller gets all faults at once.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), message: message.into() });
    }

    /// The value of a check; its message is added under `field` if it failed.
    pub fn take<T>(&mut self, field: &str, checked: Result<T, String>) -> Option<T> {
        checked.map_err(|message| self.add(field, message)).ok()
    }

    /// `value`, if there are no faults.
    pub fn or_else<T>(mut self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            None if self.0.is_empty() => {
                self.add("", "the request is incomplete");
                Err(self)
            }
            _ => Err(self),
        }
    }

    /// The faults, in the order in which they were found.
    #[must_use]
    pub fn list(&self) -> &[FieldError] {
        &self.0
    }
}

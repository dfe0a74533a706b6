//! The errors of a request: each wrong field, with a message (R26).

use serde::Serialize;

/// A wrong field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field as the caller wrote it, for example `lines[0].quantity`.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// All errors of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// A list with one error.
    pub fn single(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    /// Adds an error. Checking goes on, so that a caller gets all errors at once.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), message: message.into() });
    }

    /// Returns the checked value. A failed check adds its message under `field` instead.
    pub fn take<T>(&mut self, field: &str, checked: Result<T, String>) -> Option<T> {
        checked.map_err(|message| self.add(field, message)).ok()
    }

    /// `value`, if there are no errors.
    pub fn or_else<T>(mut self, value: Option<T>) -> Result<T, Self> {
        if value.is_none() && self.0.is_empty() {
            self.add("", "the request is incomplete");
        }
        value.filter(|_| self.0.is_empty()).ok_or(self)
    }

    /// The errors, in the order in which they were found.
    pub fn list(&self) -> &[FieldError] {
        &self.0
    }
}

//! The inputs and the error of the template reader.

use std::collections::BTreeMap;

/// The values that fill the template in.
#[derive(Clone, Debug, Default)]
pub struct TemplateInputs {
    /// Values of parameters, in place of their defaults. An unknown name is an error.
    pub parameters: BTreeMap<String, String>,
    /// The start of every queue URL, for example `http://127.0.0.1:4711`.
    pub services_url: String,
}

/// A template that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("template: {at}: {problem}")]
pub struct TemplateError {
    /// The resource and the property, for example `FillFunction.Events.Queue.BatchSize`.
    pub at: String,
    /// The problem with the property.
    pub problem: String,
}

impl TemplateError {
    pub(crate) fn new(at: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { at: at.into(), problem: problem.into() }
    }
}

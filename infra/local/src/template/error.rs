//! What the reader of a template is given beside its text, and why it refuses one.

use std::collections::BTreeMap;

/// What the reader must be told to fill the template in.
#[derive(Clone, Debug, Default)]
pub struct TemplateInputs {
    /// Values of parameters, in place of their defaults. A name the template does not have is an error.
    pub parameters: BTreeMap<String, String>,
    /// Where the queues are served, for example `http://127.0.0.1:4711`: the start of every queue URL.
    pub services_url: String,
}

/// Why a template was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("template: {at}: {problem}")]
pub struct TemplateError {
    /// The resource and the property, for example `FillFunction.Events.Queue.BatchSize`.
    pub at: String,
    /// What is wrong with it.
    pub problem: String,
}

impl TemplateError {
    pub(crate) fn new(at: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { at: at.into(), problem: problem.into() }
    }
}

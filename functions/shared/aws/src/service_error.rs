//! A failure of a service: it can't be reached now, or something is broken.

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use thiserror::Error;

/// A service did not do its work.
#[derive(Clone, Debug, Error)]
pub enum ServiceError {
    /// Not reachable, too busy, or its answer was lost: whether a write happened is unknown. Repeat it later.
    #[error("{service} is not available: {why}")]
    Unavailable {
        /// Which service.
        service: &'static str,
        /// What it said; never a request or a secret.
        why: String,
    },
    /// It will not work by repeating: what is stored or configured is wrong.
    #[error("{service} is broken: {why}")]
    Broken {
        /// Which service.
        service: &'static str,
        /// What is wrong.
        why: String,
    },
}

impl ServiceError {
    /// Whether it may work by repeating.
    #[must_use]
    pub fn passing(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    pub(crate) fn broken(service: &'static str, why: impl ToString) -> Self {
        Self::Broken { service, why: why.to_string() }
    }

    pub(crate) fn unavailable(service: &'static str, why: impl ToString) -> Self {
        Self::Unavailable { service, why: why.to_string() }
    }

    /// Classifies an error of the SDK: a refusal of the request is broken; everything else may pass.
    pub(crate) fn from_sdk<E, R>(service: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata,
    {
        const OURS: [&str; 6] = [
            "ValidationException",
            "ResourceNotFoundException",
            "AccessDeniedException",
            "UnrecognizedClientException",
            "MessageRejected",
            "BadRequestException",
        ];
        match error {
            SdkError::ServiceError(context) => {
                let code = context.err().code().unwrap_or("unknown").to_owned();
                if OURS.contains(&code.as_str()) {
                    Self::broken(service, code)
                } else {
                    Self::unavailable(service, code)
                }
            }
            SdkError::ConstructionFailure(_) => Self::broken(service, "the request could not be made"),
            SdkError::TimeoutError(_) => Self::unavailable(service, "no answer in time"),
            SdkError::DispatchFailure(_) => Self::unavailable(service, "no connection"),
            _ => Self::unavailable(service, "the answer could not be read"),
        }
    }
}

//! The failure of a service, which a repeat may or may not overcome.

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use thiserror::Error;

/// Why a service did not do its work.
#[derive(Clone, Debug, Error)]
pub enum ServiceError {
    /// The service is unreachable or busy, or its answer was lost, so a write may have happened. Repeat the call later.
    #[error("{service} is not available: {why}")]
    Unavailable {
        /// The service.
        service: &'static str,
        /// The service's answer; never a request or a secret.
        why: String,
    },
    /// The stored data or the configuration is wrong. A repeat does not help.
    #[error("{service} is broken: {why}")]
    Broken {
        /// The service.
        service: &'static str,
        /// What is wrong.
        why: String,
    },
}

impl ServiceError {
    /// Whether a repeat may succeed.
    pub fn passing(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    pub(crate) fn broken(service: &'static str, why: impl ToString) -> Self {
        Self::Broken { service, why: why.to_string() }
    }

    pub(crate) fn unavailable(service: &'static str, why: impl ToString) -> Self {
        Self::Unavailable { service, why: why.to_string() }
    }

    /// Classifies an error of the SDK: a refused request is `Broken`, every other error `Unavailable`.
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

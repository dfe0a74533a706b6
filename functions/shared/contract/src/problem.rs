//! Problems (RFC 9457): a closed list of codes, each with status and title. The crate's README explains each code.

use aws::ServiceError;
use domain::field_error::{FieldError, FieldErrors};
use lambda_http::{Body, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};
use use_cases::RetryableError;
use use_cases::payment::PaymentError;

macro_rules! codes {
    ($($name:ident = $status:literal $code:literal $title:literal;)*) => {
        /// The stable code of a problem. Clients rely on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code in an answer.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

codes! {
    Unreadable = 400 "unreadable" "The request cannot be read";
    Unauthenticated = 401 "unauthenticated" "Who are you?";
    Forbidden = 403 "forbidden" "Not allowed";
    NotFound = 404 "not-found" "Not found";
    Invalid = 422 "invalid" "Fields are at fault";
    PaymentMismatch = 422 "payment-mismatch" "The payment does not fit the order";
    PaymentDeclined = 402 "payment-declined" "The payment was declined";
    PaymentRequired = 402 "payment-required" "The difference must be paid";
    PaymentUsed = 409 "payment-used" "The payment was used already";
    IdReused = 409 "id-reused" "The id stands for another request";
    SoldOut = 409 "sold-out" "Sold out";
    OnBackorder = 409 "on-backorder" "On backorder";
    BacklogFull = 409 "backlog-full" "Too many are waiting already";
    LimitReached = 409 "limit-reached" "As many as a customer may have";
    PhoneBackorder = 409 "phone-backorder" "Backorders are placed in the web shop only";
    AlreadyShipped = 409 "already-shipped" "Shipped already";
    AlreadyCanceled = 409 "already-canceled" "Canceled already";
    NotReleased = 409 "not-released" "Not released for shipping";
    OneShipment = 409 "one-shipment" "One shipment only";
    NotThatMany = 409 "not-that-many" "Not that many";
    Undeliverable = 409 "undeliverable" "Mails to this address come back";
    TooManyChanges = 409 "too-many-changes" "Too many changes";
    TooManyExpected = 409 "too-many-expected" "Too many are expected already";
    TooLarge = 413 "too-large" "Too large";
    UnsupportedMediaType = 415 "unsupported-media-type" "Send application/json";
    SlowDown = 429 "slow-down" "Slow down";
    TryAgain = 503 "try-again" "Try again";
    Broken = 500 "broken" "Something is broken here";
}

/// The most faults in one answer.
pub(crate) const MAX_ERRORS: usize = 100;

/// An answer that is not a success.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The kind of problem.
    pub code: Code,
    /// An explanation for people, without personal data.
    pub detail: String,
    /// The fields at fault.
    pub errors: Vec<FieldError>,
    /// Further members of the body.
    pub more: Map<String, Value>,
}

impl Problem {
    /// A problem without fields.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), more: Map::new() }
    }

    /// A problem of one field.
    pub fn field(code: Code, field: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { errors: FieldErrors::single(field, message.clone()).list().to_vec(), ..Self::new(code, message) }
    }

    /// Adds a member to the body.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.more.insert(name.to_owned(), json!(value));
        self
    }

    /// The problem as a response.
    pub fn response(&self) -> Response<Body> {
        let mut body = self.more.clone();
        body.insert("type".to_owned(), json!(format!("urn:backorder:problem:{}", self.code.word())));
        body.insert("title".to_owned(), json!(self.code.title()));
        body.insert("status".to_owned(), json!(self.code.status()));
        body.insert("detail".to_owned(), json!(self.detail));
        body.insert("code".to_owned(), json!(self.code.word()));
        if !self.errors.is_empty() {
            body.insert("errors".to_owned(), json!(self.errors));
        }
        let mut response = Response::builder()
            .status(self.code.status())
            .header("content-type", "application/problem+json")
            .header("cache-control", "no-store");
        match self.code {
            Code::TryAgain => response = response.header("retry-after", "1"),
            // The rate limit counts per minute.
            Code::SlowDown => response = response.header("retry-after", "60"),
            _ => {}
        }
        if self.code == Code::Unauthenticated {
            response = response.header("www-authenticate", "Bearer");
        }
        response.body(Body::from(Value::Object(body).to_string())).unwrap_or_default()
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        let detail =
            errors.list().first().map_or_else(String::new, |error| format!("{}: {}", error.field, error.message));
        let errors = errors.list().iter().take(MAX_ERRORS).cloned().collect();
        Self { errors, ..Self::new(Code::Invalid, detail) }
    }
}

impl From<ServiceError> for Problem {
    fn from(failure: ServiceError) -> Self {
        if failure.passing() {
            tracing::warn!(%failure, "a service is not available");
            Self::new(Code::TryAgain, "a service we need is not available; the request can be repeated safely")
        } else {
            tracing::error!(%failure, "something is broken");
            Self::new(Code::Broken, "this is our fault; we have been told")
        }
    }
}

impl From<RetryableError> for Problem {
    fn from(error: RetryableError) -> Self {
        match error {
            RetryableError::Busy => {
                Self::new(Code::TryAgain, "too many were writing at once; the request can be repeated safely")
            }
            RetryableError::Service(failure) => failure.into(),
        }
    }
}

impl From<&PaymentError> for Code {
    fn from(error: &PaymentError) -> Self {
        match error {
            PaymentError::Unknown => Self::NotFound,
            PaymentError::Mismatch => Self::PaymentMismatch,
            PaymentError::Declined => Self::PaymentDeclined,
            PaymentError::Used => Self::PaymentUsed,
            PaymentError::Processing | PaymentError::PartlyTaken | PaymentError::Service(_) => Self::TryAgain,
        }
    }
}

//! The correlation id of a request. Log lines, written items and resulting messages carry the id. The id proves
//! nothing: a caller may choose any id, and may use the same id twice.

use std::fmt;
use std::sync::Arc;

use aws_lambda_events::sqs::SqsMessage;

/// The most characters of an id: the length of a UUID. Each order stores one.
pub const MAX_LEN: usize = 36;
/// The name of the message attribute and of the log field.
pub const NAME: &str = "correlation_id";

/// A correlation id: 1 to 36 letters, digits, `-`, `_`, `.` and `=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrelationId(Arc<str>);

impl CorrelationId {
    /// Reads an id from outside; `None` if it is too long or has other characters.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b'=');
        ((1..=MAX_LEN).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.into()))
    }

    /// The first of these texts that is a valid id; else a new id.
    pub fn first_of<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        texts.into_iter().flatten().find_map(Self::parse).unwrap_or_else(Self::new)
    }

    /// The id that a message carries; else a new id.
    pub fn of_message(message: &SqsMessage) -> Self {
        let carried = message.message_attributes.get(NAME);
        Self::first_of([carried.and_then(|attribute| attribute.string_value.as_deref())])
    }

    /// A new id, for work that no request caused.
    #[expect(clippy::new_without_default, reason = "a new id each time is no default")]
    pub fn new() -> Self {
        Self(format!("{:016x}", fastrand::u64(..)).into())
    }

    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_from_outside_is_plain_and_short() {
        for good in ["JKJaXmPLvHcESHA=", "0b7a2a0e-5b0f-4c8e-9d5c-0d1f7f0c2f11", "a"] {
            assert_eq!(CorrelationId::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a b", "a\nb", "ann@example.com", "{\"a\"}", "é", &"x".repeat(MAX_LEN + 1)] {
            assert_eq!(CorrelationId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn where_none_is_an_id_a_new_one_is_made() {
        assert_eq!(CorrelationId::first_of([Some("a b"), None, Some("b")]).as_str(), "b");
        assert_ne!(CorrelationId::first_of([None]), CorrelationId::first_of([None]));
    }
}

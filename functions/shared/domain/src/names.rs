//! Names: skus, warehouses and ids that callers choose. A constructor checks a name once; all other code trusts it.

use serde::{Deserialize, Serialize};

/// Allows only characters that are safe in a key, a URL, a queue's group and a log.
fn plain(value: &str, longest: usize) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if value.is_empty() || value.len() > longest {
        return Err(format!("must have 1 to {longest} characters"));
    }
    if !value.chars().all(allowed) {
        return Err("may have only letters, digits, '-', '_' and '.' (ASCII)".to_owned());
    }
    // In a URL, a name of dots alone would lead to a parent folder.
    if !value.chars().any(|c| c.is_ascii_alphanumeric()) {
        return Err("must have a letter or a digit".to_owned());
    }
    Ok(())
}

/// The conversions from and to text of a type that has `as_str` and a constructor that checks.
macro_rules! as_text {
    ($name:ident, $parse:ident) => {
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                $name::$parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().to_owned()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use as_text;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $longest:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A checked name. The error does not contain the value.
            pub fn new(value: impl Into<String>) -> Result<Self, String> {
                let value = value.into();
                plain(&value, $longest)?;
                Ok(Self(value))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        as_text!($name, new);
    };
}

name!(
    /// A product variant; at most 64 characters.
    Sku,
    64
);
name!(
    /// A place that holds stock; at most 32 characters.
    Warehouse,
    32
);
name!(
    /// The payment provider's reference to one payment; at most 128 characters.
    PaymentReference,
    128
);
name!(
    /// The caller's id of a receipt, adjustment, shipment or change: the idempotency key; at most 64 characters.
    CallerId,
    64
);

impl CallerId {
    /// The id of a change that an inbound message asks for. No caller can choose an id with a colon.
    pub fn of_letter(letter_id: &str) -> Self {
        Self(format!("mail:{letter_id}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_ascii_of_bounded_length() {
        assert!(Sku::new("LED-40.x_9").is_ok());
        for bad in ["", "a b", "a/b", "é", "a#b", "a\r\nb", "..", &"x".repeat(65)] {
            assert!(Sku::new(bad).is_err(), "{bad}");
        }
    }
}

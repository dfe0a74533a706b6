//! Money: whole minor units of a currency. There are no fractions and no floats.

use serde::{Deserialize, Serialize};

use crate::names::as_text;

/// The largest amount in a request, in minor units. 30 lines of 1,000 units at this price still fit an `i64`.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// An ISO 4217 code: three capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// A checked code.
    pub fn new(code: &str) -> Result<Self, String> {
        match code.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|byte| byte.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err("must be three capital letters (ISO 4217)".to_owned()),
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

as_text!(Currency, new);

/// An amount in minor units of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units: 1999 USD is $19.99.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// The amount, if it is between 0 and [`MAX_AMOUNT`].
    pub fn checked(self) -> Result<i64, String> {
        let fits = (0..=MAX_AMOUNT).contains(&self.amount);
        if fits { Ok(self.amount) } else { Err(format!("amount must be 0 to {MAX_AMOUNT} minor units")) }
    }
}

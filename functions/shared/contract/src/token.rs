//! Tokens: who may do what, signed. A shop's token carries scopes; a customer's is bound to one order. Both expire.

use domain::identity::OrderId;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// How long a customer can follow an order by its link.
const CUSTOMER_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 400);

/// What a shop may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Place, read and cancel orders.
    Orders,
    /// Receive, count and ship.
    Stock,
    /// Put products.
    Products,
}

impl Scope {
    /// The word in a token.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Stock => "stock",
            Self::Products => "products",
        }
    }
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The scopes of a shop, separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The one order of a customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
}

/// A token with these claims; empty where there is no key to sign it.
#[must_use]
pub fn sign(claims: &Claims, key: &str) -> String {
    if key.is_empty() {
        return String::new();
    }
    let key = EncodingKey::from_secret(key.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap_or_default()
}

/// A customer's token for an order that was started at `started`.
#[must_use]
pub fn for_customer(order: &OrderId, started: Timestamp, key: &str) -> String {
    let exp = started.saturating_add(CUSTOMER_LIFETIME).map_or(i64::MAX, Timestamp::as_second);
    sign(&Claims { scope: None, order: Some(order.clone()), exp }, key)
}

/// What a token says, if it is ours and has not expired by `now`.
///
/// # Errors
/// Why it does not hold, without the token itself.
pub fn verify(token: &str, key: &str, now: Timestamp) -> Result<Claims, &'static str> {
    if key.is_empty() {
        return Err("there is no key to check it with");
    }
    let mut validation = Validation::new(Algorithm::HS256);
    // Checked below by the shop's own clock.
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(key.as_bytes());
    let claims =
        jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|_| "the token does not hold")?.claims;
    if claims.exp <= now.as_second() { Err("the token has expired") } else { Ok(claims) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "a key that only this test knows";

    #[test]
    fn a_token_holds_until_it_expires_and_only_under_its_key() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let claims = Claims { scope: Some("orders".to_owned()), order: None, exp: now.as_second() + 60 };
        let token = sign(&claims, KEY);
        assert_eq!(verify(&token, KEY, now), Ok(claims));
        assert!(verify(&token, KEY, now + SignedDuration::from_secs(61)).is_err());
        assert!(verify(&token, "another key", now).is_err());
        assert!(verify(&format!("{token}x"), KEY, now).is_err());
        assert!(verify("eyJhbGciOiJub25lIn0.e30.", KEY, now).is_err());
    }
}

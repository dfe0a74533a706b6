//! Signed tokens. A shop's token carries scopes. A customer's token is bound to one order. Both expire.

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use thiserror::Error;
pub use use_cases::links::{Claims, sign};

/// A permission of a shop's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Place, read and cancel orders.
    Orders,
    /// Receive, adjust and ship stock.
    Stock,
    /// Put products.
    Products,
    /// Set the policy.
    Policy,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Orders, Self::Stock, Self::Products, Self::Policy];

    /// The scope's name in a token.
    pub fn word(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Stock => "stock",
            Self::Products => "products",
            Self::Policy => "policy",
        }
    }
}

/// Why a token is refused. The error never contains the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// The text is not a token, or none of the keys signed it.
    #[error("the token does not hold")]
    DoesNotHold,
    /// The token was valid, but has expired.
    #[error("the token has expired")]
    Expired,
}

/// The claims of a token that one of the keys signed and that is not expired. Signatures are compared in constant time.
pub fn verify(token: &str, keys: &[String], now: Timestamp) -> Result<Claims, TokenError> {
    let claims = keys.iter().find_map(|key| claims(token, key)).ok_or(TokenError::DoesNotHold)?;
    if claims.exp <= now.as_second() { Err(TokenError::Expired) } else { Ok(claims) }
}

fn claims(token: &str, key: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    // `verify` checks the expiry, by the clock of the application.
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(key.as_bytes());
    jsonwebtoken::decode::<Claims>(token, &key, &validation).ok().map(|token| token.claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn a_token_holds_until_it_expires_and_only_under_its_key() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let claims = Claims { scope: Some("orders".to_owned()), order: None, exp: now.as_second() + 60 };
        let token = sign(&claims, "now");
        assert_eq!(verify(&token, &keys(&["now"]), now), Ok(claims.clone()));
        assert_eq!(verify(&token, &keys(&["next", "now"]), now), Ok(claims), "the previous key is still accepted");
        let later = now + SignedDuration::from_secs(61);
        assert_eq!(verify(&token, &keys(&["now"]), later), Err(TokenError::Expired));
        for (token, known) in [
            (token.as_str(), keys(&["another"])),
            (&token, keys(&[])),
            (&format!("{token}x"), keys(&["now"])),
            ("eyJhbGciOiJub25lIn0.e30.", keys(&["now"])),
        ] {
            assert_eq!(verify(token, &known, now), Err(TokenError::DoesNotHold));
        }
    }
}

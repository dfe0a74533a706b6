//! Makes a shop's token. The signing key comes from standard input, so it appears in no process list or shell history.

use contract::token::{Claims, Scope, sign};
use jiff::{SignedDuration, Timestamp};

/// The longest lifetime of a shop's token in days: no token may outlive its key, which rotates each year.
pub const MAX_DAYS: i64 = 365;
/// The fewest bytes of a key, as the functions require.
const MIN_KEY_LEN: usize = 32;

/// The words of every scope.
pub fn scopes() -> [&'static str; 4] {
    Scope::ALL.map(Scope::word)
}

/// Makes a token that expires `days` after `now`. Commas or spaces separate the scopes in `asked`.
pub fn make(key: &str, asked: &str, days: i64, now: Timestamp) -> Result<String, String> {
    let key = key.trim_end_matches(['\r', '\n']);
    if key.len() < MIN_KEY_LEN {
        return Err(format!("the key on standard input has fewer than {MIN_KEY_LEN} bytes; see infra/deploying.md"));
    }
    let known = scopes();
    let asked: Vec<&str> = asked.split([',', ' ']).filter(|scope| !scope.is_empty()).collect();
    if asked.is_empty() {
        return Err(format!("name the scopes: {}", known.join(",")));
    }
    if let Some(unknown) = asked.iter().find(|scope| !known.contains(scope)) {
        return Err(format!("there is no scope {unknown}; there are {}", known.join(", ")));
    }
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(format!("a token lasts from 1 to {MAX_DAYS} days"));
    }
    let end = now.saturating_add(SignedDuration::from_hours(24 * days)).map_err(|error| error.to_string())?;
    Ok(sign(&Claims { scope: Some(asked.join(" ")), order: None, exp: end.as_second() }, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "a key that has more than thirty-two bytes\n";

    #[test]
    fn r27_a_token_made_at_the_terminal_holds_until_its_last_day() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let token = make(KEY, "stock, orders", 30, now).unwrap();
        let keys = [KEY.trim_end().to_owned()];
        let claims = contract::token::verify(&token, &keys, now).unwrap();
        assert_eq!(claims.scope.as_deref(), Some("stock orders"));
        let later = now + SignedDuration::from_hours(24 * 30);
        assert!(contract::token::verify(&token, &keys, later).is_err());
    }

    #[test]
    fn what_is_wrong_is_said() {
        let now = Timestamp::UNIX_EPOCH;
        for (key, scopes, days, said) in [
            ("short", "orders", 1, "fewer than 32"),
            (KEY, "", 1, "name the scopes"),
            (KEY, "orders admin", 1, "no scope admin"),
            (KEY, "orders", 0, "from 1 to 365"),
            (KEY, "orders", 366, "from 1 to 365"),
        ] {
            let error = make(key, scopes, days, now).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}

//! Checks a policy file, naming every error at once, and sets the policy in a running shop.

use aws::clock::Clock;
use client::Client;
use domain::fault::Faults;
use domain::policy::Policy;
use serde_json::Value;

use crate::token;

/// The policy of a file, given as TOML.
///
/// # Errors
/// Everything that is wrong, a line each.
pub fn read(text: &str) -> Result<Policy, String> {
    let parts: toml::Value = toml::from_str(text).map_err(|error| format!("it is no TOML: {error}"))?;
    contract::policy::checked(json(parts), Faults::default()).map_err(|faults| {
        let lines = faults.list().iter().map(|fault| format!("  {}: {}", fault.field, fault.message));
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// Sets the policy in the shop whose API answers at `api`; `key` signs tokens. Returns the policy's hash.
pub async fn set(policy: &Policy, api: &str, key: &str, clock: &Clock) -> Result<String, String> {
    let shop = Client::new(api).with_token(token::make(key, "policy", 1, clock.now())?);
    let body = serde_json::to_value(policy).map_err(|error| error.to_string())?;
    let answer = shop.put("/policy", &body).await?;
    match answer.status {
        200 => Ok(answer.text("/hash").to_owned()),
        status => Err(format!("the shop answered {status} {}: {}", answer.code(), answer.body)),
    }
}

/// TOML as JSON; a date becomes its text.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(it) => it.into(),
        toml::Value::Datetime(at) => at.to_string().into(),
        toml::Value::Array(list) => list.into_iter().map(json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(name, value)| (name, json(value))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: &str = include_str!("../../policies/reference.toml");

    /// Every path that has a value.
    fn paths(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(name, value)| paths(value, &format!("{at}/{name}"), found))
            }
            _ => found.push(at.to_owned()),
        }
    }

    #[test]
    fn r28_the_reference_and_every_shops_file_are_accepted() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies");
        let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(files.len() >= 4, "{files:?}");
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            assert_eq!(read(&text).map(|_| ()), Ok(()), "{}", file.display());
        }
    }

    #[test]
    fn r28_the_reference_names_every_line_that_a_policy_may_have() {
        let (mut reference, mut all) = (Vec::new(), Vec::new());
        paths(&json(toml::from_str(REFERENCE).unwrap()), "", &mut reference);
        paths(&contract::policy::sample(), "", &mut all);
        reference.sort();
        all.sort();
        assert_eq!(reference, all);
        for line in REFERENCE.lines().filter(|line| line.contains(" = ") && !line.starts_with('#')) {
            let told = REFERENCE.lines().take_while(|before| *before != line).last().unwrap_or_default();
            assert!(
                told.starts_with('#')
                    || line.starts_with("on_")
                    || line.starts_with("sold_")
                    || line.starts_with("in_"),
                "{line} is not told of"
            );
        }
    }

    #[test]
    fn r26_everything_that_is_wrong_with_a_file_is_named_at_once() {
        let text =
            REFERENCE.replace("\"US\"", "\"usa\"").replace("expiry_days = 60", "expire = 60").replace("15", "25");
        let said = read(&text).unwrap_err();
        for field in ["shipping.home_country", "expire: is not a field", "calendar.cutoff_hour"] {
            assert!(said.contains(field), "{said}");
        }
        assert!(read("shop_name = ").unwrap_err().contains("line 1"));
        let unquoted = REFERENCE.replace("\"2026-12-25\"", "2026-12-25");
        assert_eq!(read(&unquoted), read(REFERENCE), "a date may also be written as one");
    }
}

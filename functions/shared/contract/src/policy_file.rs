//! A shop's policy as a TOML file (see `infra/policies`). It passes the same checks as `PUT /policy`.

use domain::field_error::FieldErrors;
use domain::policy::Policy;
use serde_json::Value;

/// Reads and checks a policy in TOML. The error lists each wrong field on its own line, with the rule that it breaks.
pub fn read(text: &str) -> Result<Policy, String> {
    let parts: toml::Value = toml::from_str(text).map_err(|error| format!("this is not TOML: {error}"))?;
    crate::policy::checked(json(parts), FieldErrors::default()).map_err(|errors| {
        let lines = errors.list().iter().map(|error| format!("  {}: {}", error.field, error.message));
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// Turns TOML into JSON. A date becomes its text.
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

    const REFERENCE: &str = include_str!("../../../../infra/policies/reference.toml");

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
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../infra/policies");
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
        paths(&crate::policy::sample(), "", &mut all);
        reference.sort();
        all.sort();
        assert_eq!(reference, all);
        for line in REFERENCE.lines().filter(|line| line.contains(" = ") && !line.starts_with('#')) {
            let reported = REFERENCE.lines().take_while(|before| *before != line).last().unwrap_or_default();
            assert!(
                reported.starts_with('#')
                    || line.starts_with("on_")
                    || line.starts_with("sold_")
                    || line.starts_with("in_"),
                "{line} has no comment"
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
        assert_eq!(read(&unquoted), read(REFERENCE), "a date needs no quotes");
    }
}

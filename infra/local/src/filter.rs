//! Filter patterns of event source mappings and event rules: literals, lists of alternatives, `prefix`, `suffix`, `exists` and
//! `anything-but`. Any other rule is an error that names it.

use serde_json::Value;

/// One pattern. A record passes a list of filters if at least one filter matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pattern: Value,
}

impl Filter {
    /// Reads a pattern in JSON.
    pub fn read(text: &str) -> Result<Self, String> {
        Self::new(serde_json::from_str(text).map_err(|error| format!("the pattern is no JSON: {error}"))?)
    }

    /// Reads a pattern.
    pub fn new(pattern: Value) -> Result<Self, String> {
        if !pattern.is_object() {
            return Err("a pattern is a mapping".to_owned());
        }
        check(&pattern)?;
        Ok(Self { pattern })
    }

    /// Whether the pattern matches this record.
    pub fn wants(&self, record: &Value) -> bool {
        matches(&self.pattern, Some(record))
    }
}

fn check(pattern: &Value) -> Result<(), String> {
    match pattern {
        Value::Object(keys) => keys.values().try_for_each(check),
        Value::Array(alternatives) => alternatives.iter().try_for_each(check_alternative),
        other => Err(format!("{other}: a pattern gives the alternatives for a value as a list")),
    }
}

fn check_alternative(alternative: &Value) -> Result<(), String> {
    let Some(rule) = alternative.as_object() else { return Ok(()) };
    let mut rules = rule.iter();
    match (rules.next(), rules.next()) {
        (Some((name, Value::String(_))), None) if name == "prefix" || name == "suffix" => Ok(()),
        (Some((name, Value::Bool(_))), None) if name == "exists" => Ok(()),
        (Some((name, Value::String(_) | Value::Number(_) | Value::Array(_))), None) if name == "anything-but" => Ok(()),
        _ => Err(format!("the local stack does not know the rule {alternative}")),
    }
}

fn matches(pattern: &Value, value: Option<&Value>) -> bool {
    match pattern {
        Value::Object(keys) => keys.iter().all(|(key, inner)| matches(inner, value.and_then(|value| value.get(key)))),
        Value::Array(alternatives) => alternatives.iter().any(|alternative| allows(alternative, value)),
        _ => false,
    }
}

fn allows(alternative: &Value, value: Option<&Value>) -> bool {
    if let Some(Value::Array(values)) = value {
        return values.iter().any(|value| allows(alternative, Some(value))); // one matching value is enough
    }
    let Some((rule, argument)) = alternative.as_object().and_then(|rule| rule.iter().next()) else {
        return value == Some(alternative);
    };
    let text = value.and_then(Value::as_str);
    match (rule.as_str(), argument) {
        ("prefix", Value::String(prefix)) => text.is_some_and(|text| text.starts_with(prefix)),
        ("suffix", Value::String(suffix)) => text.is_some_and(|text| text.ends_with(suffix)),
        ("exists", Value::Bool(wanted)) => value.is_some() == *wanted,
        ("anything-but", Value::Array(unwanted)) => value.is_some_and(|value| !unwanted.contains(value)),
        ("anything-but", unwanted) => value.is_some_and(|value| value != unwanted),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Filter;

    #[test]
    fn a_filter_looks_into_the_new_image() {
        let filter = Filter::read(r#"{"dynamodb":{"NewImage":{"entity":{"S":["order","stock"]}}}}"#).unwrap();
        assert!(filter.wants(&json!({"dynamodb": {"NewImage": {"entity": {"S": "order"}}}})));
        assert!(!filter.wants(&json!({"dynamodb": {"NewImage": {"entity": {"S": "ticket"}}}})));
        assert!(!filter.wants(&json!({"dynamodb": {"OldImage": {"entity": {"S": "order"}}}})));
    }

    #[test]
    fn rules_are_understood_or_refused() {
        let filter = Filter::read(r#"{"a":[{"prefix":"x"},{"exists":false}],"b":[{"anything-but":["no"]}]}"#).unwrap();
        assert!(filter.wants(&json!({"a": "xy", "b": "yes"})));
        assert!(filter.wants(&json!({"b": "yes"})));
        assert!(!filter.wants(&json!({"a": "yx", "b": "yes"})));
        assert!(!filter.wants(&json!({"a": "xy", "b": "no"})));
        assert!(filter.wants(&json!({"a": ["z", "xy"], "b": "yes"})), "one value of several fits");
        assert!(!filter.wants(&json!({"a": ["z"], "b": "yes"})));
        assert!(Filter::read(r#"{"a":[{"cidr":"10.0.0.0/8"}]}"#).is_err());
        assert!(Filter::read(r#"{"a":"x"}"#).is_err());
    }
}

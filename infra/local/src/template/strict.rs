//! Strict readers of properties: every key must be known, every value must have the right type.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::error::TemplateError;

pub(super) type Properties = Map<String, Value>;

pub(super) fn map<'a>(at: &str, value: &'a Value) -> Result<&'a Properties, TemplateError> {
    value.as_object().ok_or_else(|| TemplateError::new(at, "must be a mapping"))
}

/// The mapping under a key; empty if the key is absent.
pub(super) fn section<'a>(at: &str, properties: &'a Properties, key: &str) -> Result<&'a Properties, TemplateError> {
    static EMPTY: LazyLock<Properties> = LazyLock::new(Properties::new);
    properties.get(key).map_or_else(|| Ok(&*EMPTY), |value| map(at, value))
}

/// Refuses every key except the understood keys and those without meaning on one machine.
pub(super) fn only(
    at: &str,
    properties: &Properties,
    understood: &[&str],
    without_meaning: &[&str],
) -> Result<(), TemplateError> {
    for key in properties.keys() {
        if !understood.contains(&key.as_str()) && !without_meaning.contains(&key.as_str()) {
            return Err(TemplateError::new(format!("{at}.{key}"), "the local stack does not know this property"));
        }
    }
    Ok(())
}

/// An optional text.
pub(super) fn text(at: &str, properties: &Properties, key: &str) -> Result<Option<String>, TemplateError> {
    match properties.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(TemplateError::new(format!("{at}.{key}"), "must be a text")),
    }
}

/// A required text.
pub(super) fn needed(at: &str, properties: &Properties, key: &str) -> Result<String, TemplateError> {
    text(at, properties, key)?.ok_or_else(|| TemplateError::new(format!("{at}.{key}"), "is missing"))
}

/// An optional whole number. The value may be text, because parameters are text.
pub(super) fn number(at: &str, properties: &Properties, key: &str) -> Result<Option<i64>, TemplateError> {
    let wrong = || TemplateError::new(format!("{at}.{key}"), "must be a whole number");
    match properties.get(key) {
        None => Ok(None),
        Some(Value::Number(number)) => number.as_i64().map(Some).ok_or_else(wrong),
        Some(Value::String(text)) => text.parse().map(Some).map_err(|_| wrong()),
        Some(_) => Err(wrong()),
    }
}

pub(super) fn bounded(
    at: &str,
    properties: &Properties,
    key: &str,
    bounds: std::ops::RangeInclusive<i64>,
    default: i64,
) -> Result<u32, TemplateError> {
    let value = number(at, properties, key)?.unwrap_or(default);
    let problem = || format!("must lie between {} and {}", bounds.start(), bounds.end());
    if !bounds.contains(&value) && value != default {
        return Err(TemplateError::new(format!("{at}.{key}"), problem()));
    }
    u32::try_from(value).map_err(|_| TemplateError::new(format!("{at}.{key}"), problem()))
}

/// A switch; off if the key is absent. The value may be text, because parameters are text.
pub(super) fn flag(at: &str, properties: &Properties, key: &str) -> Result<bool, TemplateError> {
    match properties.get(key) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(Value::String(text)) if text == "true" => Ok(true),
        Some(Value::String(text)) if text == "false" => Ok(false),
        Some(_) => Err(TemplateError::new(format!("{at}.{key}"), "must be true or false")),
    }
}

/// A list, empty if it is absent.
pub(super) fn list<'a>(at: &str, properties: &'a Properties, key: &str) -> Result<&'a [Value], TemplateError> {
    match properties.get(key) {
        None => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        Some(_) => Err(TemplateError::new(format!("{at}.{key}"), "must be a list")),
    }
}

pub(super) fn reports_failures(at: &str, properties: &Properties) -> Result<bool, TemplateError> {
    let mut reports = false;
    for kind in list(at, properties, "FunctionResponseTypes")? {
        if kind.as_str() != Some("ReportBatchItemFailures") {
            let problem = "knows ReportBatchItemFailures only";
            return Err(TemplateError::new(format!("{at}.FunctionResponseTypes"), problem));
        }
        reports = true;
    }
    Ok(reports)
}

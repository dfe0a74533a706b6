//! Reads YAML with CloudFormation's tags as plain JSON values.

use serde_json::{Map, Value, json};

use super::error::TemplateError;

/// Parses YAML. Turns short tags (`!Ref X`) into the long form (`{"Ref": "X"}`).
pub(super) fn parse(text: &str) -> Result<Value, TemplateError> {
    let root: serde_norway::Value =
        serde_norway::from_str(text).map_err(|error| TemplateError::new("the template", error.to_string()))?;
    long_form(root)
}

fn long_form(value: serde_norway::Value) -> Result<Value, TemplateError> {
    use serde_norway::Value as Yaml;
    Ok(match value {
        Yaml::Sequence(list) => Value::Array(list.into_iter().map(long_form).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                let key = match key {
                    Yaml::String(key) => key,
                    other => serde_norway::to_string(&other).unwrap_or_default().trim().to_owned(),
                };
                object.insert(key, long_form(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = tag.trim_start_matches('!');
            let key = if name == "Ref" { name.to_owned() } else { format!("Fn::{name}") };
            json!({ key: long_form(tagged.value)? })
        }
        plain => serde_json::to_value(plain).map_err(|error| TemplateError::new("the template", error.to_string()))?,
    })
}

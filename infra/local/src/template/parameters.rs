//! The values of the template's parameters: the inputs, else the defaults.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::{TemplateError, TemplateInputs};
use super::strict::{Properties, map};

/// The value of each declared parameter; `None` if it has neither an input nor a default.
pub(super) fn parameters(
    declared: &Properties,
    inputs: &TemplateInputs,
) -> Result<BTreeMap<String, Option<String>>, TemplateError> {
    for name in inputs.parameters.keys() {
        if !declared.contains_key(name) {
            return Err(TemplateError::new("Parameters", format!("there is no parameter {name}")));
        }
    }
    let mut parameters = BTreeMap::new();
    for (name, declaration) in declared {
        let declaration = map(name, declaration)?;
        let default = declaration.get("Default").map(plain_text);
        let value = inputs.parameters.get(name).cloned().or(default);
        if let (Some(value), Some(Value::Array(allowed))) = (&value, declaration.get("AllowedValues"))
            && !allowed.iter().any(|choice| plain_text(choice) == *value)
        {
            let choices: Vec<String> = allowed.iter().map(plain_text).collect();
            let problem = format!("{value:?} is none of {}", choices.join(", "));
            return Err(TemplateError::new(format!("Parameters.{name}"), problem));
        }
        parameters.insert(name.clone(), value);
    }
    Ok(parameters)
}

fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

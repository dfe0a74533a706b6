//! The environment of a function: the variables from the template, and the addresses of the services.

use std::collections::BTreeMap;

use crate::stack::StackEndpoints;

/// The environment of one function.
pub fn environment(endpoints: &StackEndpoints, function: &str) -> BTreeMap<String, String> {
    let mut environment = endpoints.environments.get(function).cloned().unwrap_or_default();
    let settings = [
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", &endpoints.services_url),
        ("AWS_ENDPOINT_URL_DYNAMODB", &endpoints.dynamodb_url),
    ];
    environment.extend(settings.map(|(name, value)| (name.to_owned(), value.to_owned())));
    environment
}

/// One environment for all functions, as lines `NAME="value"`. It is an error if two functions have different values
/// under one name, or if a value has a quote, a backslash or a line break.
pub fn environment_file(endpoints: &StackEndpoints) -> Result<String, String> {
    let mut all = BTreeMap::<String, String>::new();
    for function in endpoints.environments.keys() {
        for (name, value) in environment(endpoints, function) {
            if value.contains(['"', '\\', '\n']) {
                return Err(format!("{name} of {function} has a quote, a backslash or a line break"));
            }
            match all.get(&name) {
                Some(known) if *known != value => {
                    return Err(format!("{function} has another {name} than the functions before it"));
                }
                _ => all.insert(name, value),
            };
        }
    }
    Ok(all.iter().map(|(name, value)| format!("{name}=\"{value}\"\n")).collect())
}

//! The environment of a function that runs as its own process: the variables from the template, and where the services listen.

use std::collections::BTreeMap;

use crate::stack::StackEndpoints;

/// The environment of one function.
#[must_use]
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

/// One environment for all functions, as a file of lines `NAME="value"`.
///
/// # Errors
/// Where the template tells two functions different things under one name, or a value cannot stand in such a file.
pub fn environment_file(endpoints: &StackEndpoints) -> Result<String, String> {
    let mut all = BTreeMap::<String, String>::new();
    for function in endpoints.environments.keys() {
        for (name, value) in environment(endpoints, function) {
            if value.contains(['"', '\\', '\n']) {
                return Err(format!("{name} of {function} cannot stand in an environment file"));
            }
            match all.get(&name) {
                Some(known) if *known != value => {
                    return Err(format!("{function} is told another {name} than the functions before it"));
                }
                _ => all.insert(name, value),
            };
        }
    }
    Ok(all.iter().map(|(name, value)| format!("{name}=\"{value}\"\n")).collect())
}

//! The environment of a function that runs as its own process: the variables from the template, and where the services listen.

use std::collections::BTreeMap;

use crate::stack::Surroundings;

/// The environment of one function.
#[must_use]
pub fn environment(around: &Surroundings, function: &str) -> BTreeMap<String, String> {
    let mut environment = around.environments.get(function).cloned().unwrap_or_default();
    let told = [
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", &around.services_url),
        ("AWS_ENDPOINT_URL_DYNAMODB", &around.dynamodb_url),
    ];
    environment.extend(told.map(|(name, value)| (name.to_owned(), value.to_owned())));
    environment
}

/// One environment for all functions, as a file of lines `NAME="value"`.
///
/// # Errors
/// Where the template tells two functions different things under one name, or a value cannot stand in such a file.
pub fn environment_file(around: &Surroundings) -> Result<String, String> {
    let mut all = BTreeMap::<String, String>::new();
    for function in around.environments.keys() {
        for (name, value) in environment(around, function) {
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

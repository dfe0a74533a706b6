//! Finds the function for a request. Matches the routes of the template as API Gateway does.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::template::Template;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub method: String,
    pub path: String,
    pub function: String,
    pub authorizer: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// A function, with the decoded parameters of the path.
    Function(&'a Endpoint, BTreeMap<String, String>),
    /// The path exists, but only for these methods.
    OtherMethods(Vec<&'a str>),
    Nothing,
}

/// Every route of the template. Routes with fewer parameters come first, so that a literal wins over a parameter.
pub(super) fn endpoints(template: &Template) -> Vec<Endpoint> {
    let mut endpoints = Vec::new();
    for function in &template.functions {
        for route in &function.routes {
            endpoints.push(Endpoint {
                method: route.method.clone(),
                path: route.path.clone(),
                function: function.name.clone(),
                authorizer: route.authorizer.clone(),
            });
        }
    }
    endpoints.sort_by_key(|endpoint| endpoint.path.matches('{').count());
    endpoints
}

/// Finds the function of a request. `path` is not decoded.
pub(super) fn find<'a>(endpoints: &'a [Endpoint], method: &str, path: &str) -> Found<'a> {
    let mut methods = Vec::new();
    for endpoint in endpoints {
        let Some(parameters) = parameters(&endpoint.path, path) else { continue };
        if endpoint.method == method || endpoint.method == "ANY" {
            return Found::Function(endpoint, parameters);
        }
        methods.push(endpoint.method.as_str());
    }
    if methods.is_empty() { Found::Nothing } else { Found::OtherMethods(methods) }
}

fn parameters(pattern: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    if pattern.len() != path.len() {
        return None;
    }
    let mut parameters = BTreeMap::new();
    for (expected, segment) in pattern.into_iter().zip(path) {
        let segment = percent_decode_str(segment).decode_utf8_lossy();
        match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(_) if segment.is_empty() => return None,
            Some(name) => drop(parameters.insert(name.to_owned(), segment.into_owned())),
            None if expected == segment => {}
            None => return None,
        }
    }
    Some(parameters)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Endpoint, Found, find};

    fn endpoint(method: &str, path: &str) -> Endpoint {
        Endpoint { method: method.to_owned(), path: path.to_owned(), function: path.to_owned(), authorizer: None }
    }

    #[test]
    fn a_literal_goes_before_a_parameter_and_parameters_are_decoded() {
        let endpoints = [endpoint("GET", "/orders/search"), endpoint("GET", "/orders/{id}")];
        assert!(
            matches!(find(&endpoints, "GET", "/orders/search"), Found::Function(found, _) if found.path == "/orders/search")
        );
        let Found::Function(_, parameters) = find(&endpoints, "GET", "/orders/a%20b%2Fc") else { unreachable!() };
        assert_eq!(parameters, BTreeMap::from([("id".to_owned(), "a b/c".to_owned())]));
    }

    #[test]
    fn another_method_and_another_path_are_told_apart() {
        let endpoints = [endpoint("GET", "/orders/{id}")];
        assert_eq!(find(&endpoints, "PUT", "/orders/1"), Found::OtherMethods(vec!["GET"]));
        for path in ["/", "/orders", "/orders/", "/orders/1/", "/orders/1/2"] {
            assert_eq!(find(&endpoints, "GET", path), Found::Nothing, "{path}");
        }
    }
}

//! The authorizers of the HTTP API. `triggers` reads its routes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::TemplateError;
use super::intrinsics::{Resource, Scope};
use super::strict::{flag, map, needed, only, text};

/// The HTTP API. A route without its own authorizer has the default authorizer.
pub(super) struct Api {
    pub logical_id: Option<String>,
    pub authorizers: BTreeMap<String, String>,
    pub default_authorizer: Option<String>,
}

/// Reads the HTTP API. The result is empty if the template has no HTTP API.
pub(super) fn read(scope: &Scope, resources: &[(String, Resource)]) -> Result<Api, TemplateError> {
    let mut apis = resources.iter().filter(|(_, resource)| resource.kind == "AWS::Serverless::HttpApi");
    let Some((id, resource)) = apis.next() else {
        return Ok(Api { logical_id: None, authorizers: BTreeMap::new(), default_authorizer: None });
    };
    if let Some((second, _)) = apis.next() {
        return Err(TemplateError::new(second, "is a second HTTP API; the shop has one"));
    }
    let without = &[
        "AccessLogSettings",
        "CorsConfiguration",
        "DefaultRouteSettings",
        "Description",
        "DisableExecuteApiEndpoint",
        "FailOnWarnings",
        "Name",
        "PropagateTags",
        "RouteSettings",
        "StageName",
        "Tags",
    ];
    only(id, &resource.properties, &["Auth"], without)?;
    let mut api = Api { logical_id: Some(id.clone()), authorizers: BTreeMap::new(), default_authorizer: None };
    let Some(auth) = resource.properties.get("Auth") else { return Ok(api) };
    let at = format!("{id}.Auth");
    let auth = &scope.properties(&at, map(&at, auth)?)?;
    only(&at, auth, &["Authorizers", "DefaultAuthorizer"], &["EnableIamAuthorizer"])?;
    api.default_authorizer = text(&at, auth, "DefaultAuthorizer")?;
    if let Some(authorizers) = auth.get("Authorizers") {
        for (name, authorizer) in map(&at, authorizers)? {
            let function = authorizer_function(&format!("{at}.Authorizers.{name}"), authorizer)?;
            api.authorizers.insert(name.clone(), function);
        }
    }
    Ok(api)
}

fn authorizer_function(at: &str, authorizer: &Value) -> Result<String, TemplateError> {
    let authorizer = map(at, authorizer)?;
    let understood = &["FunctionArn", "AuthorizerPayloadFormatVersion", "EnableSimpleResponses", "Identity"];
    only(at, authorizer, understood, &["EnableFunctionDefaultPermissions", "FunctionInvokeRole"])?;
    if text(at, authorizer, "AuthorizerPayloadFormatVersion")?.is_some_and(|version| version != "2.0")
        || !flag(at, authorizer, "EnableSimpleResponses")?
    {
        return Err(TemplateError::new(at, "must have payload format 2.0 and simple responses"));
    }
    if let Some(identity) = authorizer.get("Identity") {
        let at = format!("{at}.Identity");
        only(&at, map(&at, identity)?, &[], &["ReauthorizeEvery"])?;
    }
    let arn = needed(at, authorizer, "FunctionArn")?;
    Ok(arn.rsplit(':').next().unwrap_or_default().to_owned())
}

//! Deploys the project's template: what `sam package` and `sam deploy` do, then the routes that ministack leaves out.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use local::template::Template;
use serde_json::{Value, json};

use crate::aws::{Aws, tagged};
use crate::bootstraps;
use crate::process::root;

/// The bucket of the code.
const BUCKET: &str = "code";
/// The stack.
const STACK: &str = "backorder";
/// How long between two questions whether the stack is there.
const AGAIN: Duration = Duration::from_millis(100);

/// The stack's resources: the physical name of each, by its id in the template.
pub type Resources = BTreeMap<String, String>;

/// Makes the one secret that the template expects to find: the payment provider's key.
///
/// # Errors
/// What AWS said.
pub async fn make_secrets(aws: &Aws) -> Result<(), String> {
    let body = json!({ "Name": "backorder/stripe", "SecretString": "sk_test_local" });
    aws.call("secretsmanager", "CreateSecret", &body).await.map(drop)
}

/// The key that signs tokens, which the stack made.
///
/// # Errors
/// What AWS said.
pub async fn token_key(aws: &Aws, resources: &Resources) -> Result<String, String> {
    let secret = resources.get("TokenKey").ok_or("the stack has no TokenKey")?;
    let told = aws.call("secretsmanager", "GetSecretValue", &json!({ "SecretId": secret })).await?;
    told.get("SecretString").and_then(Value::as_str).map(str::to_owned).ok_or("the token key is empty".to_owned())
}

/// Uploads the functions and the template, and makes the stack.
///
/// # Errors
/// What AWS said.
pub async fn make_stack(
    aws: &Aws,
    functions: &[String],
    parameters: &BTreeMap<String, String>,
) -> Result<Resources, String> {
    aws.upload(BUCKET, Vec::new()).await?;
    for name in functions {
        let path = bootstraps::zip(name);
        let zip = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        aws.upload(&format!("{BUCKET}/{name}.zip"), zip).await?;
    }
    let path = root().join("template.yaml");
    let template = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let packaged = packaged(aws, &template).await?;
    let mut form = vec![("Action", "CreateStack"), ("StackName", STACK), ("TemplateBody", packaged.as_str())];
    form.extend([("Capabilities.member.1", "CAPABILITY_IAM"), ("Capabilities.member.2", "CAPABILITY_AUTO_EXPAND")]);
    let numbered = (1..).map(|n| format!("Parameters.member.{n}"));
    let named: Vec<_> = numbered
        .zip(parameters)
        .map(|(at, it)| (format!("{at}.ParameterKey"), format!("{at}.ParameterValue"), it))
        .collect();
    form.extend(named.iter().flat_map(|(key, value, (name, given))| [(key.as_str(), name.as_str()), (value, given)]));
    aws.form(&form).await?;
    made(aws).await
}

/// Waits for the stack.
async fn made(aws: &Aws) -> Result<Resources, String> {
    loop {
        let told = aws.form(&[("Action", "DescribeStacks"), ("StackName", STACK)]).await?;
        match tagged(&told, "StackStatus").first().copied().unwrap_or_default() {
            "CREATE_COMPLETE" => break,
            "CREATE_IN_PROGRESS" => tokio::time::sleep(AGAIN).await,
            other => return Err(format!("the stack is {other}: {:?}", tagged(&told, "StackStatusReason"))),
        }
    }
    let told = aws.form(&[("Action", "DescribeStackResources"), ("StackName", STACK)]).await?;
    let ids = tagged(&told, "LogicalResourceId").into_iter().map(str::to_owned);
    Ok(ids.zip(tagged(&told, "PhysicalResourceId").into_iter().map(str::to_owned)).collect())
}

/// The template as `sam package` leaves it: each function with the address of its code, nested templates with theirs.
async fn packaged(aws: &Aws, template: &str) -> Result<String, String> {
    let (mut packaged, mut binary) = (String::new(), None);
    for line in template.lines() {
        let nested = line.trim_start().strip_prefix("TemplateURL: ").or(line.trim_start().strip_prefix("Location: "));
        match nested.filter(|path| path.ends_with(".yaml")) {
            Some(path) => {
                let text = fs::read(root().join(path)).map_err(|error| format!("{path}: {error}"))?;
                aws.upload(&format!("{BUCKET}/{path}"), text).await?;
                let (field, _) = line.split_once(": ").unwrap_or_default();
                packaged.push_str(&format!("{field}: https://{BUCKET}.s3.amazonaws.com/{path}\n"));
            }
            None => packaged.push_str(&format!("{line}\n")),
        }
        if let Some((_, rest)) = line.split_once("Binary: ") {
            binary = rest.split('}').next().map(str::to_owned);
        }
        if line == "    Properties:"
            && let Some(name) = binary.take()
        {
            packaged.push_str(&format!("      CodeUri: s3://{BUCKET}/{name}.zip\n"));
        }
    }
    Ok(packaged)
}

/// Makes the API's authorizer and routes, which SAM writes into the API's OpenAPI body, where ministack does not look.
///
/// # Errors
/// What AWS said, or what the stack lacks.
pub async fn make_routes(aws: &Aws, template: &Template, resources: &Resources) -> Result<String, String> {
    let api = resources.get("Api").ok_or("the stack has no Api")?.clone();
    let base = format!("/v2/apis/{api}");
    let make = async |what: &str, id: &str, body: Value| {
        let made = aws.rest("apigateway", "POST", &format!("{base}/{what}"), &body).await?;
        made.get(id).and_then(Value::as_str).map(str::to_owned).ok_or(format!("{what}: no {id} in {made}"))
    };
    let arn = |logical: &str| {
        let alias = resources.get(&format!("{logical}Aliaslive")).cloned();
        alias.ok_or(format!("the stack has no alias of {logical}"))
    };
    let mut authorizers = BTreeMap::new();
    for function in template.functions.iter().filter(|function| !function.routes.is_empty()) {
        let body = json!({ "integrationType": "AWS_PROXY", "integrationUri": arn(&function.logical_id)?, "payloadFormatVersion": "2.0" });
        let integration = make("integrations", "integrationId", body).await?;
        for route in &function.routes {
            let mut body = json!({ "routeKey": format!("{} {}", route.method, route.path), "target": format!("integrations/{integration}") });
            if let (Some(name), Some(fields)) = (&route.authorizer, body.as_object_mut()) {
                if !authorizers.contains_key(name) {
                    let logical = template.function(name).map(|it| it.logical_id.clone()).unwrap_or_default();
                    let invoked = format!(
                        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations",
                        arn(&logical)?
                    );
                    let body = json!({ "name": name, "authorizerType": "REQUEST", "authorizerUri": invoked, "authorizerPayloadFormatVersion": "2.0", "enableSimpleResponses": true, "authorizerResultTtlInSeconds": 0, "identitySource": [] });
                    authorizers.insert(name.clone(), make("authorizers", "authorizerId", body).await?);
                }
                fields.insert("authorizationType".to_owned(), json!("CUSTOM"));
                fields.insert("authorizerId".to_owned(), json!(authorizers.get(name)));
            }
            make("routes", "routeId", body).await?;
        }
    }
    Ok(api)
}

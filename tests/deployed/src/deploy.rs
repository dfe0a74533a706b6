//! Deploys the project's template as `sam package` and `sam deploy` do, then adds the routes that ministack does not
//! make.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use local::template::{Function, Template};
use serde_json::{Value, json};

use crate::aws::{Aws, tagged};
use crate::bootstraps;
use crate::process::root;

const BUCKET: &str = "code";
const STACK: &str = "backorder";
/// Time between two checks of the stack's status.
const AGAIN: Duration = Duration::from_millis(100);

/// The physical name of each resource, by its id in the template.
pub type Resources = BTreeMap<String, String>;

/// Creates the only secret that must exist before the stack: the payment provider's key.
pub async fn make_secrets(aws: &Aws) -> Result<(), String> {
    let body = json!({ "Name": "backorder/stripe", "SecretString": "sk_test_local" });
    aws.call("secretsmanager", "CreateSecret", &body).await.map(drop)
}

/// Reads the key that signs tokens. The stack generates it.
pub async fn token_key(aws: &Aws, resources: &Resources) -> Result<String, String> {
    let secret = resources.get("TokenKey").ok_or("the stack has no TokenKey")?;
    let response = aws.call("secretsmanager", "GetSecretValue", &json!({ "SecretId": secret })).await?;
    response.get("SecretString").and_then(Value::as_str).map(str::to_owned).ok_or("the token key is empty".to_owned())
}

/// Uploads the functions and the template, and creates the stack.
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
    aws.upload(&format!("{BUCKET}/template.yaml"), packaged.into_bytes()).await?;
    let packaged = address("template.yaml");
    let mut form = vec![("Action", "CreateStack"), ("StackName", STACK), ("TemplateURL", packaged.as_str())];
    form.extend([("Capabilities.member.1", "CAPABILITY_IAM"), ("Capabilities.member.2", "CAPABILITY_AUTO_EXPAND")]);
    let numbered = (1..).map(|n| format!("Parameters.member.{n}"));
    let named = |(at, it)| (format!("{at}.ParameterKey"), format!("{at}.ParameterValue"), it);
    let named: Vec<_> = numbered.zip(parameters).map(named).collect();
    form.extend(named.iter().flat_map(|(key, value, (name, given))| [(key.as_str(), name.as_str()), (value, given)]));
    aws.form(&form).await?;
    made(aws).await
}

/// The URL of a file in the bucket, as CloudFormation expects it.
fn address(path: &str) -> String {
    format!("https://s3.amazonaws.com/{BUCKET}/{path}")
}

/// Waits until the stack is complete and returns its resources.
async fn made(aws: &Aws) -> Result<Resources, String> {
    loop {
        let response = aws.form(&[("Action", "DescribeStacks"), ("StackName", STACK)]).await?;
        match tagged(&response, "StackStatus").first().copied().unwrap_or_default() {
            "CREATE_COMPLETE" => break,
            "CREATE_IN_PROGRESS" => tokio::time::sleep(AGAIN).await,
            other => return Err(format!("the stack is {other}: {:?}", tagged(&response, "StackStatusReason"))),
        }
    }
    let response = aws.form(&[("Action", "DescribeStackResources"), ("StackName", STACK)]).await?;
    let ids = tagged(&response, "LogicalResourceId").into_iter().map(str::to_owned);
    Ok(ids.zip(tagged(&response, "PhysicalResourceId").into_iter().map(str::to_owned)).collect())
}

/// The template as `sam package` leaves it: functions and nested templates point to uploaded files.
async fn packaged(aws: &Aws, template: &str) -> Result<String, String> {
    let (mut packaged, mut binary) = (String::new(), None);
    for line in template.lines() {
        let nested = line.trim_start().strip_prefix("TemplateURL: ").or(line.trim_start().strip_prefix("Location: "));
        match nested.filter(|path| path.ends_with(".yaml")) {
            Some(path) => {
                let text = fs::read(root().join(path)).map_err(|error| format!("{path}: {error}"))?;
                aws.upload(&format!("{BUCKET}/{path}"), text).await?;
                let (field, _) = line.split_once(": ").unwrap_or_default();
                packaged.push_str(&format!("{field}: {}\n", address(path)));
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

/// Creates the API's authorizers and routes, and returns the API's id. SAM writes them into the OpenAPI body, which
/// ministack does not read.
pub async fn make_routes(aws: &Aws, template: &Template, resources: &Resources) -> Result<String, String> {
    let id = resources.get("Api").ok_or("the stack has no Api")?;
    let api = Api { aws, id, resources };
    let mut authorizers: BTreeMap<&str, String> = BTreeMap::new();
    for function in template.functions.iter().filter(|function| !function.routes.is_empty()) {
        let integration = api.integration(function).await?;
        for route in &function.routes {
            let mut body = json!({
                "routeKey": format!("{} {}", route.method, route.path), "target": format!("integrations/{integration}"),
            });
            if let (Some(name), Some(fields)) = (route.authorizer.as_deref(), body.as_object_mut()) {
                if !authorizers.contains_key(name) {
                    let function = template.function(name).ok_or(format!("there is no function {name}"))?;
                    authorizers.insert(name, api.authorizer(function).await?);
                }
                fields.insert("authorizationType".to_owned(), json!("CUSTOM"));
                fields.insert("authorizerId".to_owned(), json!(authorizers.get(name)));
            }
            api.make("routes", "routeId", &body).await?;
        }
    }
    Ok(id.clone())
}

/// The HTTP API while its routes are created.
struct Api<'a> {
    aws: &'a Aws,
    id: &'a str,
    resources: &'a Resources,
}

impl Api<'_> {
    async fn integration(&self, function: &Function) -> Result<String, String> {
        let body = json!({
            "integrationType": "AWS_PROXY", "integrationUri": self.alias(function)?, "payloadFormatVersion": "2.0",
        });
        self.make("integrations", "integrationId", &body).await
    }

    async fn authorizer(&self, function: &Function) -> Result<String, String> {
        let path = format!("2015-03-31/functions/{}/invocations", self.alias(function)?);
        let body = json!({
            "name": function.name, "authorizerType": "REQUEST", "identitySource": [], "authorizerResultTtlInSeconds": 0,
            "authorizerUri": format!("arn:aws:apigateway:us-east-1:lambda:path/{path}"),
            "authorizerPayloadFormatVersion": "2.0", "enableSimpleResponses": true,
        });
        self.make("authorizers", "authorizerId", &body).await
    }

    /// The alias that callers of a function use.
    fn alias(&self, function: &Function) -> Result<&str, String> {
        let alias = self.resources.get(&format!("{}Aliaslive", function.logical_id));
        alias.map(String::as_str).ok_or(format!("the stack has no alias of {}", function.name))
    }

    /// Creates a part of the API and returns its id.
    async fn make(&self, what: &str, id: &str, body: &Value) -> Result<String, String> {
        let made = self.aws.rest("apigateway", "POST", &format!("/v2/apis/{}/{what}", self.id), body).await?;
        made.get(id).and_then(Value::as_str).map(str::to_owned).ok_or(format!("{what}: the answer has no {id}: {made}"))
    }
}

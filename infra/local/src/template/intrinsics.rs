//! The values of parameters, and the functions of CloudFormation that the template uses: `Ref`, `Fn::GetAtt` and
//! `Fn::Sub`, in short and long form. Any other function is an error.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::error::{TemplateError, TemplateInputs};
use super::strict::{Properties, map, needed, only, section};

pub(crate) const REGION: &str = "us-east-1";
pub(crate) const ACCOUNT: &str = "000000000000";

/// A resource of the template. [`Scope::properties`] fills its properties in.
pub(super) struct Resource {
    pub kind: String,
    pub properties: Properties,
}

/// The values of `Ref` and `Fn::GetAtt … Arn` for a resource.
struct Identity {
    reference: String,
    arn: String,
}

pub(super) struct Scope {
    parameters: BTreeMap<String, Option<String>>,
    identities: BTreeMap<String, Identity>,
}

impl Scope {
    pub(super) fn new(
        root: &Properties,
        resources: &Properties,
        inputs: &TemplateInputs,
    ) -> Result<Self, TemplateError> {
        let parameters = parameters(section("Parameters", root, "Parameters")?, inputs)?;
        let mut scope = Self { parameters, identities: BTreeMap::new() };
        for (id, resource) in resources {
            let identity = scope.identity(id, map(id, resource)?, &inputs.services_url)?;
            scope.identities.insert(id.clone(), identity);
        }
        Ok(scope)
    }

    /// The resources by id. Their properties are not filled in yet.
    pub(super) fn resources(&self, resources: &Properties) -> Result<Vec<(String, Resource)>, TemplateError> {
        let mut described = Vec::new();
        for (id, resource) in resources {
            let resource = map(id, resource)?;
            let without = &["DeletionPolicy", "DependsOn", "Metadata", "UpdateReplacePolicy"];
            only(id, resource, &["Type", "Properties"], without)?;
            let kind = needed(id, resource, "Type")?;
            let properties = section(id, resource, "Properties")?.clone();
            described.push((id.clone(), Resource { kind, properties }));
        }
        Ok(described)
    }

    /// Fills in every expression in `value`. A text with `{{resolve:` refers to a secret and stays as it is.
    pub(super) fn resolve(&self, at: &str, value: &Value) -> Result<Value, TemplateError> {
        match value {
            Value::Array(list) => {
                let list: Result<Vec<_>, _> = list.iter().map(|item| self.resolve(at, item)).collect();
                Ok(Value::Array(list?.into_iter().filter(|item| !is_no_value(item)).collect()))
            }
            Value::Object(object) => {
                if let Some((name, argument)) = expression(object) {
                    return self.call(at, name, argument);
                }
                let mut resolved = Map::new();
                for (key, value) in object {
                    let value = self.resolve(&format!("{at}.{key}"), value)?;
                    if !is_no_value(&value) {
                        resolved.insert(key.clone(), value);
                    }
                }
                Ok(Value::Object(resolved))
            }
            plain => Ok(plain.clone()),
        }
    }

    /// [`Self::resolve`] for a mapping.
    pub(super) fn properties(&self, at: &str, properties: &Properties) -> Result<Properties, TemplateError> {
        match self.resolve(at, &Value::Object(properties.clone()))? {
            Value::Object(resolved) => Ok(resolved),
            _ => Err(TemplateError::new(at, "must be a mapping")),
        }
    }

    /// The value of `Ref`: the name of a resource.
    pub(super) fn name_of(&self, id: &str) -> Result<String, TemplateError> {
        self.reference(id, id)
    }

    fn call(&self, at: &str, name: &str, argument: &Value) -> Result<Value, TemplateError> {
        let wrong = || TemplateError::new(at, format!("{name} has the wrong arguments"));
        match (name, argument) {
            ("Ref", Value::String(id)) if id == "AWS::NoValue" => Ok(no_value()),
            ("Ref", Value::String(id)) => self.reference(at, id).map(Value::String),
            ("Fn::GetAtt", Value::String(path)) => {
                let (id, attribute) = path.split_once('.').ok_or_else(wrong)?;
                self.attribute(at, id, attribute).map(Value::String)
            }
            ("Fn::GetAtt", Value::Array(path)) => match path.as_slice() {
                [Value::String(id), Value::String(attribute)] => self.attribute(at, id, attribute).map(Value::String),
                _ => Err(wrong()),
            },
            ("Fn::Sub", Value::String(text)) => self.substitute(at, text, &Map::new()).map(Value::String),
            ("Fn::Sub", Value::Array(arguments)) => match arguments.as_slice() {
                [Value::String(text), Value::Object(names)] => {
                    self.substitute(at, text, &self.properties(at, names)?).map(Value::String)
                }
                _ => Err(wrong()),
            },
            _ => Err(TemplateError::new(at, format!("the local stack does not know {name} here"))),
        }
    }

    fn reference(&self, at: &str, id: &str) -> Result<String, TemplateError> {
        let pseudo = match id {
            "AWS::Region" => Some(REGION),
            "AWS::AccountId" => Some(ACCOUNT),
            "AWS::Partition" => Some("aws"),
            "AWS::URLSuffix" => Some("amazonaws.com"),
            "AWS::StackName" => Some("local"),
            _ => None,
        };
        if let Some(value) = pseudo {
            return Ok(value.to_owned());
        }
        // On one machine a function has one version, so its alias is the function.
        let id = id.strip_suffix(".Alias").unwrap_or(id);
        match (self.parameters.get(id), self.identities.get(id)) {
            (Some(Some(value)), _) => Ok(value.clone()),
            (Some(None), _) => {
                Err(TemplateError::new(at, format!("parameter {id} has no default and was not given a value")))
            }
            (None, Some(identity)) => Ok(identity.reference.clone()),
            (None, None) => Err(TemplateError::new(at, format!("{id} is no parameter and no resource"))),
        }
    }

    fn attribute(&self, at: &str, id: &str, attribute: &str) -> Result<String, TemplateError> {
        let identity = self.identities.get(id);
        let identity = identity.ok_or_else(|| TemplateError::new(at, format!("{id} is no resource")))?;
        match attribute {
            "Arn" => Ok(identity.arn.clone()),
            "StreamArn" => Ok(format!("{}/stream/local", identity.arn)),
            "QueueName" => Ok(identity.arn.rsplit(':').next().unwrap_or_default().to_owned()),
            "QueueUrl" => Ok(identity.reference.clone()),
            other => Err(TemplateError::new(at, format!("the local stack does not know {id}.{other}"))),
        }
    }

    fn substitute(&self, at: &str, text: &str, names: &Properties) -> Result<String, TemplateError> {
        if text.contains("{{resolve:") {
            return Ok(text.to_owned());
        }
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, tail) = after.split_once('}').ok_or_else(|| TemplateError::new(at, "a ${ is not closed"))?;
            result.push_str(before);
            rest = tail;
            if let Some(literal) = name.strip_prefix('!') {
                result.push_str(&format!("${{{literal}}}"));
            } else if let Some(Value::String(value)) = names.get(name) {
                result.push_str(value);
            } else if let Some((id, attribute)) = name.split_once('.') {
                result.push_str(&self.attribute(at, id, attribute)?);
            } else {
                result.push_str(&self.reference(at, name)?);
            }
        }
        result.push_str(rest);
        Ok(result)
    }

    fn identity(&self, id: &str, resource: &Properties, services: &str) -> Result<Identity, TemplateError> {
        let properties = section(id, resource, "Properties")?;
        let named = |key: &str, otherwise: String| match properties.get(key) {
            None => Ok(otherwise),
            Some(name) => {
                let resolved = self.resolve(&format!("{id}.{key}"), name)?;
                let name = resolved.as_str().map(str::to_owned);
                name.ok_or_else(|| TemplateError::new(format!("{id}.{key}"), "must be a text"))
            }
        };
        let arn = |service: &str, rest: &str| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}");
        Ok(match resource.get("Type").and_then(Value::as_str) {
            Some("AWS::SQS::Queue") => {
                let fifo = properties.get("FifoQueue").is_some_and(|fifo| *fifo == true);
                let name = named("QueueName", if fifo { format!("{id}.fifo") } else { id.to_owned() })?;
                Identity { reference: format!("{services}/{ACCOUNT}/{name}"), arn: arn("sqs", &name) }
            }
            Some("AWS::DynamoDB::Table") => {
                let name = named("TableName", id.to_owned())?;
                Identity { arn: arn("dynamodb", &format!("table/{name}")), reference: name }
            }
            Some("AWS::S3::Bucket") => {
                let name = named("BucketName", format!("local-{}", id.to_ascii_lowercase()))?;
                Identity { arn: format!("arn:aws:s3:::{name}"), reference: name }
            }
            Some("AWS::SES::ConfigurationSet") => {
                Identity { reference: named("Name", id.to_owned())?, arn: String::new() }
            }
            Some("AWS::Serverless::Function") => {
                let name = function_name(id)?;
                Identity { arn: arn("lambda", &format!("function:{name}")), reference: name }
            }
            Some(kind) => Identity { reference: id.to_owned(), arn: arn("local", &format!("{kind}/{id}")) },
            None => return Err(TemplateError::new(id, "has no Type")),
        })
    }
}

/// The name of a function, from its id: `PlaceOrderFunction` has the name `place-order`.
pub(super) fn function_name(logical_id: &str) -> Result<String, TemplateError> {
    let problem = || TemplateError::new(logical_id, "the id of a function ends in Function");
    let words = logical_id.strip_suffix("Function").filter(|words| !words.is_empty()).ok_or_else(problem)?;
    let mut name = String::new();
    for (position, letter) in words.chars().enumerate() {
        if letter.is_ascii_uppercase() && position > 0 {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    Ok(name)
}

fn expression(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = object.iter().next()?;
    let is_call = object.len() == 1 && (name == "Ref" || name.starts_with("Fn::"));
    is_call.then_some((name.as_str(), argument))
}

fn no_value() -> Value {
    json!({ "AWS::NoValue": true })
}

fn is_no_value(value: &Value) -> bool {
    *value == no_value()
}

/// The value of each declared parameter; `None` if it has neither an input nor a default.
fn parameters(
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

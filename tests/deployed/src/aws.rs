//! A plain client for AWS's APIs: it sends and reads whole JSON documents, as far as deploying and observing a stack
//! needs. The functions themselves use the SDK.

use local::client::Client;
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub struct Aws {
    client: Client,
}

impl Aws {
    pub fn new(url: &str) -> Self {
        Self { client: Client::new(url) }
    }

    /// Calls a service that takes JSON and names the operation in a header: DynamoDB, SQS, Secrets Manager.
    pub async fn call(&self, service: &str, operation: &str, body: &Value) -> Result<Value, String> {
        let target = match service {
            "dynamodb" => "DynamoDB_20120810",
            "sqs" => "AmazonSQS",
            other => other,
        };
        let target = format!("{target}.{operation}");
        let headers = [("x-amz-target", target.as_str()), ("content-type", "application/x-amz-json-1.0")];
        read(&self.send(service, "POST", "/", &headers, body.to_string().into_bytes()).await?)
    }

    /// Calls a service that has paths: Lambda, API Gateway, SES.
    pub async fn rest(&self, service: &str, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let headers = [("content-type", "application/json")];
        read(&self.send(service, method, path, &headers, body.to_string().into_bytes()).await?)
    }

    /// Calls CloudFormation, which takes a form and answers in XML.
    pub async fn form(&self, pairs: &[(&str, &str)]) -> Result<String, String> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let answer = self.send("cloudformation", "POST", "/", &headers, form.into_bytes()).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    pub async fn upload(&self, key: &str, body: Vec<u8>) -> Result<(), String> {
        self.send("s3", "PUT", &format!("/{key}"), &[], body).await.map(drop)
    }

    /// Invokes a function and waits for its answer. The error is the text that the invocation ended with.
    pub async fn invoke(&self, function: &str, event: &Value) -> Result<Value, String> {
        let answer =
            self.rest("lambda", "POST", &format!("/2015-03-31/functions/{function}/invocations"), event).await?;
        match answer.get("errorMessage").and_then(Value::as_str) {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer),
        }
    }

    async fn send(
        &self,
        service: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Vec<u8>, String> {
        // The signature is not valid. ministack only reads the service's name from the header.
        let signed = format!("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request");
        let authorization = format!("{signed}, SignedHeaders=host, Signature=0");
        let mut all = vec![("authorization", authorization.as_str())];
        all.extend_from_slice(headers);
        let (status, _, answer) = self.client.exchange(method, path, &all, body).await?;
        if (200..300).contains(&status) {
            return Ok(answer);
        }
        Err(format!("{service} answers {method} {path} with {status}: {}", String::from_utf8_lossy(&answer)))
    }
}

fn read(answer: &[u8]) -> Result<Value, String> {
    if answer.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(answer).map_err(|error| format!("an answer is not JSON: {error}"))
}

/// The texts of all elements with this tag, in order. CloudFormation's answers need no more of XML.
pub fn tagged<'a>(xml: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    xml.split(&open).skip(1).filter_map(|rest| rest.split_once(&close)).map(|(text, _)| text).collect()
}

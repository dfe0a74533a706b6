//! A plain HTTP client of the shop, for the demo, the measurements, the operator's tools and the tests. An answer with
//! any HTTP status is a success. An error is a text and means that no answer came.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::{Value, json};

/// The longest wait for an answer of a shop on this machine to begin. Moving a deployed shop's clock by months runs some
/// hundred schedules, which takes minutes beside other work.
const MAX_RESPONSE_TIME: Duration = Duration::from_secs(300);

/// An answer of the shop.
#[derive(Clone, Debug)]
pub struct ApiResponse {
    /// The HTTP status.
    pub status: u16,
    /// The headers, with lower-case names.
    pub headers: Vec<(String, String)>,
    /// The body; `null` if it is not JSON.
    pub body: Value,
}

impl ApiResponse {
    /// The code of a problem; empty if the body is no problem.
    pub fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or_default()
    }

    /// A text of the body, by JSON pointer; empty if it is missing.
    pub fn text(&self, pointer: &str) -> &str {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// An integer of the body, by JSON pointer; -1 if it is missing.
    pub fn number(&self, pointer: &str) -> i64 {
        self.body.pointer(pointer).and_then(Value::as_i64).unwrap_or(-1)
    }

    /// A header's value; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// A client with or without a token.
#[derive(Clone, Debug)]
pub struct Client {
    connector: SharedHttpConnector,
    url: String,
    token: Option<String>,
}

impl Client {
    /// A client of the shop at `url`, without a token.
    pub fn new(url: &str) -> Self {
        let connector = if url.starts_with("https:") {
            aws::http_connector::connector()
        } else {
            aws::http_connector::plain_connector_within(MAX_RESPONSE_TIME)
        };
        Self { connector, url: url.trim_end_matches('/').to_owned(), token: None }
    }

    /// The same client with a token.
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// The same client without a token.
    pub fn without_token(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// The same client with a shop's token for these scopes, from a local stack.
    pub async fn with_scopes(&self, scopes: &str) -> Result<Self, String> {
        let answer = self.get(&format!("/_local/token?scope={}", scopes.replace(' ', "+"))).await?;
        Ok(self.with_token(answer.text("/token")))
    }

    /// The same client with the token of an order's customer, from a local stack.
    pub async fn as_customer(&self, order_id: &str) -> Result<Self, String> {
        let answer = self.get(&format!("/_local/token?order={order_id}")).await?;
        Ok(self.with_token(answer.text("/token")))
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Result<ApiResponse, String> {
        self.send("GET", path, &[], Vec::new()).await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Result<ApiResponse, String> {
        self.send("POST", path, &[("content-type", "application/json")], body.to_string().into_bytes()).await
    }

    /// `PUT` with a JSON body.
    pub async fn put(&self, path: &str, body: &Value) -> Result<ApiResponse, String> {
        self.send("PUT", path, &[("content-type", "application/json")], body.to_string().into_bytes()).await
    }

    /// Sends any request with a raw body.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<ApiResponse, String> {
        let (status, headers, body) = self.exchange(method, path, headers, body).await?;
        Ok(ApiResponse { status, headers, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
    }

    /// Sends any request with a raw body; returns the raw answer: status, headers, body.
    pub async fn exchange(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<(u16, Vec<(String, String)>, Vec<u8>), String> {
        let length = body.len().to_string();
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method(method).map_err(|error| error.to_string())?;
        request.set_uri(format!("{}{path}", self.url)).map_err(|error| error.to_string())?;
        let set = request.headers_mut();
        for (name, value) in headers {
            set.try_insert((*name).to_owned(), (*value).to_owned()).map_err(|error| error.to_string())?;
        }
        set.try_insert("content-length", length).map_err(|error| error.to_string())?;
        if let Some(token) = &self.token {
            set.try_insert("authorization", format!("Bearer {token}")).map_err(|error| error.to_string())?;
        }
        let answer = self.connector.call(request).await.map_err(|error| format!("{method} {path}: {error:?}"))?;
        let status = answer.status().as_u16();
        let headers = answer.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = ByteStream::new(answer.into_body()).collect().await.map_err(|error| error.to_string())?;
        Ok((status, headers, body.into_bytes().to_vec()))
    }

    /// Makes a payment of `amount` cents at the provider of a local stack; returns its reference.
    pub async fn pay(&self, amount: i64, outcome: &str) -> Result<String, String> {
        let body = json!({ "amount": amount, "currency": "USD", "outcome": outcome });
        Ok(self.without_token().post("/_local/payments", &body).await?.text("/payment_reference").to_owned())
    }

    /// Waits until nothing is pending in a local stack; fails if something stays pending.
    pub async fn settle(&self) -> Result<(), String> {
        let answer = self.without_token().post("/_local/settle", &json!({})).await?;
        if answer.number("/pending") == 0 { Ok(()) } else { Err(format!("not settled: {}", answer.body)) }
    }
}

//! Turns an HTTP request into API Gateway's event (payload version 2.0), and a function's answer into an HTTP response.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::routes::Endpoint;
use crate::state::random_id;

#[derive(Clone, Debug, Default)]
pub(super) struct Incoming {
    pub method: String,
    /// The path, not decoded.
    pub path: String,
    /// The query, not decoded, without `?`.
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Incoming {
    /// The event for the function; `authorizer` is the context from the authorizer's answer.
    pub(super) fn event(
        &self,
        endpoint: &Endpoint,
        parameters: &BTreeMap<String, String>,
        authorizer: Option<&Value>,
        now: Timestamp,
    ) -> Value {
        let mut event = self.frame(endpoint, parameters, now);
        if let Some(object) = event.as_object_mut() {
            let (body, encoded) = self.body();
            object.insert("isBase64Encoded".to_owned(), Value::Bool(encoded));
            if let Some(body) = body {
                object.insert("body".to_owned(), Value::String(body));
            }
        }
        if let (Some(said), Some(context)) = (authorizer, event.pointer_mut("/requestContext"))
            && let Some(context) = context.as_object_mut()
        {
            context.insert("authorizer".to_owned(), json!({ "lambda": said }));
        }
        event
    }

    /// The event for the authorizer. It has no body.
    pub(super) fn authorizer_event(
        &self,
        endpoint: &Endpoint,
        parameters: &BTreeMap<String, String>,
        now: Timestamp,
    ) -> Value {
        let mut event = self.frame(endpoint, parameters, now);
        if let Some(object) = event.as_object_mut() {
            let arn = format!("arn:aws:execute-api:us-east-1:000000000000:local/$default/{}{}", self.method, self.path);
            object.insert("type".to_owned(), json!("REQUEST"));
            object.insert("routeArn".to_owned(), json!(arn));
            object.insert("identitySource".to_owned(), Value::Null);
            object.entry("cookies").or_insert_with(|| json!([]));
            object.entry("queryStringParameters").or_insert_with(|| json!({}));
            object.entry("pathParameters").or_insert_with(|| json!({}));
        }
        event
    }

    fn frame(&self, endpoint: &Endpoint, parameters: &BTreeMap<String, String>, now: Timestamp) -> Value {
        let route_key = format!("{} {}", endpoint.method, endpoint.path);
        let (headers, cookies) = self.headers();
        let agent = headers.get("user-agent").cloned().unwrap_or_else(|| json!(""));
        let http = json!({
            "method": self.method, "path": self.path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1",
            "userAgent": agent,
        });
        let mut event = json!({
            "version": "2.0",
            "routeKey": route_key,
            "rawPath": self.path,
            "rawQueryString": self.query,
            "headers": headers,
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "local",
                "domainName": "localhost",
                "domainPrefix": "local",
                "http": http,
                "requestId": random_id(16),
                "routeKey": route_key,
                "stage": "$default",
                "time": now.to_zoned(TimeZone::UTC).strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
                "timeEpoch": now.as_millisecond(),
            },
        });
        if let Some(object) = event.as_object_mut() {
            let query = self.query_parameters();
            let optional = [
                ("cookies", json!(cookies), cookies.is_empty()),
                ("queryStringParameters", json!(query), query.is_empty()),
                ("pathParameters", json!(parameters), parameters.is_empty()),
            ];
            for (name, value, _) in optional.into_iter().filter(|(.., empty)| !empty) {
                object.insert(name.to_owned(), value);
            }
        }
        event
    }

    /// Headers by lower-case name, and the cookies. Commas join several values of one header.
    fn headers(&self) -> (Map<String, Value>, Vec<String>) {
        let (mut headers, mut cookies) = (BTreeMap::<String, String>::new(), Vec::new());
        for (name, value) in &self.headers {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            if name.as_str() == "cookie" {
                cookies.extend(value.split("; ").map(str::to_owned));
            } else if let Some(known) = headers.get_mut(name.as_str()) {
                known.push(',');
                known.push_str(&value);
            } else {
                headers.insert(name.as_str().to_owned(), value);
            }
        }
        (headers.into_iter().map(|(name, value)| (name, Value::String(value))).collect(), cookies)
    }

    fn query_parameters(&self) -> BTreeMap<String, String> {
        let mut parameters = BTreeMap::<String, String>::new();
        for (name, value) in form_urlencoded::parse(self.query.as_bytes()) {
            let known = parameters.entry(name.into_owned());
            known.and_modify(|known| *known = format!("{known},{value}")).or_insert_with(|| value.into_owned());
        }
        parameters
    }

    /// The body, and whether it is in base64: true for a media type other than text, and for invalid UTF-8.
    fn body(&self) -> (Option<String>, bool) {
        if self.body.is_empty() {
            return (None, false);
        }
        let media = self.headers.get("content-type").and_then(|media| media.to_str().ok()).unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let textual = media.is_empty()
            || media.starts_with("text/")
            || media.ends_with("json")
            || media.ends_with("xml")
            || media.ends_with("javascript");
        match std::str::from_utf8(&self.body) {
            Ok(text) if textual => (Some(text.to_owned()), false),
            _ => (Some(STANDARD.encode(&self.body)), true),
        }
    }
}

/// As on API Gateway, an answer without a status is the body itself.
pub(super) fn response(answer: &Value) -> Result<Response, String> {
    let Some(status) = answer.get("statusCode") else {
        return Ok(super::problem::json_response(answer));
    };
    let status = status.as_u64().and_then(|status| u16::try_from(status).ok());
    let status =
        status.and_then(|status| StatusCode::from_u16(status).ok()).ok_or("the answer's status is no status")?;
    let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
    let body = if answer.get("isBase64Encoded").and_then(Value::as_bool).unwrap_or(false) {
        STANDARD.decode(body).map_err(|error| error.to_string())?
    } else {
        body.as_bytes().to_vec()
    };
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    for (name, value) in answer.get("headers").and_then(Value::as_object).into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let name = HeaderName::try_from(name.as_str()).map_err(|error| error.to_string())?;
        let value = HeaderValue::try_from(value).map_err(|error| error.to_string())?;
        response.headers_mut().insert(name, value);
    }
    for cookie in answer.get("cookies").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        let cookie = HeaderValue::try_from(cookie).map_err(|error| error.to_string())?;
        response.headers_mut().append("set-cookie", cookie);
    }
    Ok(response)
}

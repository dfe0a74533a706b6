//! SES on the wire as far as the functions use it: `SendEmail` of version 2 with a simple message. What it takes
//! goes to the inbox; nothing ever leaves the machine.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::state::{Mail, State, random_id};

/// Answers `POST /v2/email/outbound-emails`: what it takes is in the inbox of `state`, sent at `now`, in milliseconds since 1970.
pub fn send_email(state: &State, now: i64, body: &Bytes) -> Response {
    let request: Value = match serde_json::from_slice(body) {
        Ok(request) => request,
        Err(error) => return refuse(StatusCode::BAD_REQUEST, "BadRequestException", &error.to_string()),
    };
    let mails = match mails(&request) {
        Ok(mails) => mails,
        Err(problem) => return refuse(StatusCode::BAD_REQUEST, "BadRequestException", problem),
    };
    for mail in &mails {
        if let Err(error) = state.add_mail(mail, now) {
            return refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", &error.to_string());
        }
    }
    answer(StatusCode::OK, &json!({ "MessageId": format!("local-{}", random_id(24)) }), None)
}

/// One mail for each recipient.
fn mails(request: &Value) -> Result<Vec<Mail>, &'static str> {
    let text = |path: &str| request.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let from = text("/FromEmailAddress").filter(|from| from.contains('@')).ok_or("FromEmailAddress is missing")?;
    let subject = text("/Content/Simple/Subject/Data").ok_or("Content.Simple.Subject is missing")?;
    let plain = text("/Content/Simple/Body/Text/Data").unwrap_or_default();
    let html = text("/Content/Simple/Body/Html/Data").unwrap_or_default();
    if plain.is_empty() && html.is_empty() {
        return Err("Content.Simple.Body is missing");
    }
    if subject.contains(['\r', '\n']) {
        return Err("the subject has a line break");
    }
    let recipients = request.pointer("/Destination/ToAddresses").and_then(Value::as_array);
    let recipients: Option<Vec<String>> = recipients
        .ok_or("Destination.ToAddresses is missing")?
        .iter()
        .map(|to| to.as_str().map(str::to_owned))
        .collect();
    let recipients = recipients.ok_or("an address is no text")?;
    if recipients.is_empty() || recipients.iter().any(|to| !to.contains('@') || to.contains(['\r', '\n'])) {
        return Err("an address is not valid");
    }
    let tag = |name: &str| {
        let tags = request.get("EmailTags").and_then(Value::as_array)?;
        let tag = tags.iter().find(|tag| tag.get("Name").and_then(Value::as_str) == Some(name))?;
        tag.get("Value").and_then(Value::as_str).map(str::to_owned)
    };
    let (kind, order_id) = (tag("kind").unwrap_or_default(), tag("order_id").unwrap_or_default());
    let mail = |to: String| Mail {
        to,
        subject: subject.clone(),
        kind: kind.clone(),
        order_id: order_id.clone(),
        text: plain.clone(),
        html: html.clone(),
        from: from.clone(),
        sent_at: String::new(),
    };
    Ok(recipients.into_iter().map(mail).collect())
}

fn refuse(status: StatusCode, kind: &str, message: &str) -> Response {
    answer(status, &json!({ "message": message }), Some(kind))
}

fn answer(status: StatusCode, body: &Value, error: Option<&str>) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("content-type", http::HeaderValue::from_static("application/json"));
    if let Some(error) = error.and_then(|error| error.parse().ok()) {
        headers.insert("x-amzn-errortype", error);
    }
    response
}

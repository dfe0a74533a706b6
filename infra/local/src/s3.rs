//! The part of S3 that the functions use: `GetObject` and `HeadObject`, with the bucket in the path, for an object or
//! one range of it. It does not check signatures, so presigned URLs work.

use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;

use crate::backend::Backend;
use crate::bus::instant;
use crate::state::{Object, random_id};

/// Answers `GET /{bucket}/{key}` and `HEAD`.
pub(crate) fn call(backend: &Backend, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    let decoded = percent_encoding::percent_decode_str(uri.path().trim_start_matches('/')).decode_utf8_lossy();
    let (bucket, key) = decoded.split_once('/').unwrap_or((&decoded, ""));
    if !backend.template.buckets.iter().any(|known| known.name == bucket) {
        return refusal(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist");
    }
    if !matches!(*method, Method::GET | Method::HEAD) || key.is_empty() {
        return refusal(StatusCode::NOT_IMPLEMENTED, "NotImplemented", "The local stack does not know this call");
    }
    match backend.state.object(bucket, key) {
        Ok(Some(object)) => found(&object, headers, *method == Method::HEAD),
        Ok(None) => refusal(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist."),
        Err(error) => {
            tracing::error!(%error, "an object could not be read");
            refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "We encountered an internal error.")
        }
    }
}

fn found(object: &Object, headers: &HeaderMap, without_body: bool) -> Response {
    let whole = object.body.len();
    let asked = headers.get("range").and_then(|range| range.to_str().ok());
    let range = asked.and_then(|range| range_of(range, whole));
    if asked.is_some() && range.is_none() {
        let said = "The requested range is not satisfiable";
        return refusal(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", said);
    }
    let (first, last) = range.unwrap_or((0, whole.saturating_sub(1)));
    let part = object.body.get(first..whole.min(last.saturating_add(1))).unwrap_or_default();
    let put = instant(object.put_at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let mut response = Response::builder()
        .status(if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK })
        .header("content-type", "application/octet-stream")
        .header("content-length", part.len())
        .header("accept-ranges", "bytes")
        .header("etag", format!("\"{}\"", object.etag()))
        .header("last-modified", put)
        .header("x-amz-request-id", random_id(16));
    if range.is_some() {
        response = response.header("content-range", format!("bytes {first}-{last}/{whole}"));
    }
    let body = if without_body { Body::empty() } else { Body::from(part.to_vec()) };
    response.body(body).unwrap_or_default()
}

/// The first and the last byte of `bytes=0-99`, `bytes=100-` or `bytes=-5`; `None` if the object has none of them.
fn range_of(range: &str, whole: usize) -> Option<(usize, usize)> {
    let end = whole.checked_sub(1)?;
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = match (first, last) {
        ("", last) => (whole.saturating_sub(last.parse().ok()?), end),
        (first, "") => (first.parse().ok()?, end),
        (first, last) => (first.parse().ok()?, end.min(last.parse().ok()?)),
    };
    (first <= last).then_some((first, last))
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
         <RequestId>{}</RequestId></Error>",
        random_id(16)
    );
    Response::builder().status(status).header("content-type", "application/xml").body(xml.into()).unwrap_or_default()
}

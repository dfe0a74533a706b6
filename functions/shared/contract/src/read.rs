//! Reading a request: media type, size, path and query. `json` reads the body.

use domain::field_error::FieldErrors;
use domain::identity::OrderId;
use domain::names::Sku;
use lambda_http::{Body, Request, RequestExt};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::json;
use crate::problem::{Code, Problem};

/// The largest body, in bytes. An order with thirty lines and a long address takes a tenth of this.
pub const MAX_BODY_BYTES: usize = 65_536;

/// The body as a value. The error names a wrong field by its path.
pub fn body<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    json::parse(bytes(request)?)
}

/// The body as an object, and the faults in its form.
pub(crate) fn value(request: &Request) -> Result<(Value, FieldErrors), Problem> {
    json::object(bytes(request)?)
}

fn bytes(request: &Request) -> Result<&[u8], Problem> {
    let media = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(Code::UnsupportedMediaType, "the body must be application/json"));
    }
    let bytes: &[u8] = match request.body() {
        Body::Text(text) => text.as_bytes(),
        Body::Binary(bytes) => bytes,
        _ => &[],
    };
    if bytes.len() > MAX_BODY_BYTES {
        return Err(Problem::new(Code::TooLarge, format!("the body may have at most {MAX_BODY_BYTES} bytes")));
    }
    Ok(bytes)
}

/// The order number in the path. An invalid number leads to a 404.
pub fn order_id(request: &Request) -> Result<OrderId, Problem> {
    let path = request.path_parameters();
    OrderId::parse(path.first("id").unwrap_or_default())
        .map_err(|_| Problem::new(Code::NotFound, "there is no such order"))
}

/// The line in the path, counted from 0. An invalid line number leads to a 404.
pub fn line(request: &Request) -> Result<usize, Problem> {
    let path = request.path_parameters();
    let number = path.first("n").filter(|text| text.len() <= 4 && text.chars().all(|c| c.is_ascii_digit()));
    let line = number.and_then(|text| text.parse::<usize>().ok()?.checked_sub(1));
    line.ok_or_else(|| Problem::new(Code::NotFound, "the order has no such line"))
}

/// The sku in the path. An invalid sku leads to a 404.
pub fn sku(request: &Request) -> Result<Sku, Problem> {
    let path = request.path_parameters();
    Sku::new(path.first("sku").unwrap_or_default())
        .map_err(|_| Problem::new(Code::NotFound, "there is no such product"))
}

/// A whole number in the query, from 1 to `most`; `fallback` if it is absent.
pub fn number(request: &Request, name: &str, fallback: i64, most: i64) -> Result<i64, Problem> {
    let query = request.query_string_parameters();
    let Some(text) = query.first(name) else { return Ok(fallback) };
    let number = text.parse::<i64>().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| Problem::field(Code::Invalid, name, format!("must be a whole number from 1 to {most}")))
}

/// A text in the query; empty if it is absent.
pub fn text(request: &Request, name: &str) -> Result<String, Problem> {
    let query = request.query_string_parameters();
    let text = query.first(name).unwrap_or_default().to_owned();
    if text.len() > 128 || !text.chars().all(|c| c.is_ascii_graphic()) {
        let message = "must be at most 128 characters of printable ASCII, without spaces";
        return Err(Problem::field(Code::Invalid, name, message));
    }
    Ok(text)
}

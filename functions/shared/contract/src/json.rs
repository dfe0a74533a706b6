//! Reads a JSON body more strictly than JSON requires: no object has a name twice, and only fields in `LISTS` are
//! lists. Faults never repeat the caller's values, which may be personal.

use std::fmt;

use domain::field_error::{FieldError, FieldErrors};
use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use crate::problem::{Code, Problem};

/// The fields that are lists. A list anywhere else is refused, because serde would accept it as an object.
const LISTS: [&str; 5] = ["backorders_by", "calendar.holidays", "calendar.weekend", "lines", "similar"];
/// The deepest level of a field. Deeper fields are not read, and are refused as unknown.
const MAX_DEPTH: usize = 8;
/// The most characters of a field's name in an answer.
const MAX_NAME_LEN: usize = 64;

/// The bytes as a value. The error names a wrong field by its path.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let (value, errors) = object(bytes)?;
    errors.or_else(Some(()))?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let FieldError { field, message } = wrong_field(&error);
        Problem::field(Code::Invalid, field, message)
    })
}

/// The bytes as an object, and a fault for each field that appears twice or must not be a list.
pub(crate) fn object(bytes: &[u8]) -> Result<(Value, FieldErrors), Problem> {
    let unreadable = || Problem::new(Code::Unreadable, "the body is not JSON in UTF-8");
    std::str::from_utf8(bytes).map_err(|_| unreadable())?;
    serde_json::from_slice::<IgnoredAny>(bytes).map_err(|_| unreadable())?;
    let mut reading = Reading::default();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = Part { reading: &mut reading, path: String::new(), depth: 0 }.deserialize(&mut json);
    let Ok(value) = value else {
        return Err(Problem::field(Code::Invalid, reading.at, "has a number or a character that cannot be read"));
    };
    if !value.is_object() {
        return Err(Problem::new(Code::Invalid, "the body must be an object"));
    }
    Ok((value, reading.errors))
}

/// The name of a field for an answer: `?` replaces every character except letters, digits, `_` and `-`.
pub(crate) fn plain_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '?' };
    name.chars().take(MAX_NAME_LEN).map(plain).collect()
}

/// The faults found so far, and the path of the value that is being read.
#[derive(Default)]
struct Reading {
    errors: FieldErrors,
    at: String,
}

/// A value of the body that must still be read.
struct Part<'a> {
    reading: &'a mut Reading,
    path: String,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        self.reading.at.clone_from(&self.path);
        if self.depth > MAX_DEPTH {
            return IgnoredAny::deserialize(json).map(|_| Value::Null);
        }
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let Self { reading, path, depth } = self;
        let mut found = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            let dot = if path.is_empty() { "" } else { "." };
            let field = format!("{path}{dot}{}", plain_name(&name));
            if found.contains_key(&name) {
                reading.errors.add(field.clone(), "stands there twice");
            }
            found.insert(name, object.next_value_seed(Part { reading: &mut *reading, path: field, depth: depth + 1 })?);
        }
        Ok(Value::Object(found))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let Self { reading, path, depth } = self;
        let mut found = Vec::new();
        if !path.is_empty() && !LISTS.contains(&path.as_str()) {
            reading.errors.add(path, "must not be a list");
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Array(found));
        }
        loop {
            let element = Part { reading: &mut *reading, path: format!("{path}[{}]", found.len()), depth: depth + 1 };
            match list.next_element_seed(element)? {
                Some(value) => found.push(value),
                None => return Ok(Value::Array(found)),
            }
        }
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

/// Names the field that is missing, unknown or of the wrong type.
pub(crate) fn wrong_field(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    let path = readable(error.path());
    let text = error.inner().to_string();
    if let Some(name) = missing(&text) {
        let dot = if path.is_empty() { "" } else { "." };
        return FieldError { field: format!("{path}{dot}{name}"), message: "is missing".to_owned() };
    }
    let message = match text.rsplit_once("expected ") {
        _ if text.starts_with("unknown field ") => "is not a field of this request".to_owned(),
        Some((_, expected)) => format!("must be {}", wanted(expected)),
        None => text,
    };
    FieldError { field: path, message }
}

/// The name of the field that serde reports as missing. `None`: the message reports something else.
pub(crate) fn missing(text: &str) -> Option<&str> {
    text.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'))
}

fn readable(path: &Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(&plain_name(key));
            }
            Segment::Unknown => {}
        }
    }
    text
}

/// Serde's expected type in the terms of JSON.
fn wanted(expected: &str) -> String {
    match expected {
        "i8" | "i64" => "a whole number".to_owned(),
        "u16" => "a whole number from 0 to 65535".to_owned(),
        "a string" => "a text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        other if other.starts_with("struct ") || other == "a map" => "an object".to_owned(),
        other => other.to_owned(),
    }
}

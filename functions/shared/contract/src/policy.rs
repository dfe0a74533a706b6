//! Checks of a policy, for `PUT /policy` and policy files. One answer names all faults, each by its field's path.
//! Serde stops at the first fault. So a valid value replaces the faulty one in a copy, and the copy is read again.

use domain::field_error::{FieldError, FieldErrors};
use domain::policy::Policy;
use lambda_http::Request;
use serde_json::{Value, json};
use serde_path_to_error::{Path, Segment};

use crate::json::{missing, wrong_field};
use crate::problem::{MAX_ERRORS, Problem};
use crate::read;

/// The policy in a request.
pub fn body(request: &Request) -> Result<Policy, Problem> {
    let (value, errors) = read::value(request)?;
    Ok(checked(value, errors)?)
}

/// A policy from its JSON. `errors` holds the faults that were found while the JSON was read.
pub fn checked(mut value: Value, mut errors: FieldErrors) -> Result<Policy, FieldErrors> {
    let named = |errors: &FieldErrors, field: &str| errors.list().iter().any(|error| error.field == field);
    for _ in 0..MAX_ERRORS {
        let error = match serde_path_to_error::deserialize::<_, Policy>(&value) {
            Ok(policy) => return sound(policy, errors),
            Err(error) => error,
        };
        let FieldError { field, message } = wrong_field(&error);
        if !named(&errors, &field) {
            let message =
                if field.starts_with("calendar.holidays[") { "must be a date, YYYY-MM-DD".into() } else { message };
            errors.add(field, message);
        }
        if mend(&mut value, &error).is_none() {
            break;
        }
    }
    Err(errors)
}

/// Checks the values of a readable policy, except for values that were replaced.
fn sound(policy: Policy, mut errors: FieldErrors) -> Result<Policy, FieldErrors> {
    let mended: Vec<String> = errors.list().iter().map(|error| error.field.clone()).collect();
    let within = |field: &str, part: &String| {
        part.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    for FieldError { field, message } in policy.errors().list() {
        if !mended.iter().any(|part| within(field, part)) {
            errors.add(field, message);
        }
    }
    errors.or_else(Some(policy))
}

/// Replaces an unreadable value with a valid one. `None`: no replacement is possible.
fn mend(value: &mut Value, error: &serde_path_to_error::Error<serde_json::Error>) -> Option<()> {
    let text = error.inner().to_string();
    if let Some(name) = missing(&text) {
        let good = sample().pointer(&format!("{}/{name}", pointer(error.path(), true)))?.clone();
        value.pointer_mut(&pointer(error.path(), false))?.as_object_mut()?.insert(name.to_owned(), good);
        return Some(());
    }
    let at = pointer(error.path(), false);
    let good = sample().pointer(&pointer(error.path(), true)).cloned();
    match good.filter(|_| !text.starts_with("unknown field ")) {
        Some(good) => *value.pointer_mut(&at)? = good,
        None => {
            let (parent, name) = at.rsplit_once('/')?;
            value.pointer_mut(parent)?.as_object_mut()?.remove(&name.replace("~1", "/").replace("~0", "~"))?;
        }
    }
    Some(())
}

/// The path as a JSON pointer. With `first`, the pointer leads to the first element of each list.
fn pointer(path: &Path, first: bool) -> String {
    let part = |segment: &Segment| match segment {
        Segment::Seq { .. } if first => "/0".to_owned(),
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } | Segment::Enum { variant: key } => {
            format!("/{}", key.replace('~', "~0").replace('/', "~1"))
        }
        Segment::Unknown => String::new(),
    };
    path.iter().map(part).collect()
}

/// A policy with every field set.
pub fn sample() -> Value {
    json!({
        "shop_name": "Shop",
        "lead_time_days": { "min": 0, "max": 0 },
        "expiry_days": 3650,
        "backorders_by": ["web"],
        "shipping": { "parts": "together", "home_country": "US" },
        "calendar": {
            "time_zone": "UTC", "weekend": ["sunday"], "holidays": ["2000-01-01"], "cutoff_hour": 12
        },
        "limits": { "waiting_per_product": 1, "units_per_order": 1, "units_per_customer": 1 },
        "mail": { "sender": "a@shop.example", "reply_to": "a@shop.example", "safe_list": "Add {sender}." },
        "button": { "in_stock": "a", "on_backorder": "b", "sold_out": "c" },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(value: Value) -> Vec<String> {
        let errors = checked(value, FieldErrors::default()).unwrap_err();
        errors.list().iter().map(|error| error.field.clone()).collect()
    }

    #[test]
    fn r28_every_field_that_there_is_can_be_mended() {
        let policy = checked(sample(), FieldErrors::default()).unwrap();
        assert_eq!(serde_json::to_value(&policy).unwrap(), sample(), "the sample lacks a field");
    }

    #[test]
    fn r26_everything_that_is_wrong_with_a_policy_is_named_at_once() {
        let mut value = sample();
        let parts = value.as_object_mut().unwrap();
        parts.remove("shop_name");
        parts.insert("colour/~0".to_owned(), json!("red"));
        parts.insert("expiry_days".to_owned(), json!("thirty"));
        parts.insert("lead_time_days".to_owned(), json!({ "min": 9, "max": 3 }));
        parts.insert("backorders_by".to_owned(), json!(["web", "fax"]));
        parts.insert("shipping".to_owned(), json!({ "parts": "whenever" }));
        parts.insert("mail".to_owned(), json!("by post"));
        let calendar =
            json!({ "time_zone": "Mars/Base", "weekend": ["sunday", "funday", 7], "holidays": ["soon", "2026-12-25"] });
        parts.insert("calendar".to_owned(), calendar);
        parts.insert("limits".to_owned(), json!({ "units_per_order": 0, "units": 3 }));
        let mut found = fields(value);
        found.sort();
        let expected = [
            "backorders_by[1]",
            "calendar.holidays[0]",
            "calendar.time_zone",
            "calendar.weekend[1]",
            "calendar.weekend[2]",
            "colour??0",
            "expiry_days",
            "lead_time_days",
            "limits.units",
            "limits.units_per_order",
            "mail",
            "shipping.home_country",
            "shipping.parts",
            "shop_name",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn r26_what_is_no_policy_at_all_is_refused() {
        assert!(fields(json!({})).len() >= 6);
        for value in [json!(null), json!(3), json!([]), json!("policy")] {
            assert!(!fields(value).is_empty());
        }
    }
}

//! Secrets Manager on the wire as far as the functions use it: `GetSecretValue` of the present version and the one before.
//! Every name that is asked for has a value, the same on every machine: nothing here is secret.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use crate::ground::Ground;

/// What secrets hold, by name.
#[derive(Debug, Default)]
pub struct Secrets(Mutex<BTreeMap<String, Versions>>);

#[derive(Clone, Debug)]
struct Versions {
    current: String,
    previous: Option<String>,
}

impl Secrets {
    pub(crate) fn new(given: BTreeMap<String, String>) -> Self {
        let versions = |(name, current)| (name, Versions { current, previous: None });
        Self(Mutex::new(given.into_iter().map(versions).collect()))
    }

    /// Gives a secret a new value, as `PutSecretValue` does: what it held becomes the version before.
    pub fn rotate(&self, name: &str, value: &str) {
        let mut held = self.held();
        let previous = held.get(name).map_or_else(|| known_to_everybody(name), |versions| versions.current.clone());
        held.insert(name.to_owned(), Versions { current: value.to_owned(), previous: Some(previous) });
    }

    fn value(&self, name: &str, stage: &str) -> Option<String> {
        let versions = self.held().get(name).cloned();
        let versions = versions.unwrap_or_else(|| Versions { current: known_to_everybody(name), previous: None });
        if stage == "AWSPREVIOUS" { versions.previous } else { Some(versions.current) }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<String, Versions>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn known_to_everybody(name: &str) -> String {
    format!("{name} of the local stack: known to everybody, never a secret")
}

/// Answers a call to Secrets Manager.
pub(crate) fn call(ground: &Ground, target: &str, body: &Bytes) -> Response {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let (true, Some(name)) = (target == "secretsmanager.GetSecretValue", text("SecretId")) else {
        let problem = "the local stack knows GetSecretValue with a SecretId, and nothing else of Secrets Manager";
        return answer(StatusCode::BAD_REQUEST, json!({ "__type": "InvalidRequestException", "Message": problem }));
    };
    let stage = text("VersionStage").unwrap_or("AWSCURRENT");
    match ground.secrets.value(name, stage) {
        Some(value) => answer(
            StatusCode::OK,
            json!({ "ARN": name, "Name": name, "SecretString": value, "VersionStages": [stage] }),
        ),
        None => {
            let problem = format!("Secrets Manager can't find the specified secret value for staging label: {stage}");
            answer(StatusCode::BAD_REQUEST, json!({ "__type": "ResourceNotFoundException", "Message": problem }))
        }
    }
}

fn answer(status: StatusCode, body: Value) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/x-amz-json-1.1"));
    response
}

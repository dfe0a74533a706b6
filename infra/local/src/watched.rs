//! Invokes functions that `cargo lambda watch` runs. That command compiles a function again when the source changes.
//! The rest of the stack does not change.

use std::fs;
use std::path::Path;

use client::Client;
use serde_json::Value;

use crate::functions;
use crate::invoke::Functions;
use crate::processes::environment_file;
use crate::stack::{Bindings, StackEndpoints};

/// Connects the functions at `url` to the stack, and writes their environment to a file.
pub async fn connect(endpoints: StackEndpoints, url: &str, environment: &Path) -> Result<Bindings, String> {
    let written = |error: std::io::Error| format!("{}: {error}", environment.display());
    if let Some(folder) = environment.parent() {
        fs::create_dir_all(folder).map_err(written)?;
    }
    fs::write(environment, environment_file(&endpoints)?).map_err(written)?;
    let client = Client::new(url);
    let functions = Functions::new(move |name, event| {
        let (client, name) = (client.clone(), name.to_owned());
        Box::pin(async move { invoke(&client, &name, &event).await })
    });
    // Tokens and the audit need no invocation.
    Ok(Bindings { functions: functions.with_clocks_of_their_own(), ..functions::connect(endpoints).await? })
}

/// The answer waits while the function compiles. A function that has ended or does not compile gives no answer.
async fn invoke(client: &Client, name: &str, event: &Value) -> Result<Value, String> {
    let path = format!("/2015-03-31/functions/{name}/invocations");
    let answer = client.post(&path, event).await.map_err(|error| {
        format!(
            "no answer ({error}). Is `cargo lambda watch` running? If it is, its log says why {name} did not compile or \
             has ended: fix or save one of its sources, and it starts again"
        )
    })?;
    match answer.status {
        200 => Ok(answer.body),
        404 => Err(format!("`cargo lambda watch` knows no binary {name}")),
        _ => Err(answer.text("/errorMessage").to_owned()),
    }
}

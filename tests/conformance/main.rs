//! Checks the documents and the template against the code.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod alarms;
mod builds;
mod cost;
mod events;
mod guards;
mod house;
mod items;
mod permissions;
mod promises;
mod routes;
mod template;

fn file(path: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    std::fs::read_to_string(format!("{root}/{path}")).unwrap_or_else(|error| panic!("{path}: {error}"))
}

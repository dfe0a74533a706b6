//! The build: all commands share one build of the dependencies, released functions have no test dependencies, and every
//! test is built.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{file, house};

/// Each package with its features, as built for the whole workspace with these kinds of dependencies.
fn built(edges: &str) -> BTreeSet<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root).args(["tree", "--workspace", "--locked", "--offline", "--prefix", "none"]);
    let reported = cargo.args(["--edges", edges, "--format", "{p}: {f}"]).output().unwrap();
    assert!(reported.status.success(), "{}", String::from_utf8_lossy(&reported.stderr));
    let reported = String::from_utf8(reported.stdout).unwrap();
    reported.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

/// `cargo test` adds the test dependencies. If these asked for other features, `cargo local` would build everything
/// again.
#[test]
fn the_two_commands_of_the_readme_build_the_dependencies_once() {
    let (run, tested) = (built("normal,build"), built("normal,build,dev"));
    assert!(run.len() > 300, "{} packages", run.len());
    assert_eq!(run.difference(&tested).collect::<Vec<_>>(), Vec::<&String>::new(), "tests change features");
    let aliases = file(".cargo/config.toml");
    assert!(!aliases.contains("--package") && !aliases.contains("-p "), "a selection of packages changes features");
}

/// `sam build` selects the whole workspace, so every function gets a feature that any crate asks for.
#[test]
fn no_released_function_has_what_only_tests_need() {
    let run = built("normal,build");
    let tokio = run.iter().find(|package| package.starts_with("tokio v")).unwrap();
    assert!(!tokio.contains("test-util"), "{tokio}");
}

/// A crate with `test = false` must have no unit tests. The setting saves building a program for a crate without them.
#[test]
fn every_unit_test_is_run() {
    for source in house::paths_of_sources() {
        let source = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(source);
        let root = source.ancestors().find(|folder| folder.join("Cargo.toml").exists()).unwrap();
        let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        let library = manifest.split("\n[").find(|part| part.starts_with("lib]")).unwrap_or_default();
        if library.lines().any(|line| line == "test = false") && source.starts_with(root.join("src")) {
            let text = fs::read_to_string(&source).unwrap();
            assert!(!text.contains("#[cfg(test)]"), "{}: its Cargo.toml says test = false", source.display());
        }
    }
}

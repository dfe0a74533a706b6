//! The house: where things live, and what depends on what.

use std::fs;
use std::path::{Path, PathBuf};

use crate::file;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

/// Every source file.
pub fn all() -> Vec<PathBuf> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut found = Vec::new();
    for folder in ["functions", "infra", "tests"] {
        sources(&root.join(folder), &mut found);
    }
    assert!(found.len() > 100, "the sources were not found");
    found
}

#[test]
fn no_file_is_past_300_lines_and_each_says_what_is_in_it() {
    for path in all() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.lines().count() <= 300, "{} has {} lines", path.display(), text.lines().count());
        assert!(text.starts_with("//!"), "{} does not say what is in it", path.display());
    }
}

#[test]
fn no_room_is_called_utils() {
    for path in all() {
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let vague = ["utils", "util", "helpers", "common", "types", "models", "misc"];
        assert!(!vague.contains(&stem.as_str()), "{}", path.display());
    }
}

#[test]
fn arrows_point_one_way() {
    let needs = |crate_: &str, other: &str| {
        file(&format!("functions/shared/{crate_}/Cargo.toml")).contains(&format!("\n{other}.workspace"))
    };
    for outer in ["aws", "use-cases", "contract", "tokio", "lambda_http", "aws-types", "futures"] {
        assert!(!needs("domain", outer), "the domain knows {outer}");
    }
    for outer in ["use-cases", "contract", "lambda_http"] {
        assert!(!needs("aws", outer), "the AWS side knows {outer}");
    }
    for outer in ["contract", "lambda_http", "aws-sdk-dynamodb"] {
        assert!(!needs("use-cases", outer), "the use cases know {outer}");
    }
    assert!(needs("use-cases", "domain") && needs("contract", "use-cases"), "the check itself sees nothing");
}

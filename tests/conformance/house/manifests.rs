//! Checks the crates' dependencies against the layers and against the names in their sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proc_macro2::TokenTree;
use toml::Value;

use super::source::{Source, is_sign, is_word, paths, root};

pub struct Crate {
    pub name: String,
    /// The path from the project's root, as in `functions/shared/aws`.
    pub folder: String,
    /// Dependencies of all kinds, including dev-dependencies.
    pub needs: BTreeSet<String>,
}

/// The shared crates from the inside out. Each crate may depend on the crates before it.
const LAYERS: [&str; 4] = ["domain", "aws", "use-cases", "contract"];

/// External crates that a crate of the project must never depend on.
const BANNED: [(&str, &[&str]); 4] = [
    ("domain", &["tokio", "futures", "tracing", "aws-types", "aws-sdk-dynamodb", "lambda_http", "lambda_runtime"]),
    ("aws", &["lambda_http"]),
    ("use-cases", &["lambda_http", "lambda_runtime", "aws-sdk-dynamodb"]),
    ("contract", &["aws-sdk-dynamodb", "aws-sdk-s3", "aws-sdk-sesv2", "aws-sdk-sqs"]),
];

/// Dependencies that no source names, and their purpose.
const UNNAMED: [(&str, &str, &str); 0] = [];

pub fn crates() -> Vec<Crate> {
    let manifests = paths(|path| path.file_name().is_some_and(|name| name == "Cargo.toml"));
    manifests.iter().map(|path| read(path)).collect()
}

fn read(path: &str) -> Crate {
    let manifest: Value = toml::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap();
    let name = manifest.get("package").and_then(|it| it.get("name")).and_then(Value::as_str).unwrap().to_owned();
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let tables = kinds.iter().filter_map(|kind| manifest.get(kind)).filter_map(Value::as_table);
    let needs = tables.flat_map(|table| table.keys().cloned()).collect();
    Crate { name, folder: path.trim_end_matches("/Cargo.toml").to_owned(), needs }
}

/// Every dependency that points the wrong way. `served` has the functions that answer HTTP requests.
pub fn wrong_arrows(crates: &[Crate], served: &BTreeSet<String>) -> Vec<String> {
    let names: BTreeSet<&str> = crates.iter().map(|it| it.name.as_str()).collect();
    let function = |name: &str| crates.iter().any(|it| it.name == name && it.folder == format!("functions/{name}"));
    let mut wrong = Vec::new();
    for crate_ in crates {
        let own = LAYERS.iter().position(|it| *it == crate_.name);
        let layer = |other: &str| LAYERS.iter().position(|it| *it == other);
        let allowed = |other: &str| match crate_.folder.as_str() {
            "tests/model" => false,
            "infra/client" => other == "aws",
            "infra/ops" => other == "client" || layer(other).is_some(),
            "infra/local" => other == "client" || layer(other).is_some() || function(other),
            "infra/measure" => matches!(other, "client" | "local") || layer(other).is_some() || function(other),
            folder if folder.starts_with("tests") => true,
            _ if own.is_some() => layer(other) < own && layer(other).is_some(),
            _ => layer(other).is_some() && (other != "contract" || served.contains(&crate_.name)),
        };
        let ours = crate_.needs.iter().filter(|it| names.contains(it.as_str()) && !allowed(it));
        let banned = BANNED.iter().filter(|(name, _)| *name == crate_.name).flat_map(|(_, banned)| banned.iter());
        let outside = banned.filter(|it| crate_.needs.contains(**it)).map(ToString::to_string);
        wrong.extend(ours.cloned().chain(outside).map(|other| format!("{} → {other}", crate_.folder)));
    }
    wrong
}

/// Every dependency that no source of its crate names.
pub fn unnamed(crates: &[Crate], sources: &[Source]) -> Vec<String> {
    let mut named: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in sources {
        let within = |it: &&Crate| source.path.starts_with(&format!("{}/", it.folder));
        let Some(crate_) = crates.iter().filter(within).max_by_key(|it| it.folder.len()) else { continue };
        heads(&source.tokens, named.entry(&crate_.name).or_default());
    }
    let mut found = Vec::new();
    for crate_ in crates {
        let known = |it: &str| UNNAMED.iter().any(|(name, other, _)| *name == crate_.name && *other == it);
        let named = named.get(crate_.name.as_str()).cloned().unwrap_or_default();
        let needless = crate_.needs.iter().filter(|it| !named.contains(&it.trim_end_matches("-rs").replace('-', "_")));
        found.extend(needless.filter(|it| !known(it)).map(|it| format!("{} → {it}", crate_.folder)));
    }
    found
}

/// The first segments of all paths, including those in attributes.
fn heads(tokens: &[TokenTree], found: &mut BTreeSet<String>) {
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|it| tokens.get(it));
        let next = tokens.get(at + 1);
        match token {
            TokenTree::Group(group) => heads(&group.stream().into_iter().collect::<Vec<_>>(), found),
            TokenTree::Ident(name) => {
                let path =
                    next.is_some_and(|it| is_sign(it, ':')) && tokens.get(at + 2).is_some_and(|it| is_sign(it, ':'));
                if path || before.is_some_and(|it| is_word(it, "use")) {
                    found.insert(name.to_string());
                }
            }
            // A path in a string, as in serde's attributes.
            TokenTree::Literal(text) => {
                let text = text.to_string();
                found.extend(text.trim_matches('"').split_once("::").map(|(head, _)| head.to_owned()));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

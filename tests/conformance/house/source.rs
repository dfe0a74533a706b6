//! The sources as tokens: without comments, strings and unpaired brackets.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A Rust file.
pub struct Source {
    /// The path from the project's root, as in `infra/local/src/main.rs`.
    pub path: String,
    pub tokens: Vec<TokenTree>,
}

pub struct Function {
    pub name: String,
    pub line: usize,
    /// Lines from `fn` to the closing brace, both included.
    pub lines: usize,
}

/// The project's root. The variable `HOUSE` names another checkout, to compare two states by the same measure.
pub fn root() -> PathBuf {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    std::env::var_os("HOUSE").map_or_else(|| PathBuf::from(own), PathBuf::from)
}

/// The paths of all wanted files below the code folders.
pub fn paths(wanted: impl Fn(&Path) -> bool) -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["functions", "infra", "tests"].iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if wanted(&path) {
                found.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

pub fn paths_of_sources() -> Vec<String> {
    let found = paths(|path| path.extension() == Some(OsStr::new("rs")));
    assert!(found.len() > 100, "the sources were not found");
    found
}

/// All Rust files with their text.
pub fn texts() -> Vec<(String, String)> {
    let read = |path: String| (fs::read_to_string(root().join(&path)).unwrap(), path);
    paths_of_sources().into_iter().map(read).map(|(text, path)| (path, text)).collect()
}

pub fn sources() -> Vec<Source> {
    texts().into_iter().map(|(path, text)| parse(&path, &text)).collect()
}

pub fn parse(path: &str, text: &str) -> Source {
    let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
    Source { path: path.to_owned(), tokens: tokens.into_iter().collect() }
}

/// All functions with a body, including methods and nested functions.
pub fn functions(tokens: &[TokenTree]) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            found.extend(functions(&group.stream().into_iter().collect::<Vec<_>>()));
        }
        let rest = tokens.get(at + 1..).unwrap_or_default();
        let Some(TokenTree::Ident(name)) = rest.first().filter(|_| is_word(token, "fn")) else { continue };
        let ends = |it: &&TokenTree| {
            is_sign(it, ';') || matches!(it, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
        };
        if let Some(TokenTree::Group(body)) = rest.iter().find(ends) {
            let line = token.span().start().line;
            found.push(Function { name: name.to_string(), line, lines: body.span_close().end().line + 1 - line });
        }
    }
    found
}

/// All identifiers with their lines, including those in attributes.
pub fn identifiers(tokens: &[TokenTree], found: &mut Vec<(String, usize)>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => identifiers(&group.stream().into_iter().collect::<Vec<_>>(), found),
            TokenTree::Ident(name) => found.push((name.to_string(), name.span().start().line)),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

pub fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(it) if it == word)
}

pub fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(it) if it.as_char() == sign)
}

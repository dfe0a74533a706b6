//! The code's structure: where things live, the dependencies, the length of functions. `.ci/house` prints the numbers.
//!
//! The other modules of this suite check the template and the documents.

mod manifests;
mod modules;
mod source;

use std::collections::BTreeSet;

use modules::Modules;
use regex_lite::Regex;
pub use source::paths_of_sources;
use source::{Source, functions, identifiers, parse, sources, texts};

const MAX_FUNCTION_LINES: usize = 60;

/// A file with more lines is printed. A person decides whether it has more than one idea.
const FILE_LINES_WARNED: usize = 600;

const VAGUE_NAMES: [&str; 8] = ["utils", "util", "helpers", "helper", "common", "types", "models", "misc"];

/// The retired words, one a line. `^regex$` matches a whole identifier, `mod ^regex$` a file's name outside `tests/`;
/// `! path` names a path prefix that may keep them.
const RETIRED: &str = include_str!("house/retired.txt");

fn circles(sources: &[Source], strict: bool) -> Vec<String> {
    let arrows = Modules::read(sources).arrows();
    let described = |circle: BTreeSet<String>| {
        let within = arrows.iter().filter(|((from, to), _)| circle.contains(from) && circle.contains(to));
        let lines = within.map(|((from, to), names)| format!("  {from} → {to}: {names:?}"));
        format!("a circle:\n{}", lines.collect::<Vec<_>>().join("\n"))
    };
    modules::circles(&arrows, strict).into_iter().map(described).collect()
}

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn crates_depend_one_way() {
    none(&manifests::wrong_arrows(&manifests::crates(), &crate::guards::served()));
}

#[test]
fn no_dependency_goes_unnamed() {
    none(&manifests::unnamed(&manifests::crates(), &sources()));
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let sources = sources();
    println!("house: circles, those of a parent and its child included {}", circles(&sources, true).len());
    let circles = circles(&sources, false);
    println!("house: circles {}", circles.len());
    none(&circles);
}

#[test]
fn a_circle_is_seen_through_a_re_export_and_outside_of_tests_alone() {
    let crate_of = |second: &str| {
        let first = "use crate::Second; #[cfg(test)] mod tests { use crate::third::Third; } pub struct First(Second);";
        let lib = "mod first; mod second; mod third; pub use second::*;";
        let third = "use crate::first; pub struct Third(first::First);";
        let files = [("lib", lib), ("first", first), ("second", second), ("third", third)];
        circles(&files.map(|(name, text)| parse(&format!("x/src/{name}.rs"), text)), false)
    };
    assert!(crate_of("pub struct Second;").is_empty());
    let found = crate_of("pub struct Second; fn third() { vec![crate::third::Third::new()] }");
    assert!(found.len() == 1 && found[0].contains("second.rs → x/src/third.rs"), "{found:?}");
}

#[test]
fn no_function_is_too_long() {
    let long = |source: &Source| {
        let found = functions(&source.tokens).into_iter().filter(|it| it.lines > MAX_FUNCTION_LINES);
        found.map(|it| format!("{}:{} {} has {} lines", source.path, it.line, it.name, it.lines)).collect::<Vec<_>>()
    };
    let long: Vec<String> = sources().iter().flat_map(long).collect();
    println!("house: functions over {MAX_FUNCTION_LINES} lines {}", long.len());
    none(&long);
}

#[test]
fn each_file_says_what_is_in_it() {
    let texts = texts();
    for (path, _) in texts.iter().filter(|(_, text)| text.lines().count() > FILE_LINES_WARNED) {
        println!("house: warning: {path} has more than {FILE_LINES_WARNED} lines: is it one idea?");
    }
    let silent = texts.iter().filter(|(_, text)| !text.starts_with("//!"));
    none(&silent.map(|(path, _)| format!("{path} does not open with //!")).collect::<Vec<_>>());
}

#[test]
fn no_room_has_a_vague_name() {
    let vague = |path: &String| path.trim_end_matches(".rs").split('/').any(|it| VAGUE_NAMES.contains(&it));
    none(&paths_of_sources().into_iter().filter(vague).collect::<Vec<_>>());
}

#[test]
fn retired_names_are_gone() {
    let lines = || RETIRED.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
    let kept: Vec<(&str, Option<&str>)> = lines()
        .filter_map(|it| it.strip_prefix("! "))
        .map(|it| it.split_once(':').map_or((it, None), |(path, name)| (path, Some(name))))
        .collect();
    let any = |patterns: Vec<&str>| Regex::new(&format!("(?:{})", patterns.join("|"))).unwrap();
    let modules = any(lines().filter_map(|it| it.strip_prefix("mod ")).collect());
    let names = any(lines().filter(|it| !it.starts_with("! ") && !it.starts_with("mod ")).collect());
    let mut wrong = BTreeSet::new();
    for source in &sources() {
        let is_kept = |name: &str| {
            kept.iter().any(|(path, only)| source.path.starts_with(path) && only.is_none_or(|only| only == name))
        };
        let file = source.path.trim_end_matches(".rs").rsplit('/').next().unwrap();
        let mut found = Vec::new();
        identifiers(&source.tokens, &mut found);
        let back = found.into_iter().map(|(name, _)| name).filter(|it| names.is_match(it));
        let is_module = !source.path.starts_with("tests/") && modules.is_match(file);
        let module = Some(file.to_owned()).filter(|it| is_module || names.is_match(it));
        wrong.extend(back.chain(module).filter(|name| !is_kept(name)).map(|name| format!("{}: {name}", source.path)));
    }
    none(&wrong.into_iter().collect::<Vec<_>>());
}

//! The closed list of problem codes must agree with its document.

use std::collections::BTreeMap;

use contract::Code;

const README: &str = include_str!("../../functions/shared/contract/README.md");

fn section(title: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("\n## {title}\n")).unwrap();
    rest.split_once("\n## ").map_or(rest, |(section, _)| section)
}

#[test]
fn every_code_is_documented_with_its_status_when_it_comes_and_what_to_do() {
    let mut documented = BTreeMap::new();
    for line in section("Problem codes").lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [code, status, when, then] = cells[..] else { panic!("{line} does not have four cells") };
        assert!(when.ends_with('.') && then.ends_with('.'), "{line}: a sentence lacks its full stop");
        let twice = documented.insert(code.trim_matches('`').to_owned(), status.parse::<u16>().unwrap());
        assert_eq!(twice, None, "{code} is listed twice");
    }
    let known: BTreeMap<_, _> = Code::ALL.iter().map(|code| (code.word().to_owned(), code.status())).collect();
    assert_eq!(known.len(), Code::ALL.len(), "two codes share a word");
    assert_eq!(documented, known);
}

#[test]
fn what_the_gateway_answers_itself_is_documented() {
    let quirks = section("Known quirks");
    for status in ["404", "413", "429", "503"] {
        assert!(quirks.contains(status), "{status}");
    }
}

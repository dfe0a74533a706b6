//! Compares every sample with its files in `pinned/`: a `.txt` with subject and text, and an `.html`. To write the files again,
//! run `cargo test --workspace --lib -- --ignored pin_anew`; then check the changes with `git diff` and `cargo local mails`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::samples;
use crate::mails::Mail;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/mails/tests/pinned"))
}

/// The contents of a mail's files, by extension.
fn files(mail: &Mail) -> [(&'static str, String); 2] {
    [("txt", format!("Subject: {}\n\n{}", mail.subject, mail.text)), ("html", mail.html.clone())]
}

#[test]
fn every_mail_says_what_is_pinned() {
    let mut known = BTreeSet::new();
    for sample in samples::every_sample() {
        for (end, now) in files(&sample.mail()) {
            let name = format!("{}.{end}", sample.name);
            let pinned = fs::read_to_string(folder().join(&name)).unwrap_or_default();
            let first = now.lines().zip(pinned.lines()).find(|(now, pinned)| now != pinned);
            assert!(now == pinned, "{name} differs from its pinned file (see the head of pinned.rs): {first:#?}");
            assert!(known.insert(name.clone()), "two samples have the name {name}");
        }
    }
    let there: BTreeSet<String> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, known, "the pinned files are not exactly those of the samples");
}

#[test]
#[ignore = "writes the files that every_mail_says_what_is_pinned compares with"]
fn pin_anew() {
    let _ = fs::remove_dir_all(folder());
    fs::create_dir_all(folder()).unwrap();
    for sample in samples::every_sample() {
        for (end, now) in files(&sample.mail()) {
            fs::write(folder().join(format!("{}.{end}", sample.name)), now).unwrap();
        }
    }
}

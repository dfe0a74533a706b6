//! A language's tables as patterns over a whole sentence: what part it is, if every word of it is understood.

use std::sync::LazyLock;

use regex_lite::{Regex, RegexBuilder};

use super::phrases::{Phrases, any};
use super::text::Sentence;
use super::{dutch, english, french, german, italian, portuguese, spanish};

/// Bytes that a pattern may take.
const SIZE: usize = 64 << 20;

static ALL: LazyLock<Vec<Grammar>> = LazyLock::new(|| {
    let languages = [
        &english::PHRASES,
        &german::PHRASES,
        &french::PHRASES,
        &spanish::PHRASES,
        &italian::PHRASES,
        &portuguese::PHRASES,
        &dutch::PHRASES,
    ];
    languages.into_iter().map(Grammar::new).collect()
});

/// What part a sentence has in what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It says that the order is to be canceled.
    Wish {
        /// Whether the order is named there, not called "it".
        named: bool,
    },
    /// It says nothing for or against that.
    Aside,
}

/// The patterns of a language. One that can't be made matches nothing: then no sentence is understood.
pub(super) struct Grammar {
    /// The tables they come from.
    pub(super) phrases: &'static Phrases,
    aside: Option<Regex>,
    wish: Option<Regex>,
    named: Option<Regex>,
    question: Option<Regex>,
    request: Option<Regex>,
    named_request: Option<Regex>,
    because: Option<Regex>,
    tells: Option<Regex>,
}

impl Grammar {
    /// All languages that are read.
    pub(super) fn all() -> &'static [Self] {
        &ALL
    }

    fn new(phrases: &'static Phrases) -> Self {
        let it = format!("{}|{}|", phrases.order, phrases.it);
        let all = |of: &[&str]| any(phrases, of, &it);
        let refused = format!("{}(?:(?:(?:,and |, )?(?:{}))|, |$)", all(phrases.refusals), all(&[phrases.resume]));
        let aside = format!("(?:, |{}|{refused})", all(phrases.asides));
        // Only a pattern in which something is canceled names it.
        let named = |of: &[&str]| {
            let naming: Vec<&str> =
                of.iter().filter(|it| it.contains("{it}") || it.contains("{order}")).copied().collect();
            any(phrases, &naming, phrases.order)
        };
        let (wish, request, question) = (all(phrases.wishes), all(phrases.requests), all(phrases.questions));
        let (wish_named, request_named) = (named(phrases.wishes), named(phrases.requests));
        let either = format!("(?:{wish}|{request}|{aside})*");
        let asked = |request: &str, wish: &str| {
            format!("^{aside}*(?:{request}{aside}*|(?:{wish}|{request}){aside}*{question}{aside}*)$")
        };
        Self {
            phrases,
            aside: compiled(&format!("^{aside}+$")),
            wish: compiled(&format!("^{aside}*(?:{wish}|{request}){either}$")),
            named: compiled(&format!("^{either}(?:{wish_named}|{request_named}){either}$")),
            question: compiled(&format!("^{aside}*{question}{aside}*$")),
            request: compiled(&asked(&request, &wish)),
            named_request: compiled(&asked(&request_named, &wish_named)),
            because: compiled(&format!("^{}", all(phrases.because))),
            tells: compiled(&format!("^{}", all(phrases.tells))),
        }
    }

    /// Whether these words begin as a reason does.
    pub(super) fn begins_reason(&self, words: &str) -> bool {
        self.because.as_ref().is_some_and(|because| because.is_match(words))
    }

    /// Whether these words begin as a sentence does that tells what happened.
    pub(super) fn begins_story(&self, words: &str) -> bool {
        self.tells.as_ref().is_some_and(|tells| tells.is_match(words))
    }

    /// The part of a sentence, if every word of it is understood.
    pub(super) fn part(&self, sentence: &Sentence) -> Option<Part> {
        let fits = |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(&sentence.words));
        let (wish, named, aside) = match sentence.asked {
            true => (&self.request, &self.named_request, &self.question),
            false => (&self.wish, &self.named, &self.aside),
        };
        if fits(wish) {
            return Some(Part::Wish { named: fits(named) });
        }
        fits(aside).then_some(Part::Aside)
    }
}

fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(SIZE).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_can_be_made_and_knows_its_classes() {
        for grammar in Grammar::all() {
            for pattern in [
                &grammar.aside,
                &grammar.wish,
                &grammar.named,
                &grammar.question,
                &grammar.request,
                &grammar.named_request,
            ] {
                assert!(!pattern.as_ref().unwrap().as_str().contains("@nothing"), "an unknown class");
                assert!(!pattern.as_ref().unwrap().is_match(""));
            }
        }
    }
}

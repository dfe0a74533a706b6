//! Compiles a language's tables to patterns. A pattern finds the role of a sentence if it understands every word.

use std::sync::LazyLock;

use regex_lite::{Regex, RegexBuilder};

use super::phrases::{Phrases, any};
use super::text::Sentence;
use super::{dutch, english, french, german, italian, portuguese, spanish};

/// The most bytes of a compiled pattern.
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

/// The role of a sentence in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The sentence asks to cancel the order.
    Wish {
        /// Whether the sentence names the order and does not only call it "it".
        named: bool,
    },
    /// The sentence speaks neither for nor against canceling the order.
    Aside,
}

/// The patterns of a language. A pattern that cannot be compiled matches nothing, and then no sentence is understood.
pub(super) struct Grammar {
    /// The tables that the patterns come from.
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
    /// The grammars of all supported languages.
    pub(super) fn all() -> &'static [Self] {
        &ALL
    }

    fn new(phrases: &'static Phrases) -> Self {
        let it = format!("{}|{}|", phrases.order, phrases.it);
        let all = |of: &[&str]| any(phrases, of, &it);
        let refused = format!("{}(?:(?:(?:,and |, )?(?:{}))|, |$)", all(phrases.refusals), all(&[phrases.resume]));
        let aside = format!("(?:, |{}|{refused})", all(phrases.asides));
        // Only a pattern with a thing to cancel can name the order.
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

    /// Whether these words begin like a reason.
    pub(super) fn begins_reason(&self, words: &str) -> bool {
        self.because.as_ref().is_some_and(|because| because.is_match(words))
    }

    /// Whether these words begin like a sentence that tells what happened.
    pub(super) fn begins_story(&self, words: &str) -> bool {
        self.tells.as_ref().is_some_and(|tells| tells.is_match(words))
    }

    /// The role of a sentence; `None` if a word of it is not understood.
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

//! What a customer's own words ask for (R13): whether they say, beyond doubt, that a whole order is to be canceled.
//!
//! Built to be sound, not clever: an order is canceled only if *every* sentence is understood, as the wish itself or as
//! courtesy, a reason, or talk of the refund. A reason may be in the customer's own words if it is a plain statement; then
//! one sign against the wish anywhere (`veto`: negation, condition, doubt, parts of an order, another order) leaves it to a
//! person. Whatever is left over makes the wish unclear.

use domain::identity::OrderId;

mod dutch;
mod english;
mod frame;
mod french;
mod german;
mod grammar;
mod italian;
mod numbers;
mod phrases;
mod portuguese;
mod spanish;
mod story;
mod text;
mod veto;

pub use numbers::numbers_in;

use frame::Frame;
use grammar::{Grammar, Part};
use text::Sentence;

/// Characters of the sender's own words that are read; a longer text is unclear.
pub const LONGEST: usize = 6_000;
/// Sentences that are read; more are unclear.
const MOST_SENTENCES: usize = 60;

/// What somebody wrote, without what is not theirs: no quotes, no signature.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// A subject of their own; none where it is that of a mail they answer.
    pub subject: Option<&'a str>,
    /// The text.
    pub text: &'a str,
    /// The order that it is about: its number is understood where it stands.
    pub order: &'a OrderId,
    /// How the sender is called: their name is understood where it stands.
    pub names: &'a [&'a str],
    /// How many lines the order has: "both" is the whole of two.
    pub lines: usize,
    /// Whether they stand between quoted lines, which "it" may mean.
    pub amid_quotes: bool,
    /// Whether it is said elsewhere that this is a cancelation, in a form or above a signature: then words need not say it,
    /// only not speak against it.
    pub intent: bool,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The whole order is to be canceled.
    Cancel,
    /// A person should read it.
    Unclear(Unclear),
}

/// Why a person should read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// There are no words.
    NoWords,
    /// There are more words than are read.
    TooLong,
    /// A sentence is not understood: it may say anything, also the contrary.
    NotUnderstood,
    /// All is understood, and nothing of it is a wish to cancel.
    NoWish,
    /// It is asked for "it", and what that means stands in a quote.
    WhatIsIt,
}

/// Judges what is asked for.
#[must_use]
pub fn judge(words: &Words<'_>) -> Wish {
    let subject = words.subject.unwrap_or_default();
    if words.text.len() + subject.len() > LONGEST {
        return Wish::Unclear(Unclear::TooLong);
    }
    let frame = Frame::new(words);
    let said = frame.sentences(words.text);
    let titled = frame.sentences(subject);
    if said.len() + titled.len() > MOST_SENTENCES {
        return Wish::Unclear(Unclear::TooLong);
    }
    if said.is_empty() && titled.is_empty() {
        return if words.intent { Wish::Cancel } else { Wish::Unclear(Unclear::NoWords) };
    }
    let all: Vec<Sentence> = said.iter().chain(&titled).cloned().collect();
    match weigh(words, &said, &titled) {
        Wish::Cancel if veto::speaks(&format!("{subject}\n{}", words.text), words.order, &all) => {
            Wish::Unclear(Unclear::NotUnderstood)
        }
        wish => wish,
    }
}

/// What was found in the sentences so far.
#[derive(Default)]
struct Found {
    wish: bool,
    named: bool,
    told: bool,
    wish_in: Vec<&'static Grammar>,
    /// What is not understood, and whether it stands before the wish.
    open: Vec<(Sentence, bool)>,
}

impl Found {
    fn read(&mut self, sentence: &Sentence) {
        if story::twisted(sentence) {
            self.open.push((sentence.clone(), !self.wish));
            return;
        }
        for grammar in Grammar::all() {
            match grammar.part(sentence) {
                Some(Part::Wish { named }) => {
                    self.wish = true;
                    self.named |= named;
                    self.wish_in.push(grammar);
                    return;
                }
                Some(Part::Aside) => return,
                None => {}
            }
        }
        let reasoned =
            Grammar::all().iter().find_map(|grammar| Some((grammar, story::part_before_reason(sentence, grammar)?)));
        if let Some((grammar, Part::Wish { named })) = reasoned {
            self.wish = true;
            self.told = true;
            self.named |= named;
            self.wish_in.push(grammar);
            return;
        }
        match story::part_of_clauses(sentence) {
            Some(Part::Wish { named }) => {
                self.wish = true;
                self.named |= named;
            }
            Some(Part::Aside) => {}
            None => self.open.push((sentence.clone(), !self.wish)),
        }
    }
}

fn weigh(words: &Words<'_>, said: &[Sentence], titled: &[Sentence]) -> Wish {
    let mut found = Found::default();
    said.iter().for_each(|sentence| found.read(sentence));
    let title = title(titled);
    let contrary = words.intent && found.open.iter().map(|(open, _)| open).chain(titled).any(story::contrary);
    let open = match words.intent {
        true => contrary,
        false => !found.open.iter().all(|(sentence, before)| {
            story::harmless(sentence, &found.wish_in) || (*before && found.wish && story::declares(sentence))
        }),
    };
    if open || title == Some(Title::Doubtful) {
        return Wish::Unclear(Unclear::NotUnderstood);
    }
    if !found.wish && !words.intent && title != Some(Title::Wish) {
        return Wish::Unclear(Unclear::NoWish);
    }
    // What is told in any words may name a thing that "it" then means.
    let told = found.told || (!words.intent && !found.open.is_empty());
    if (words.amid_quotes || told) && !found.named && title != Some(Title::Wish) {
        return Wish::Unclear(Unclear::WhatIsIt);
    }
    Wish::Cancel
}

/// What a subject of one's own says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Title {
    /// That the order is to be canceled.
    Wish,
    /// Something that is not understood: it may say anything, also the contrary.
    Doubtful,
}

fn title(titled: &[Sentence]) -> Option<Title> {
    let mut found = Found::default();
    titled.iter().filter(|sentence| !story::only_topic(sentence)).for_each(|sentence| found.read(sentence));
    match (found.open.is_empty(), found.wish) {
        (false, _) => Some(Title::Doubtful),
        (true, true) => Some(Title::Wish),
        (true, false) => None,
    }
}

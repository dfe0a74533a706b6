//! Judges the cancel intent of a customer's own words (R13): whether they ask, beyond doubt, to cancel the whole order.
//!
//! The judgement is built to be sound, not clever. An order is canceled only if *every* sentence is understood: as the
//! wish itself, or as courtesy, a reason, or talk of the refund. A reason may be a plain statement in the customer's
//! own words. Then one sign against the wish anywhere (`veto`: negation, condition, doubt, parts of an order, another
//! order) leaves the message to a person. Any other sentence makes the wish unclear.

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

/// The most bytes of text and subject that are read. A longer message is unclear.
pub const LONGEST: usize = 6_000;
/// The most sentences that are read. A message with more sentences is unclear.
const MOST_SENTENCES: usize = 60;

/// The sender's own words, without quotes and signature, and the facts that help to understand them.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The subject that the sender wrote; `None` if the subject belongs to a mail that the sender answers.
    pub subject: Option<&'a str>,
    /// The text.
    pub text: &'a str,
    /// The order that the words are about. Its number is understood anywhere in the words.
    pub order: &'a OrderId,
    /// The sender's names and addresses. They are understood anywhere in the words.
    pub names: &'a [&'a str],
    /// The number of lines of the order. "Both" means the whole order if it has two lines.
    pub lines: usize,
    /// Whether the words are between quoted lines. "It" may then refer to a quoted line.
    pub amid_quotes: bool,
    /// Whether a form, or the text above a signature, already asks to cancel. The words then need no wish of their own,
    /// but must not contradict that wish.
    pub intent: bool,
}

/// The result of the judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The whole order is to be canceled.
    Cancel,
    /// A person should read the message.
    Unclear(Unclear),
}

/// Why a person should read the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// The message has no words.
    NoWords,
    /// The message exceeds the limit of bytes or sentences.
    TooLong,
    /// A sentence is not understood. It may even say the contrary.
    NotUnderstood,
    /// Every sentence is understood, but none asks to cancel.
    NoWish,
    /// The message asks to cancel "it", but "it" may mean something in a quote or in the customer's own story.
    WhatIsIt,
}

/// Judges whether the words ask to cancel the whole order.
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

/// The findings in the sentences so far.
#[derive(Default)]
struct Found {
    wish: bool,
    named: bool,
    told: bool,
    wish_in: Vec<&'static Grammar>,
    /// The sentences that are not understood, each with whether it comes before the wish.
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
    // A sentence in the customer's own words may name a thing, and "it" may then mean that thing.
    let told = found.told || (!words.intent && !found.open.is_empty());
    if (words.amid_quotes || told) && !found.named && title != Some(Title::Wish) {
        return Wish::Unclear(Unclear::WhatIsIt);
    }
    Wish::Cancel
}

/// The meaning of a subject that the sender wrote.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Title {
    /// The subject asks to cancel the order.
    Wish,
    /// The subject is not understood. It may even say the contrary.
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

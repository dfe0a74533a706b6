//! The frame of a letter: what stands around its sentences, and what its writer's name and the order's number are.

mod lines;

use super::numbers::marked;
use super::story;
use super::text::{Sentence, plain, sentences};
use super::{Words, text};
use lines::{GREETINGS, begins, begins_with_ending, contact, reference};

/// Characters from which on a line is taken to be broken by a program, not by its writer.
const WRAPPED: usize = 58;
/// Words that a line of an address or a job title has at most.
const LABEL: usize = 6;
/// What is known before the first sentence is read.
pub(super) struct Frame<'a> {
    words: &'a Words<'a>,
    names: Vec<String>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(words: &'a Words<'a>) -> Self {
        let parts = words.names.iter().filter(|name| !name.contains('@')).flat_map(|name| {
            let name = plain(name);
            name.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
        });
        // Somebody may be called No: such a name is read as the word that it is.
        Self { words, names: parts.filter(|part| !part.is_empty() && !story::weighs(part)).collect() }
    }

    /// The sentences of a text, with `@number` for the order, `@name` for the writer and `@both` for both lines of two.
    pub(super) fn sentences(&self, text: &str) -> Vec<Sentence> {
        let marked = marked(text, self.words.order);
        let address = |text: String, name: &&str| if name.contains('@') { replaced(&text, name) } else { text };
        let marked = self.words.names.iter().fold(marked, address);
        let lines: Vec<&str> = marked.lines().map(str::trim).collect();
        let lines: Vec<&str> = lines.into_iter().filter(|line| !self.field(line)).collect();
        let lines = self.body(&lines);
        let joined = joined(lines);
        let told = joined.lines().flat_map(|line| sentences(&plain(line))).map(|sentence| self.told(sentence));
        let mut told: Vec<Sentence> = told.collect();
        if let Some(first) = told.iter_mut().find(|told| !told.words.is_empty()) {
            greeted(first);
        }
        told.retain(|told| !told.words.is_empty());
        told
    }

    fn told(&self, sentence: Sentence) -> Sentence {
        let words: Vec<&str> = sentence.words().collect();
        let after = words.iter().skip(1).map(Some).chain([None]);
        let told = words.iter().zip(after).map(|(word, after)| self.word(word, after.copied()).to_owned() + " ");
        Sentence { words: told.collect(), asked: sentence.asked }
    }

    fn word<'w>(&self, word: &'w str, after: Option<&str>) -> &'w str {
        let name = |word: &str| self.names.iter().any(|name| name == word);
        let initial = word.chars().count() == 1 && self.names.iter().any(|name| name.starts_with(word));
        match word {
            "both" | "beide" | "beiden" | "ambos" | "ambas" | "entrambi" | "entrambe" | "deux"
                if self.words.lines == 2 =>
            {
                "@both"
            }
            _ if name(word) || (initial && after.is_some_and(name)) => "@name",
            _ => word,
        }
    }

    /// The lines without a letterhead and without what follows a name or a greeting at the end: an address, a job title.
    fn body<'l>(&self, lines: &[&'l str]) -> Vec<&'l str> {
        let begins = |line: &&str| begins(line, GREETINGS);
        let head = lines
            .iter()
            .position(begins)
            .filter(|head| lines.iter().take(*head).all(|line| self.label(line) || line.is_empty() || reference(line)));
        let written: Vec<&str> = lines.iter().copied().skip(head.unwrap_or(0)).collect();
        let ends = |line: &&str| begins_with_ending(line) || self.name_alone(line) || self.named_label(line);
        // The first line of its kind behind which nothing else stands; else the last.
        let frames = |line: &&str| line.is_empty() || self.label(line) || contact(line) || ends(line);
        let whole = written.iter().rposition(|line| !frames(line)).map_or(0, |said| said + 1);
        let whole = written.iter().enumerate().skip(whole).find(|(_, line)| ends(line)).map(|(at, _)| at);
        let Some(end) = whole.or_else(|| written.iter().rposition(ends)) else { return written };
        // What stands on the line of a name beside it is its bearer's title.
        let titled = written.get(end).is_some_and(|line| self.named_label(line));
        let end = if titled { end } else { end + 1 };
        let after = written.iter().skip(end).copied().filter(|line| !self.label(line) && !contact(line));
        written.iter().take(end).copied().chain(after).collect()
    }

    /// "Name: Ann Lee", "E-mail: ann@example.com": what is said of the writer, as in a form.
    fn field(&self, line: &str) -> bool {
        let Some((what, who)) = line.split_once(':') else { return false };
        let weighs = plain(what).split(|c: char| !c.is_alphanumeric()).any(story::weighs);
        what.split_whitespace().count() <= 3 && !weighs && self.name_alone(who.trim())
    }

    /// "Ann Lee | Accounts": a label that begins with the name.
    fn named_label(&self, line: &str) -> bool {
        let line_plain = plain(line);
        let first = line_plain.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
        first.is_some_and(|first| self.names.iter().any(|name| name == first)) && self.label(line)
    }

    fn name_alone(&self, line: &str) -> bool {
        let mut words = sentences(&plain(line))
            .into_iter()
            .flat_map(|sentence| self.told(sentence).words().map(str::to_owned).collect::<Vec<_>>())
            .peekable();
        words.peek().is_some() && words.all(|word| word == "@name" || word == ",")
    }

    /// Whether a line is a name, a title, a street or a number to call: a few words, most of them with capitals, that end
    /// no sentence and hold no word that could weigh.
    fn label(&self, line: &str) -> bool {
        let parts: Vec<&str> = line.split(['|', '•', '·']).map(str::trim).filter(|part| !part.is_empty()).collect();
        if (2..=LABEL).contains(&parts.len()) {
            return parts.iter().all(|part| self.label(part) || contact(part));
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let capital = |word: &&str| word.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_alphabetic());
        let short = words.last().is_some_and(|last| capital(last) && last.chars().count() <= 6);
        let ends = line.ends_with(['!', '?', ';', ':']) || (line.ends_with('.') && !(short && words.len() > 1));
        // "Head of Sales", "University of Springfield": in Dutch, "of" is an "or".
        let titled = |at: usize| words.get(at).is_some_and(|word| word.starts_with(char::is_uppercase));
        let of = |at: usize, word: &str| word == "of" && at.checked_sub(1).is_some_and(titled) && titled(at + 1);
        let weighs = words
            .iter()
            .enumerate()
            .filter(|(at, word)| !of(*at, word))
            .any(|(_, word)| plain(word).split(|c: char| !c.is_alphanumeric()).any(story::weighs));
        let capitals = words.iter().filter(|word| capital(word) || word.contains('.')).count();
        let motto = line.starts_with(['"', '“', '„', '«']) && words.len() <= 3 * LABEL;
        !weighs && (motto || (!words.is_empty() && words.len() <= LABEL && !ends && capitals * 2 >= words.len()))
    }
}

/// The text with `@name` in place of an address, in any case.
fn replaced(text: &str, address: &str) -> String {
    let mut rest = text;
    let mut replaced = String::new();
    while let Some(at) = rest.to_ascii_lowercase().find(&address.to_ascii_lowercase()) {
        replaced.push_str(rest.get(..at).unwrap_or_default());
        replaced.push_str(" @name ");
        rest = rest.get(at + address.len()..).unwrap_or_default();
    }
    replaced + rest
}

/// Takes a greeting from the first sentence, whoever is greeted: "Hi Sarah,".
fn greeted(first: &mut Sentence) {
    let (greeting, rest) = first.words.split_once(", ").unwrap_or((&first.words, ""));
    let words: Vec<&str> = greeting.split_whitespace().collect();
    let whole = rest.is_empty() && first.asked;
    if words.len() <= LABEL && begins(greeting, GREETINGS) && !words.iter().any(|word| story::weighs(word)) && !whole {
        first.words = rest.to_owned();
    }
}

/// Lines that a program broke are one; others stay apart.
fn joined(lines: Vec<&str>) -> String {
    let mut joined = String::new();
    let mut open = false;
    for line in lines {
        let small = text::plain(line)
            .chars()
            .next()
            .zip(line.chars().next())
            .is_some_and(|(plain, c)| plain == c && c.is_lowercase());
        joined.push(if !line.is_empty() && open && (small || line.starts_with('@')) { ' ' } else { '\n' });
        joined.push_str(line);
        open = line.chars().count() >= WRAPPED || (open && line.is_empty());
        open &= !line.is_empty();
    }
    joined
}

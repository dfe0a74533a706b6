//! Removes the frame around a letter's sentences, and marks the writer's name and the order's number.

mod lines;

use super::numbers::marked;
use super::story;
use super::text::{Sentence, plain, sentences};
use super::{Words, text};
use lines::{GREETINGS, begins, begins_with_ending, contact, reference};

/// A line with at least this many characters counts as broken by a program, not by its writer.
const WRAPPED: usize = 58;
/// The most words in a line of an address or of a job title.
const LABEL: usize = 6;
/// The facts that are known before the first sentence is read.
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
        // A person may be called No. Such a name is read as the ordinary word.
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

    /// The lines without a letterhead, and without an address or a job title below the closing name or greeting.
    fn body<'l>(&self, lines: &[&'l str]) -> Vec<&'l str> {
        let begins = |line: &&str| begins(line, GREETINGS);
        let head = lines
            .iter()
            .position(begins)
            .filter(|head| lines.iter().take(*head).all(|line| self.label(line) || line.is_empty() || reference(line)));
        let written: Vec<&str> = lines.iter().copied().skip(head.unwrap_or(0)).collect();
        let ends = |line: &&str| begins_with_ending(line) || self.name_alone(line) || self.named_label(line);
        // The first ending that only lines of the frame follow; else the last ending.
        let frames = |line: &&str| line.is_empty() || self.label(line) || contact(line) || ends(line);
        let whole = written.iter().rposition(|line| !frames(line)).map_or(0, |said| said + 1);
        let whole = written.iter().enumerate().skip(whole).find(|(_, line)| ends(line)).map(|(at, _)| at);
        let Some(end) = whole.or_else(|| written.iter().rposition(ends)) else { return written };
        // Other text on the line of a name is that person's title.
        let titled = written.get(end).is_some_and(|line| self.named_label(line));
        let end = if titled { end } else { end + 1 };
        let after = written.iter().skip(end).copied().filter(|line| !self.label(line) && !contact(line));
        written.iter().take(end).copied().chain(after).collect()
    }

    /// Whether a line is a field about the writer, as in a form: "Name: Ann Lee", "E-mail: ann@example.com".
    fn field(&self, line: &str) -> bool {
        let Some((what, who)) = line.split_once(':') else { return false };
        let weighs = plain(what).split(|c: char| !c.is_alphanumeric()).any(story::weighs);
        what.split_whitespace().count() <= 3 && !weighs && self.name_alone(who.trim())
    }

    /// Whether a line is a label that begins with the name: "Ann Lee | Accounts".
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

    /// Whether a line is a name, a title, a street or a phone number. Such a line has a few words, most of them with
    /// capitals. It ends no sentence and has no word that could count for or against a wish.
    fn label(&self, line: &str) -> bool {
        let parts: Vec<&str> = line.split(['|', '•', '·']).map(str::trim).filter(|part| !part.is_empty()).collect();
        if (2..=LABEL).contains(&parts.len()) {
            return parts.iter().all(|part| self.label(part) || contact(part));
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let capital = |word: &&str| word.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_alphabetic());
        let short = words.last().is_some_and(|last| capital(last) && last.chars().count() <= 6);
        let ends = line.ends_with(['!', '?', ';', ':']) || (line.ends_with('.') && !(short && words.len() > 1));
        // The "of" in "Head of Sales" or "University of Springfield" must not count as the Dutch word for "or".
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

/// Replaces an address in the text by `@name`, in upper or lower case.
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

/// Removes a greeting, to any person, from the first sentence: "Hi Sarah,".
fn greeted(first: &mut Sentence) {
    let (greeting, rest) = first.words.split_once(", ").unwrap_or((&first.words, ""));
    let words: Vec<&str> = greeting.split_whitespace().collect();
    let whole = rest.is_empty() && first.asked;
    if words.len() <= LABEL && begins(greeting, GREETINGS) && !words.iter().any(|word| story::weighs(word)) && !whole {
        first.words = rest.to_owned();
    }
}

/// Joins the lines that a program broke, and keeps other lines apart.
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

//! The frame of a letter: what stands around its sentences, and what its writer's name and the order's number are.

use super::numbers::marked;
use super::story;
use super::text::{Sentence, plain, sentences};
use super::{Words, text};

/// Characters from which on a line is taken to be broken by a program, not by its writer.
const WRAPPED: usize = 58;
/// Words that a line of an address or a job title has at most.
const LABEL: usize = 6;
/// How letters begin.
const GREETINGS: &[&str] = &[
    "hi", "hello", "hey", "dear", "good", "greetings", "to whom", "hallo", "guten", "liebe", "lieber", "liebes", "sehr geehrte", "moin",
    "servus", "bonjour", "bonsoir", "madame", "monsieur", "cher", "chere", "chers", "salut", "hola", "buenos", "buenas", "estimado",
    "estimados", "estimada", "estimadas", "muy senores", "ciao", "buongiorno", "buonasera", "salve", "gentile", "gentili", "egregi",
    "spettabile", "spett", "ola", "bom dia", "boa", "prezado", "prezados", "prezada", "caro", "caros", "cara", "exmos", "exmo", "beste",
    "geachte", "goedemorgen", "goedemiddag", "goedenavond", "goedendag", "dag",
];
/// How letters end.
const ENDINGS: &[&str] = &[
    "regards", "kind regards", "best", "warm regards", "many thanks", "thanks", "thank you", "thx", "cheers", "sincerely", "yours", "with regards",
    "all the best", "respectfully", "mit freundlichen", "mit besten", "freundliche", "beste", "viele", "liebe", "herzliche", "vielen dank",
    "danke", "gruss", "grusse", "mfg", "lg", "vg", "cordialement", "bien", "salutations", "sinceres", "meilleures", "merci", "saludos",
    "un saludo", "cordialmente", "atentamente", "atte", "gracias", "muchas gracias", "cordiali", "distinti", "saluti", "un saluto", "grazie",
    "atenciosamente", "att", "cumprimentos", "com os melhores", "melhores", "obrigado", "obrigada", "abracos", "met vriendelijke", "groet",
    "groeten", "vriendelijke", "hartelijke", "mvg", "bedankt", "alvast", "dank",
];

/// What is known before the first sentence is read.
pub(super) struct Frame<'a> {
    words: &'a Words<'a>,
    names: Vec<String>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(words: &'a Words<'a>) -> Self {
        let parts = words.names.iter().flat_map(|name| {
            let name = plain(name);
            name.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
        });
        // Somebody may be called No: such a name is read as the word that it is.
        Self { words, names: parts.filter(|part| !part.is_empty() && !story::weighs(part)).collect() }
    }

    /// The sentences of a text, with `@number` for the order, `@name` for the writer and `@both` for both lines of two.
    pub(super) fn sentences(&self, text: &str) -> Vec<Sentence> {
        let marked = marked(text, self.words.order);
        let lines: Vec<&str> = marked.lines().map(str::trim).collect();
        let lines = self.body(&lines);
        let joined = joined(lines);
        joined.lines().flat_map(|line| sentences(&plain(line))).map(|sentence| self.told(sentence)).filter(|told| !told.words.is_empty()).collect()
    }

    fn told(&self, sentence: Sentence) -> Sentence {
        let both = self.words.lines == 2;
        let words: String = sentence.words().map(|word| self.word(word, both).to_owned() + " ").collect();
        Sentence { words, asked: sentence.asked }
    }

    fn word<'w>(&self, word: &'w str, both: bool) -> &'w str {
        let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic) && !matches!(word, "a" | "e" | "y" | "o" | "i" | "u" | "d" | "l" | "t" | "s" | "m");
        match word {
            "both" | "beide" | "beiden" | "ambos" | "ambas" | "entrambi" | "entrambe" | "deux" if both => "@both",
            _ if self.names.iter().any(|name| name == word) => "@name",
            _ if initial && self.names.iter().any(|name| name.starts_with(word)) => "@name",
            _ => word,
        }
    }

    /// The lines without a letterhead and without what follows a name or a greeting at the end: an address, a job title.
    fn body<'l>(&self, lines: &[&'l str]) -> Vec<&'l str> {
        let begins = |line: &&str| begins(line, GREETINGS);
        let head = lines.iter().position(begins).filter(|head| lines.iter().take(*head).all(|line| self.label(line) || line.is_empty()));
        let written: Vec<&str> = lines.iter().copied().skip(head.unwrap_or(0)).collect();
        let ends = |line: &&str| begins_with_ending(line) || self.name_alone(line);
        let Some(end) = written.iter().rposition(ends) else { return written };
        let after = written.iter().skip(end + 1).copied().filter(|line| !self.label(line));
        written.iter().take(end + 1).copied().chain(after).collect()
    }

    fn name_alone(&self, line: &str) -> bool {
        let mut words = sentences(&plain(line)).into_iter().flat_map(|sentence| self.told(sentence).words().map(str::to_owned).collect::<Vec<_>>()).peekable();
        words.peek().is_some() && words.all(|word| word == "@name" || word == ",")
    }

    /// Whether a line is a name, a title, a street or a number to call: a few words, most of them with capitals, that end
    /// no sentence and hold no word that could weigh.
    fn label(&self, line: &str) -> bool {
        let words: Vec<&str> = line.split_whitespace().collect();
        let capital = |word: &&&str| word.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_alphabetic());
        let ends = line.ends_with(['.', '!', '?', ';', ':']);
        let weighs = plain(line).split(|c: char| !c.is_alphanumeric()).any(story::weighs);
        !words.is_empty() && words.len() <= LABEL && !ends && !weighs && words.iter().filter(capital).count() * 2 > words.len()
    }
}

fn begins(line: &str, with: &[&str]) -> bool {
    let line = plain(line);
    with.iter().any(|start| line.strip_prefix(start).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// A line that is an ending and nothing else: "Kind regards," and a few words more.
fn begins_with_ending(line: &str) -> bool {
    begins(line, ENDINGS) && line.split_whitespace().count() <= 5
}

/// Lines that a program broke are one; others stay apart.
fn joined(lines: Vec<&str>) -> String {
    let mut joined = String::new();
    let mut open = false;
    for line in lines {
        let small = text::plain(line).chars().next().zip(line.chars().next()).is_some_and(|(plain, c)| plain == c && c.is_lowercase());
        joined.push(if !line.is_empty() && open && (small || line.starts_with('@')) { ' ' } else { '\n' });
        joined.push_str(line);
        open = line.chars().count() >= WRAPPED || (open && line.is_empty());
        open &= !line.is_empty();
    }
    joined
}

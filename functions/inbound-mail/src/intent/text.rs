//! Normalizes text: one spelling for each letter, then words and sentences.

/// A sentence: words in lower case without accents, each followed by a blank. A comma counts as a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    /// The words.
    pub(super) words: String,
    /// Whether it ends in a question mark.
    pub(super) asked: bool,
}

impl Sentence {
    /// The words of the sentence, one by one.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.split(' ').filter(|word| !word.is_empty())
    }
}

/// The text without invisible characters, with one kind of dash. Characters that reverse the reading order or strike
/// letters through stay, so that a sentence with such a character is not understood.
pub(super) fn seen(text: &str) -> String {
    let dash = |c| if matches!(c, '\u{2010}'..='\u{2012}' | '\u{2212}') { '-' } else { c };
    text.chars().filter(|c| !unseen(*c)).map(dash).collect()
}

/// The text with one spelling for each letter: in lower case and without accents.
pub(super) fn plain(text: &str) -> String {
    // Without its accent, the Spanish or Italian "yes" is the word for "if".
    let text = YES.iter().fold(text.to_owned(), |text, yes| text.replace(yes, "yes,"));
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !unseen(*c)).map(narrow).flat_map(char::to_lowercase) {
        match letters(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    plain
}

/// The normal form of a full-width letter.
fn narrow(c: char) -> char {
    match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The Spanish and Italian "yes", with the accent.
const YES: &[&str] = &["sí,", "Sí,", "Sí.", "sì,", "Sì,", "Sì."];

/// Whether a character is invisible: zero-width characters, marks of text direction, combining accents (their letter
/// stays), and the selectors of emoji.
fn unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202d}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        || matches!(c, '\u{300}'..='\u{304}' | '\u{308}' | '\u{30a}' | '\u{327}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// The plain spelling of a character; `None` if the character is already plain.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'à'..='å' | 'ā' => "a",
        'ç' => "c",
        'è'..='ë' => "e",
        'ì'..='ï' => "i",
        'ñ' => "n",
        'ò'..='ö' => "o",
        'ù'..='ü' => "u",
        'ý' | 'ÿ' => "y",
        'ß' => "ss",
        'œ' => "oe",
        'æ' => "ae",
        '\u{a0}'
        | '\u{85}'
        | '\u{202f}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{205f}'
        | '\u{3000}'
        | '\t'
        | '\r' => " ",
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '`' | '´' | 'ʼ' => "'",
        '\u{2010}'..='\u{2012}' | '\u{2212}' => "-",
        '\u{2013}'..='\u{2015}' => " - ",
        '…' => ".",
        '€' => " euro ",
        '$' => " usd ",
        '£' => " gbp ",
        '*' | '_' | '"' | '\u{201c}'..='\u{201f}' | '«' | '»' | '\u{2039}' | '\u{203a}' | '¿' | '¡' => " ",
        // Faces and gestures of mere courtesy or anger. Winks, laughter and gestures of refusal are absent on purpose.
        '\u{1f600}'..='\u{1f601}'
        | '\u{1f603}'..='\u{1f604}'
        | '\u{1f60c}'
        | '\u{1f623}'
        | '\u{1f626}'..='\u{1f628}'
        | '\u{1f62a}'..='\u{1f62b}'
        | '\u{1f630}'..='\u{1f631}'
        | '\u{1f633}'
        | '\u{1f60a}'
        | '\u{1f610}'..='\u{1f612}'
        | '\u{1f614}'..='\u{1f616}' => " ",
        '\u{1f61e}'..='\u{1f622}'
        | '\u{1f624}'..='\u{1f625}'
        | '\u{1f629}'
        | '\u{1f62d}'
        | '\u{1f641}'..='\u{1f642}' => " ",
        '\u{1f926}' | '\u{2757}' | '\u{203c}' | '\u{1f4b8}' | '\u{1f4b0}' | '\u{1f62c}' | '\u{1f97a}' | '\u{2728}'
        | '\u{2600}' | '\u{1f64f}' | '\u{1f381}' | '\u{1f384}' | '\u{1f4a1}' | '\u{1f4e6}' | '\u{1f494}'
        | '\u{1f44b}' | '\u{1f44d}' | '\u{2764}' | '\u{263a}' | '☹' => " ",
        _ => return None,
    })
}

/// Splits a line into sentences, each with whether it is a question.
pub(super) fn sentences(line: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut words = String::new();
    let mut word = String::new();
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        let digits = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) && !word.is_empty();
        let inner = digits && matches!(c, '.' | ',') && characters.peek().is_some_and(char::is_ascii_digit);
        if c.is_alphanumeric() || c == '@' || inner {
            word.push(c);
            continue;
        }
        // A single letter and a point do not end a sentence: "A. Lee", "P.S.".
        let initial = c == '.' && word.chars().count() == 1;
        end(&mut words, &mut word);
        match c {
            '.' if initial => {}
            '.' | '!' | '?' | ';' => close(&mut sentences, &mut words, c == '?'),
            ',' | ':' | '(' | ')' => comma(&mut words),
            '-' if words.ends_with(' ') && characters.peek().is_none_or(|next| *next == ' ') => comma(&mut words),
            ' ' | '\'' | '-' => {}
            other => words.extend([other, ' ']),
        }
    }
    end(&mut words, &mut word);
    close(&mut sentences, &mut words, false);
    sentences
}

/// Words for "and". After a comma, such a word becomes a word of its own, so that a negation does not extend beyond it.
const AND: &[&str] = &["and", "und", "et", "y", "e", "en"];

fn end(words: &mut String, word: &mut String) {
    if word.is_empty() {
        return;
    }
    let number = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    words.push_str(if number { "@n" } else { word.as_str() });
    words.push(' ');
    word.clear();
}

fn comma(words: &mut String) {
    if !words.is_empty() && !words.ends_with(", ") {
        words.push_str(", ");
    }
}

fn close(sentences: &mut Vec<Sentence>, words: &mut String, asked: bool) {
    let whole = words.trim_end_matches(", ").to_owned();
    let whole = if whole.is_empty() || whole.ends_with(' ') { whole } else { whole + " " };
    let whole = AND.iter().fold(whole, |whole, and| whole.replace(&format!(", {and} "), ",and "));
    words.clear();
    match sentences.last_mut() {
        _ if !whole.is_empty() => sentences.push(Sentence { words: whole, asked }),
        // In "!?" and "?!", the second mark belongs to the sentence before.
        Some(before) => before.asked |= asked,
        // A question mark without a word counts as a sentence, because it may mean anything.
        None if asked => sentences.push(Sentence { words: "? ".to_owned(), asked }),
        None => {}
    }
}

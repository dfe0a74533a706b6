//! The tables of a language, and the translation of a phrase to a pattern.

/// The phrases of a language. `[word]` is optional, `[word]*` occurs any number of times, `(one|other)` is one of its
/// words, `{any}` any word, `{class}` one of the language's classes, `{it}` the order or a word that refers to it.
pub(super) struct Phrases {
    /// The named parts that phrases share.
    pub(super) classes: &'static [(&'static str, &'static str)],
    /// Phrases that name the order.
    pub(super) order: &'static str,
    /// Words that refer to the order.
    pub(super) it: &'static str,
    /// Phrases that ask to cancel the order.
    pub(super) wishes: &'static [&'static str],
    /// Questions that ask the same: "can you cancel my order?"
    pub(super) requests: &'static [&'static str],
    /// Phrases that may appear anywhere: courtesy, talk of the refund, reasons without a negation.
    pub(super) asides: &'static [&'static str],
    /// Questions that may accompany a wish, for example how long the refund takes.
    pub(super) questions: &'static [&'static str],
    /// Reasons with a negation: "I don't need it". A comma, one of `resume` or the end must follow, so that the
    /// negation does not reach into a wish.
    pub(super) refusals: &'static [&'static str],
    /// Phrases that lead from a refusal to a wish.
    pub(super) resume: &'static str,
    /// The beginnings of a reason in the customer's own words.
    pub(super) because: &'static [&'static str],
    /// The beginnings of a sentence that tells what happened, in the customer's own words.
    pub(super) tells: &'static [&'static str],
    /// Words that must not occur in such a reason or sentence, in any context.
    pub(super) contrary: &'static [&'static str],
    /// Words of negation and doubt. A reason may contain them; a sentence that tells what happened may not.
    pub(super) doubtful: &'static [&'static str],
}

/// Translates a phrase to a pattern. In both the pattern and a sentence, one blank follows each word.
pub(super) fn pattern(phrases: &Phrases, phrase: &str, it: &str) -> String {
    let mut pattern = String::new();
    let mut characters = phrase.chars().peekable();
    let mut word = String::new();
    while let Some(c) = characters.next() {
        if c.is_alphanumeric() || matches!(c, '@' | ',' | '&') {
            word.push(c);
            continue;
        }
        pattern.push_str(&spelled(&mut word));
        match c {
            '(' | '[' => pattern.push_str("(?:"),
            ']' if characters.next_if_eq(&'*').is_some() => pattern.push_str(")*"),
            ']' => pattern.push_str(")?"),
            ')' | '|' => pattern.push(c),
            '{' => {
                let name: String = std::iter::from_fn(|| characters.next_if(|c| *c != '}')).collect();
                characters.next();
                pattern.push_str(&match name.as_str() {
                    "any" => "(?:[a-z]+ )".to_owned(),
                    name => format!("(?:{})", self::pattern(phrases, class(phrases, name, it), it)),
                });
            }
            _ => {}
        }
    }
    pattern.push_str(&spelled(&mut word));
    pattern
}

fn class<'a>(phrases: &'a Phrases, name: &str, it: &'a str) -> &'a str {
    match name {
        "it" => it,
        "order" => phrases.order,
        // An unknown class gives a pattern that matches no text.
        _ => phrases.classes.iter().find(|(class, _)| *class == name).map_or("@nothing", |(_, meant)| meant),
    }
}

fn spelled(word: &mut String) -> String {
    match std::mem::take(word) {
        word if word.is_empty() => word,
        word => word + " ",
    }
}

/// A pattern that matches any of these phrases.
pub(super) fn any(phrases: &Phrases, of: &[&str], it: &str) -> String {
    let each: Vec<String> = of.iter().map(|phrase| pattern(phrases, phrase, it)).collect();
    format!("(?:{})", each.join("|"))
}

//! The tables of a language, and how a phrase of them is spelled as a pattern.

/// What is understood in a language. In a phrase, `[word]` may be missing, `(one|other)` is one of them, `[word]*` any
/// number of them, `{any}` any word, `{class}` any of the language's own classes; `{it}` is the order, or a word that stands for it.
pub(super) struct Phrases {
    /// Names for what phrases share.
    pub(super) classes: &'static [(&'static str, &'static str)],
    /// The order, named.
    pub(super) order: &'static str,
    /// Words that stand for the order.
    pub(super) it: &'static str,
    /// That it is to be canceled.
    pub(super) wishes: &'static [&'static str],
    /// The same, in the form of a question: "can you cancel my order?"
    pub(super) requests: &'static [&'static str],
    /// What may stand anywhere: courtesy, talk of the refund, reasons without a negation.
    pub(super) asides: &'static [&'static str],
    /// Questions that go with a wish: how long the refund takes.
    pub(super) questions: &'static [&'static str],
    /// Reasons with a negation: "I don't need it". A comma, one of `resume` or the end must follow, so that the negation
    /// does not reach into a wish.
    pub(super) refusals: &'static [&'static str],
    /// What leads from a refusal to a wish.
    pub(super) resume: &'static str,
    /// What begins a reason that is told in any words.
    pub(super) because: &'static [&'static str],
    /// What begins a sentence of what happened, told in any words.
    pub(super) tells: &'static [&'static str],
    /// Words that no such reason or sentence may hold, whatever stands around them.
    pub(super) contrary: &'static [&'static str],
    /// Words of negation and doubt: a reason may hold them, a sentence of its own may not.
    pub(super) doubtful: &'static [&'static str],
}

/// Spells a phrase as a pattern: each word is followed by one blank, in the sentence as here.
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
        // A class that is not told matches nothing that is ever read.
        _ => phrases.classes.iter().find(|(class, _)| *class == name).map_or("@nothing", |(_, meant)| meant),
    }
}

fn spelled(word: &mut String) -> String {
    match std::mem::take(word) {
        word if word.is_empty() => word,
        word => word + " ",
    }
}

/// Any of these phrases.
pub(super) fn any(phrases: &Phrases, of: &[&str], it: &str) -> String {
    let each: Vec<String> = of.iter().map(|phrase| pattern(phrases, phrase, it)).collect();
    format!("(?:{})", each.join("|"))
}

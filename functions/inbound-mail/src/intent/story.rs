//! Reasons and stories in any words. They may accompany a wish if no word could count for or against it.

use super::grammar::{Grammar, Part};
use super::phrases::Phrases;
use super::text::Sentence;

/// The most words in a reason or in a sentence that tells what happened.
const LONGEST: usize = 40;
/// The beginnings of words for canceling, in every supported language.
const CANCEL: &[&str] =
    &["cancel", "cancl", "canel", "storn", "annul", "anul", "ruckgang", "widerruf", "abbestell", "afzeg", "afbestel"];

/// Whether a word could count for or against a wish, in any language.
pub(super) fn weighs(word: &str) -> bool {
    let listed = |phrases: &Phrases| phrases.contrary.contains(&word) || phrases.doubtful.contains(&word);
    cancels(word) || Grammar::all().iter().any(|grammar| listed(grammar.phrases))
}

pub(super) fn cancels(word: &str) -> bool {
    CANCEL.iter().any(|stem| word.starts_with(stem))
}

/// The endings of nouns for a cancelation. Other words for canceling are verbs.
const NOUN: &[&str] = &["ation", "ations", "acion", "amento", "ung", "ungen", "ering", "storno"];
/// Words between a verb and its object, in every language.
const BETWEEN: &[&str] = &[
    "my", "our", "the", "this", "that", "a", "an", "of", "for", "sie", "bitte", "meine", "meinen", "unsere", "die",
    "den", "der", "das", "ma", "mon", "notre", "la", "le", "l", "mi", "el", "de", "del", "il", "mio", "mia", "o", "a",
    "meu", "minha", "mijn", "onze", "request",
];
/// Words for the order. They may come between a verb and the noun for a cancelation.
const ORDER: &[&str] = &[
    "order",
    "orders",
    "purchase",
    "bestellung",
    "commande",
    "pedido",
    "ordine",
    "encomenda",
    "bestelling",
    "@number",
];
/// Words for other things that may be canceled, too.
const OTHER: &[&str] = &[
    "refund",
    "reimbursement",
    "confirmation",
    "erstattung",
    "ruckerstattung",
    "remboursement",
    "reembolso",
    "rimborso",
    "terugbetaling",
];

/// Whether a sentence asks to cancel a cancelation ("cancel my cancelation") or a refund, or reports that an order
/// "wurde storniert". In text without accents, such a report looks like a wish.
pub(super) fn twisted(sentence: &Sentence) -> bool {
    let words: Vec<&str> = sentence.words().collect();
    let noun = |word: &str| cancels(word) && NOUN.iter().any(|end| word.ends_with(end));
    let object = |words: &[&str]| {
        let behind = words.iter().take(4).find(|word| !BETWEEN.contains(word) && !ORDER.contains(word));
        let named = words
            .iter()
            .take_while(|word| BETWEEN.contains(word) || ORDER.contains(word))
            .any(|word| ORDER.contains(word));
        behind.is_some_and(|word| noun(word) || (!named && words.len() > 1 && OTHER.contains(word)))
    };
    words.iter().enumerate().any(|(at, word)| {
        let rest = words.get(at + 1..).unwrap_or_default();
        let told = matches!(*word, "wurde" | "wurden")
            && rest.first().is_some_and(|word| word.starts_with("stornier") && word.ends_with('t'));
        told || (cancels(word) && !noun(word) && object(rest))
    })
}

/// Words of a subject that ask for nothing: they say whose order it is, that it waits, or that the message is about it.
const TOPIC: &str = "\
    backorder preorder my our your the number nr n about regarding concerning help enquiry inquiry meine unsere ihre \
    die zu zur meiner hilfe anfrage ma notre votre la concernant aide mi nuestro su el sobre ayuda il mio nostro \
    aiuto o a meu minha ajuda mijn onze uw de over hulp @name ,";
/// The texts that programs write for a missing subject.
const NO_SUBJECT: &[&str] =
    &["no subject", "kein betreff", "sans objet", "sin asunto", "nessun oggetto", "sem assunto", "geen onderwerp"];

/// Whether a subject only names a topic: "My order", "Bestellung 7K3M-9Q2X-WT4P-ABC4", "Help".
pub(super) fn only_topic(sentence: &Sentence) -> bool {
    let known = |word: &str| ORDER.contains(&word) || TOPIC.split_whitespace().any(|topic| topic == word);
    let none = NO_SUBJECT.contains(&sentence.words.trim_matches([' ', ',']));
    !sentence.asked && (none || sentence.words().all(known))
}

/// Whether a sentence that is not understood may contradict a wish that is stated elsewhere. It may if it asks a
/// question or has a word that could count for or against a wish.
pub(super) fn contrary(sentence: &Sentence) -> bool {
    sentence.asked || sentence.words().any(weighs)
}

/// Whether a sentence that is only partly understood just adds a reason or a story, in the language of the wish.
pub(super) fn harmless(sentence: &Sentence, wish_in: &[&'static Grammar]) -> bool {
    let words: Vec<&str> = sentence.words().collect();
    !sentence.asked && wish_in.iter().any(|grammar| tells(&words, grammar) || gives_reason(&words, grammar))
}

/// The first words of a statement about somebody or something. Such a statement by itself asks for nothing.
const SUBJECTS: &[&str] = &[
    "i", "we", "my", "our", "it", "the", "this", "that", "they", "he", "she", "there", "ich", "wir", "mein", "meine",
    "unser", "unsere", "es", "die", "der", "das", "er", "sie", "diese", "dieser", "je", "j", "nous", "mon", "ma",
    "mes", "notre", "nos", "il", "elle", "le", "la", "les", "ce", "c", "cela", "on", "yo", "mi", "mis", "nuestro",
    "nuestra", "el", "los", "las", "era", "io", "lo", "i", "gli", "mia", "mio", "eu", "o", "a", "meu", "minha", "ik",
    "wij", "mijn", "onze", "het", "de", "dit", "dat",
];

/// Whether a sentence before the wish is a plain statement, with no word that could count for or against a wish in any
/// language. It then counts as a reason. After the wish, such a sentence could explain what the customer meant.
pub(super) fn declares(sentence: &Sentence) -> bool {
    let words: Vec<&str> = sentence.words().collect();
    let plain = |word: &&str| word.chars().all(|c| c.is_alphanumeric() || matches!(c, '@' | ',' | '.' | '&'));
    let subject = words.first().is_some_and(|first| SUBJECTS.contains(first));
    subject
        && !sentence.asked
        && words.len() <= LONGEST
        && words.iter().all(plain)
        && !words.iter().any(|word| weighs(word))
}

/// Whether a clause tells what happened, with no word that could count for or against a wish.
fn tells(words: &[&str], grammar: &Grammar) -> bool {
    let doubtful = |word: &&str| grammar.phrases.doubtful.contains(word);
    free(words, grammar) && !words.iter().any(doubtful) && grammar.begins_story(&(words.join(" ") + " "))
}

/// Whether a clause gives a reason. It begins like a reason, and no word of it states a condition or withdraws
/// anything. A negation in the clause affects only the reason.
fn gives_reason(words: &[&str], grammar: &Grammar) -> bool {
    free(words, grammar) && grammar.begins_reason(&(words.join(" ") + " "))
}

fn free(words: &[&str], grammar: &Grammar) -> bool {
    let sign = |word: &str| !word.chars().all(|c| c.is_alphanumeric() || matches!(c, '@' | ',' | '.' | '&'));
    let weighs = |word: &&str| grammar.phrases.contrary.contains(word) || cancels(word) || sign(word);
    words.len() <= LONGEST && !words.iter().any(weighs)
}

/// The role of a sentence of several clauses, if each clause is understood in some language: "Hallo, please cancel my
/// order, merci".
pub(super) fn part_of_clauses(sentence: &Sentence) -> Option<Part> {
    let clauses: Vec<&str> = sentence.words.split(", ").collect();
    if clauses.len() < 2 || sentence.asked {
        return None;
    }
    let part = |clause: &&str| {
        let clause = Sentence { words: (*clause).to_owned(), asked: false };
        Grammar::all().iter().find_map(|grammar| grammar.part(&clause))
    };
    let parts: Vec<Part> = clauses.iter().filter(|clause| !clause.is_empty()).map(part).collect::<Option<_>>()?;
    let named = parts.contains(&Part::Wish { named: true });
    let wish = named || parts.contains(&Part::Wish { named: false });
    Some(if wish { Part::Wish { named } } else { Part::Aside })
}

/// The role of a sentence that ends with a reason in any words: "cancel my order, as I have been given one".
pub(super) fn part_before_reason(sentence: &Sentence, grammar: &Grammar) -> Option<Part> {
    let words: Vec<&str> = sentence.words().collect();
    let before = before_wish(&words, sentence.asked, grammar);
    before.or_else(|| {
        (1..words.len().min(LONGEST)).find_map(|at| {
            let (before, reason) = words.split_at_checked(at)?;
            let told = gives_reason(reason, grammar) || (before.last() == Some(&",") && tells(reason, grammar));
            let words = before.join(" ").trim_end_matches(" ,").to_owned() + " ";
            let part = told.then(|| grammar.part(&Sentence { words, asked: sentence.asked })).flatten()?;
            matches!(part, Part::Wish { .. }).then_some(part)
        })
    })
}

/// The role of a sentence that begins with a reason and a comma: "As the date has moved again, please cancel my order".
fn before_wish(words: &[&str], asked: bool, grammar: &Grammar) -> Option<Part> {
    let commas = words.iter().enumerate().filter(|(_, word)| **word == ",").map(|(at, _)| at);
    commas.take(8).find_map(|at| {
        let (reason, wish) = words.split_at_checked(at)?;
        let words = wish.get(1..)?.join(" ") + " ";
        let part = gives_reason(reason, grammar).then(|| grammar.part(&Sentence { words, asked })).flatten()?;
        matches!(part, Part::Wish { .. }).then_some(part)
    })
}

//! Sentences that tell a reason or what happened, in any words: allowed beside a wish as long as no word of them weighs.

use super::grammar::{Grammar, Part};
use super::phrases::Phrases;
use super::text::Sentence;

/// Words that a sentence may have to be a story.
const LONGEST: usize = 40;
/// The beginnings of words for canceling, in every language that is read.
const CANCEL: &[&str] =
    &["cancel", "cancl", "canel", "storn", "annul", "anul", "ruckgang", "widerruf", "abbestell", "afzeg", "afbestel"];

/// Whether a word could weigh for or against a wish, in any language.
pub(super) fn weighs(word: &str) -> bool {
    let listed = |phrases: &Phrases| phrases.contrary.contains(&word) || phrases.doubtful.contains(&word);
    cancels(word) || Grammar::all().iter().any(|grammar| listed(grammar.phrases))
}

pub(super) fn cancels(word: &str) -> bool {
    CANCEL.iter().any(|stem| word.starts_with(stem))
}

/// The ends of words that name a cancelation; other words for canceling are verbs.
const NOUN: &[&str] = &["ation", "ations", "acion", "amento", "ung", "ungen", "ering", "storno"];
/// What stands between a verb and its object, in every language.
const BETWEEN: &[&str] = &[
    "my", "our", "the", "this", "that", "a", "an", "of", "for", "sie", "bitte", "meine", "meinen", "unsere", "die",
    "den", "der", "das", "ma", "mon", "notre", "la", "le", "l", "mi", "el", "de", "del", "il", "mio", "mia", "o", "a",
    "meu", "minha", "mijn", "onze", "request",
];
/// The order itself, between a verb and the cancelation of it.
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
/// What is not the order, and may be canceled too.
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

/// Whether canceling is what is to be canceled ("cancel my cancelation"), or the refund of it; or whether it is told that an
/// order "wurde storniert", which without its accents looks like a wish.
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

/// Words of a subject that ask for nothing: whose order it is, that it waits, that something is written about it.
const TOPIC: &str = "\
    backorder preorder my our your the number nr n about regarding concerning help enquiry inquiry meine unsere ihre \
    die zu zur meiner hilfe anfrage ma notre votre la concernant aide mi nuestro su el sobre ayuda il mio nostro \
    aiuto o a meu minha ajuda mijn onze uw de over hulp @name ,";
/// What programs write where there is no subject.
const NO_SUBJECT: &[&str] =
    &["no subject", "kein betreff", "sans objet", "sin asunto", "nessun oggetto", "sem assunto", "geen onderwerp"];

/// Whether a subject says nothing but what it is about: "My order", "Bestellung 7K3M-9Q2X-WT4P-ABC4", "Help".
pub(super) fn only_topic(sentence: &Sentence) -> bool {
    let known = |word: &str| ORDER.contains(&word) || TOPIC.split_whitespace().any(|topic| topic == word);
    let none = NO_SUBJECT.contains(&sentence.words.trim_matches([' ', ',']));
    !sentence.asked && (none || sentence.words().all(known))
}

/// Whether a sentence that is not understood may speak against a wish that is told otherwise: it asks, or has a word that
/// weighs.
pub(super) fn contrary(sentence: &Sentence) -> bool {
    sentence.asked || sentence.words().any(weighs)
}

/// Whether a sentence that is not understood as a whole only tells more beside a wish, in the wish's own language.
pub(super) fn harmless(sentence: &Sentence, wish_in: &[&'static Grammar]) -> bool {
    let words: Vec<&str> = sentence.words().collect();
    !sentence.asked && wish_in.iter().any(|grammar| tells(&words, grammar) || gives_reason(&words, grammar))
}

/// How a sentence begins that says something of somebody or something: it asks for nothing by itself.
const SUBJECTS: &[&str] = &[
    "i", "we", "my", "our", "it", "the", "this", "that", "they", "he", "she", "there", "ich", "wir", "mein", "meine",
    "unser", "unsere", "es", "die", "der", "das", "er", "sie", "diese", "dieser", "je", "j", "nous", "mon", "ma",
    "mes", "notre", "nos", "il", "elle", "le", "la", "les", "ce", "c", "cela", "on", "yo", "mi", "mis", "nuestro",
    "nuestra", "el", "los", "las", "era", "io", "lo", "i", "gli", "mia", "mio", "eu", "o", "a", "meu", "minha", "ik",
    "wij", "mijn", "onze", "het", "de", "dit", "dat",
];

/// Whether a sentence before the wish only says something, with no word that weighs in any language: a reason, however it is
/// told. Behind the wish it could say what was meant.
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

/// Whether a clause tells what happened, with no word that weighs.
fn tells(words: &[&str], grammar: &Grammar) -> bool {
    let doubtful = |word: &&str| grammar.phrases.doubtful.contains(word);
    free(words, grammar) && !words.iter().any(doubtful) && grammar.begins_story(&(words.join(" ") + " "))
}

/// Whether a clause gives a reason: it begins as one, and no word of it conditions or takes anything back. What it denies
/// is its own matter.
fn gives_reason(words: &[&str], grammar: &Grammar) -> bool {
    free(words, grammar) && grammar.begins_reason(&(words.join(" ") + " "))
}

fn free(words: &[&str], grammar: &Grammar) -> bool {
    let sign = |word: &str| !word.chars().all(|c| c.is_alphanumeric() || matches!(c, '@' | ',' | '.' | '&'));
    let weighs = |word: &&str| grammar.phrases.contrary.contains(word) || cancels(word) || sign(word);
    words.len() <= LONGEST && !words.iter().any(weighs)
}

/// The part of a sentence of several clauses, each of which is understood in one language or another: "Hallo, please
/// cancel my order, merci".
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

/// The part of a sentence whose end gives a reason in any words: "cancel my order, as I have been given one".
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

/// "As the date has moved again, please cancel my order": the comma ends the reason.
fn before_wish(words: &[&str], asked: bool, grammar: &Grammar) -> Option<Part> {
    let commas = words.iter().enumerate().filter(|(_, word)| **word == ",").map(|(at, _)| at);
    commas.take(8).find_map(|at| {
        let (reason, wish) = words.split_at_checked(at)?;
        let words = wish.get(1..)?.join(" ") + " ";
        let part = gives_reason(reason, grammar).then(|| grammar.part(&Sentence { words, asked })).flatten()?;
        matches!(part, Part::Wish { .. }).then_some(part)
    })
}

//! Finds signs against a wish although every word is understood: another person's order, another thing to cancel, a
//! report, a thank-you. One such sign anywhere leaves the message to a person. Like all code in `intent`, this code may
//! err only in that direction: it never makes a wish of anything.

use super::numbers::marked;
use super::story::cancels;
use super::text::{Sentence, plain};
use domain::identity::OrderId;

mod signs;

use signs::{
    ARRIVED, ASKS, COUPLES, LATE, MONEY, NOUNS, ORDER, OTHER, PARTICIPLES, THANKS, THINGS, TWICE, WHEN, WHOLE,
};

/// A number with at least this many digits could be the number of another order.
const OTHER_NUMBER: usize = 3;

/// Whether these sentences, or the original text, have a sign against a wish.
pub(super) fn speaks(text: &str, order: &OrderId, said: &[Sentence]) -> bool {
    let marked = marked(text, order);
    let named = marked.contains("@number");
    past(text)
        || other_number(&marked)
        || quotes_itself(text)
        || thought_again(said)
        || said.iter().any(|sentence| {
            let words: Vec<&str> = sentence.words().collect();
            TWICE.iter().any(|sign| has(&words, sign) && !named)
                || ARRIVED.iter().any(|sign| has(&words, sign))
                || (speaks_of_canceling(&words) && (reported(&words) || thanks(&words) || late(&words)))
                || (speaks_of_canceling(&words) && !named && which_order(&words))
                || (speaks_of_canceling(&words) && something_else(&words))
        })
}

/// Whether a list of words contains this word.
fn listed(words: &str, word: impl AsRef<str>) -> bool {
    words.split_whitespace().any(|listed| listed == word.as_ref())
}

fn speaks_of_canceling(words: &[&str]) -> bool {
    words.iter().any(|word| cancels(word))
}

/// Whether the words of the sign occur in sequence; `*` matches any one word.
fn has(words: &[&str], sign: &str) -> bool {
    let sign: Vec<&str> = sign.split(' ').collect();
    words.windows(sign.len()).any(|window| window.iter().zip(&sign).all(|(word, sign)| *sign == "*" || word == sign))
}

/// Whether the text is in quotation marks, like `"cancel my order"`. The sender then repeats somebody's words.
fn quotes_itself(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['"', '“', '„', '«']) && text.trim_end_matches('.').ends_with(['"', '”', '“', '»'])
}

/// Whether a sentence after the wish may withdraw it: "Please cancel my order. Actually, I changed my mind".
fn thought_again(said: &[Sentence]) -> bool {
    let wish = said.iter().position(|sentence| sentence.words().any(cancels));
    let after = said.iter().skip(wish.map_or(said.len(), |wish| wish + 1));
    after.filter(|sentence| !sentence.words().any(cancels)).any(|sentence| {
        let words: Vec<&str> = sentence.words().collect();
        ["actually", "second thought", "second thoughts", "changed my mind", "changed our mind"]
            .iter()
            .any(|sign| has(&words, sign))
    })
}

/// Whether an accent shows that a word reports a past action and is not a request: "Cancelé", "annullò", "annulée".
fn past(text: &str) -> bool {
    let word = |word: &str| {
        let small = word.to_lowercase();
        let done = ["é", "ó", "ò", "ée", "és", "ées", "ei", "aron", "aste", "ou", "ait", "erde"];
        cancels(&plain(&small)) && done.iter().any(|end| small.ends_with(end)) && small.chars().count() > 5
    };
    text.split(|c: char| !c.is_alphanumeric()).any(word)
}

/// The word without the punctuation around it. The currency sign of an amount stays.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '€' | '$' | '£'))).to_owned()
}

/// Whether a number beside a word for an order or for canceling may be another order's number. Such a number has
/// several digits, is not this order's, and is not a year, an amount or a date.
fn other_number(marked: &str) -> bool {
    marked.lines().flat_map(|line| line.split(['!', '?', ';'])).any(|line| {
        let small = plain(line);
        let words: Vec<&str> = small.split_whitespace().collect();
        let about = words.iter().any(|word| listed(ORDER, bare(word)) || cancels(&bare(word)));
        let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
        let year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
        let number = |(at, word): (usize, &&str)| {
            let bare = bare(word);
            let plain = bare.chars().all(|c| c.is_ascii_digit() || c == '-') && !year(&bare);
            let after_order =
                at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|before| listed(ORDER, before));
            let money =
                words.get(at + 1).is_some_and(|next| listed(MONEY, self::bare(next))) || word.contains(['€', '$', '£']);
            plain && !money && (digits(&bare) >= OTHER_NUMBER || (after_order && digits(&bare) > 0))
        };
        about && words.iter().enumerate().any(number)
    })
}

/// Whether the words report a cancelation and have no word that asks: "I cancelled my order", "Bestellung storniert".
fn reported(words: &[&str]) -> bool {
    let participle =
        words.iter().any(|word| PARTICIPLES.split_whitespace().any(|end| cancels(word) && word.ends_with(end)));
    participle && !words.iter().any(|word| listed(ASKS, word))
}

fn thanks(words: &[&str]) -> bool {
    let at = THANKS.iter().filter_map(|sign| {
        let sign: Vec<&str> = sign.split(' ').collect();
        words.windows(sign.len()).position(|window| window == sign.as_slice()).map(|at| at + sign.len())
    });
    // The reason for the thanks is in the next few words.
    at.into_iter().any(|at| words.iter().skip(at).take(4).take_while(|word| **word != ",").any(|word| cancels(word)))
}

/// Whether the words say that it is too late: "It is too late to cancel", "zu spät, die Bestellung zu stornieren".
fn late(words: &[&str]) -> bool {
    let Some(late) = words.iter().position(|word| listed(LATE, word)) else { return false };
    let rest: Vec<&&str> = words.iter().skip(late + 1).collect();
    let Some(cancel) = rest.iter().position(|word| cancels(word)) else { return false };
    !rest.iter().take(cancel).any(|word| listed(ASKS, *word))
}

/// Whether the words may mean another order than the answered one: "My first order", "my order of yesterday".
fn which_order(words: &[&str]) -> bool {
    let orders = words.iter().enumerate().filter(|(_, word)| listed(ORDER, *word));
    orders.into_iter().any(|(at, _)| {
        let before = words.iter().take(at).rev().take(2).any(|word| listed(OTHER, word));
        let after: Vec<&str> = words.iter().skip(at + 1).take(4).copied().take_while(|word| *word != ",").collect();
        let other = after.first().is_some_and(|word| listed(OTHER, word));
        let of = after.iter().position(|word| listed(COUPLES, word));
        let dated = of.is_some_and(|of| after.iter().skip(of + 1).any(|word| listed(WHEN, word) || *word == "@n"));
        before || other || dated
    })
}

/// Whether the thing to cancel, the one nearest to the word for canceling, is a refund, a mail or an earlier wish.
fn something_else(words: &[&str]) -> bool {
    let clause = |word: &str| matches!(word, "," | "and" | "und" | "et" | "y" | "e" | "en" | "&" | "so" | "then");
    let stems: Vec<usize> = words.iter().enumerate().filter(|(_, word)| cancels(word)).map(|(at, _)| at).collect();
    let ordered = words.iter().any(|word| listed(ORDER, word));
    let apart = |pair: &[usize]| match pair {
        [one, two] => words.get(*one..*two).is_some_and(|between| between.iter().any(|word| clause(word))),
        _ => false,
    };
    if stems.windows(2).any(|pair| !apart(pair) || !ordered) {
        return true;
    }
    // In "The order confirmation" and "pedido de reembolso", the word after the order names the thing that is meant.
    let of_order = words.iter().enumerate().filter(|(_, word)| listed(ORDER, *word)).any(|(at, _)| {
        let mut after = words.iter().skip(at + 1).skip_while(|word| matches!(**word, "de" | "of" | "d" | "di"));
        after.next().is_some_and(|word| listed(THINGS, word) && *word != "request")
    });
    if of_order {
        return true;
    }
    let nearest = |towards: &mut dyn Iterator<Item = &&str>| {
        towards.take_while(|word| !clause(word)).take(6).find_map(|word| match *word {
            word if listed(ORDER, word) || listed(WHOLE, word) => Some(false),
            word if listed(THINGS, word) || word == "that" => Some(true),
            _ => None,
        })
    };
    stems.iter().any(|at| {
        let noun = words.get(*at).is_some_and(|word| listed(NOUNS, word));
        let ahead = nearest(&mut words.iter().skip(at + 1)).filter(|_| !noun);
        let behind = nearest(&mut words.iter().take(*at).rev()).filter(|_| !noun);
        ahead.or(behind).unwrap_or(false)
    })
}

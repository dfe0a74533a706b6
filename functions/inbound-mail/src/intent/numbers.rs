//! Order numbers in a text, as people type them.

use domain::identity::OrderId;

use super::text::seen;

/// The number of symbols in an order number.
const SYMBOLS: usize = 16;
/// The number of symbols in one group of a written order number.
const GROUP: usize = 4;
/// The most characters between two groups of a number, for example a dash with blanks around it, or a line break.
const BETWEEN: usize = 3;
/// The signs and words that people write before a number. They have no further meaning.
const BEFORE: &[&str] =
    &["#", "no", "nr", "num", "n", "n°", "nº", "№", "no.", "nr.", "num.", "n.", "n.º", "n.°", "°", "º"];

/// All valid order numbers in a text, each once. Case, dashes and blanks do not matter; O counts as 0, I and L as 1.
#[must_use]
pub fn numbers_in(text: &str) -> Vec<OrderId> {
    let mut numbers: Vec<OrderId> = Vec::new();
    for (_, _, id) in found(&seen(text)) {
        if !numbers.contains(&id) {
            numbers.push(id);
        }
    }
    numbers
}

/// The text with `@number` in place of the order's own number, or of a link that contains this number.
pub(super) fn marked(text: &str, order: &OrderId) -> String {
    let text = seen(text);
    let mut marked = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end, _) in found(&text).into_iter().filter(|(_, _, id)| id == order) {
        let (start, end) = link_around(&text, start, end);
        marked.push_str(text.get(from..start).unwrap_or_default());
        drop_mark(&mut marked);
        marked.push_str(" @number ");
        from = from.max(end);
    }
    marked.push_str(text.get(from..).unwrap_or_default());
    marked
}

fn drop_mark(marked: &mut String) {
    let kept = marked.trim_end();
    let before = kept.rsplit(char::is_whitespace).next().unwrap_or_default();
    let mark = before.trim_end_matches(':').to_lowercase();
    let length =
        if BEFORE.contains(&mark.as_str()) { before.len() } else { before.len() - before.trim_end_matches('#').len() };
    marked.truncate(kept.len() - length);
}

/// The range of the link that contains the number, or of the number itself if it is not in a link.
fn link_around(text: &str, start: usize, end: usize) -> (usize, usize) {
    let edge = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')');
    let from = text.get(..start).and_then(|before| before.rfind(edge)).map_or(0, |at| at + 1);
    let to = text.get(end..).and_then(|after| after.find(edge)).map_or(text.len(), |at| end + at);
    let link =
        text.get(from..start).is_some_and(|before| before.starts_with("https://") || before.starts_with("http://"));
    if link { (from, to) } else { (start, end) }
}

/// The order numbers in a text, each with its start and its end.
fn found(text: &str) -> Vec<(usize, usize, OrderId)> {
    let runs = runs(text);
    let mut found = Vec::new();
    let mut behind = 0;
    for (at, run) in runs.iter().enumerate() {
        if run.0 < behind {
            continue;
        }
        if let Some((end, id)) = number_from(text, runs.get(at..).unwrap_or_default()) {
            found.push((run.0, end, id));
            behind = end;
        }
    }
    found
}

/// The order number that begins with the first of these runs of letters and digits, and its end.
fn number_from(text: &str, runs: &[(usize, usize)]) -> Option<(usize, OrderId)> {
    let mut typed = String::with_capacity(SYMBOLS);
    let mut behind = None;
    for (start, end) in runs {
        let between = behind.and_then(|behind| text.get(behind..*start)).unwrap_or_default();
        let joined = between.chars().count() <= BETWEEN && between.chars().all(|c| dash(c) || c.is_whitespace());
        let run = text.get(*start..*end)?;
        // Blanks may separate only groups of four symbols. Other words of this total length are no number.
        let joined = joined
            && (!between.contains(char::is_whitespace)
                || (typed.len().is_multiple_of(GROUP) && run.len().is_multiple_of(GROUP)));
        if !joined || typed.len() + run.len() > SYMBOLS {
            return None;
        }
        typed.push_str(run);
        behind = Some(*end);
        if typed.len() == SYMBOLS {
            // Words of a sentence may be as long as a number. A number also has a digit, or dashes between its groups.
            let from = runs.first().map_or(*start, |(from, _)| *from);
            let dashes = text.get(from..*end).map_or(0, |whole| whole.chars().filter(|c| dash(*c)).count());
            let shaped = typed.contains(|c: char| c.is_ascii_digit()) || dashes == SYMBOLS / GROUP - 1;
            let id = OrderId::parse(&typed).ok().filter(|_| shaped)?;
            return Some((*end, id));
        }
    }
    None
}

/// Whether a character is a dash of any length.
fn dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The runs of letters and digits, each with its start and its end.
fn runs(text: &str) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                runs.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    runs.extend(start.map(|from| (from, text.len())));
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> OrderId {
        OrderId::parse("7K3M-9Q2X-WT4P-ABC4").unwrap()
    }

    #[test]
    fn r13_a_number_is_found_as_people_type_it() {
        for text in [
            "7K3M-9Q2X-WT4P-ABC4",
            "order #7k3m9q2xwt4pabc4.",
            "7K3M 9Q2X\nWT4P ABC4",
            "7K3M\u{2011}9Q2X – WT4P–ABC4",
            "n°7K3M–9Q2X-WT4P-ABC4",
        ] {
            assert_eq!(numbers_in(text), [id()], "{text}");
        }
        assert_eq!(numbers_in("Please cancel my order NQBJ-XTJJ-DQJN-TNDV.").len(), 1, "a number may have no digit");
        assert_eq!(numbers_in("https://shop.example/status#order=7K3M-9Q2X-WT4P-ABC4&token=abc"), [id()]);
        assert_eq!(numbers_in("72GY-RVDB-lY5J-Z58G and 72gyrvdb1y5jz58g").len(), 1);
        assert_eq!(numbers_in("7K3M-9Q3X-WT4P-ABC4 and 7K3M and please cancel order X"), []);
    }

    #[test]
    fn a_number_is_marked_with_what_stands_before_it() {
        assert_eq!(marked("Order no. 7K3M9Q2XWT4PABC4: cancel", &id()), "Order  @number : cancel");
        assert_eq!(marked("see https://a.example/#o=7K3M9Q2XWT4PABC4&token=abc now", &id()), "see @number  now");
    }
}

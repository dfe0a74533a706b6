//! What customers' words ask for.
use domain::identity::OrderId;
use domain::wish::{Wish, Words, judge};

#[test]
fn try_open() {
    let order = OrderId::parse("7K3M-9Q2X-WT4P-ABC4").unwrap();
    let text = std::fs::read_to_string("/tmp/own.txt").unwrap();
    for block in text.split("\u{1}") {
        let Some((head, rest)) = block.split_once('\n') else { continue };
        let (subject, body) = rest.split_once('\n').unwrap();
        let subject = Some(subject).filter(|s| !s.is_empty());
        let words = Words { subject, text: body, order: &order, names: &["Ann Lee"], lines: 2, amid_quotes: false, intent: false };
        let start = std::time::Instant::now();
        let wish = judge(&words);
        let expected = head.ends_with("cancel");
        let mark = match (wish == Wish::Cancel, expected) { (true, true) => "ok", (true, false) => "FALSE", (false, true) => "missed", _ => "-" };
        println!("{mark}\t{wish:?}\t{:?}\t{head}\t{subject:?}\t{}", start.elapsed(), body.replace('\n', " / "));
    }
}

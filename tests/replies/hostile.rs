//! Bytes that nobody meant as a mail, and mails that somebody turned: none is a reason to panic, and none cancels what its
//! sender, its proof or its order do not allow.

use domain::order::OrderStatus;
use inbound_mail::judgement::{Judgement, judge};
use inbound_mail::letter::Letter;
use inbound_mail::own_words::own_words;
use proptest::prelude::*;

use crate::corpus::{OWN, Outcome, judged, messages, number, order};

/// Open messages that cancel.
fn canceling() -> Vec<Vec<u8>> {
    let cancels = |message: &(crate::corpus::Expected, Vec<u8>)| {
        matches!(judged(&message.1, &message.0.order), Some(Judgement::Cancel(_)))
            && message.0.expected == Outcome::Cancel
    };
    messages("open").into_iter().filter(cancels).map(|(_, raw)| raw).take(40).collect()
}

fn replaced(raw: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(raw).replace(from, to).into_bytes()
}

#[test]
fn r13_nothing_cancels_without_its_sender_its_proof_and_its_order() {
    let all = canceling();
    assert!(all.len() >= 30);
    for raw in &all {
        for (from, to) in [
            ("dmarc=pass", "dmarc=fail"),
            ("dmarc=pass", "dmarc=gray"),
            ("X-SES-Virus-Verdict: PASS", "X-SES-Virus-Verdict: GRAY"),
            ("X-SES-Spam-Verdict: PASS", "X-SES-Spam-Verdict: FAIL"),
            ("header.from=example.com", "header.from=example.net"),
            ("inbound-smtp.us-east-1.amazonaws.com", "mx.example.org"),
            ("Authentication-Results: amazonses.com", "Authentication-Results: mx.example.org"),
        ] {
            let turned = judged(&replaced(raw, from, to), "waiting");
            assert!(!matches!(turned, Some(Judgement::Cancel(_))), "{from} -> {to}");
        }
        let letter = Letter::read(raw).unwrap();
        for (email, state) in [
            ("ann.lee@example.net", "waiting"),
            ("ann.lee@example.com", "shipped"),
            ("ann.lee@example.com", "partly_shipped"),
            ("ann.lee@example.com", "canceled"),
        ] {
            let found = judge(&letter, &number(OWN), Some(&order(OWN, email, state)));
            assert!(!matches!(found, Judgement::Cancel(_)), "{email} {state}: {found:?}");
        }
        assert!(!matches!(judge(&letter, &number(OWN), None), Judgement::Cancel(_)));
    }
    assert_eq!(order(OWN, "a@example.com", "ready").status(), OrderStatus::Ready);
}

#[test]
fn r13_nested_wide_and_endless_mails_are_read_in_bounds() {
    let head =
        String::from_utf8(messages("open").into_iter().find(|(expected, _)| expected.file == "080.eml").unwrap().1)
            .unwrap();
    let head = head.split("Content-Type:").next().unwrap().to_owned();
    let mut nested = head.clone();
    for at in 0..10_000 {
        nested.push_str(&format!("Content-Type: multipart/mixed; boundary=\"b{at}\"\r\n\r\n--b{at}\r\n"));
    }
    let wide = format!(
        "{head}Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n{}",
        "--b\r\n\r\nPlease cancel my order.\r\n".repeat(10_000)
    );
    let headers =
        format!("{}Subject: {}\r\n\r\nPlease cancel my order.", "X-A: b\r\n".repeat(50_000), "a".repeat(200_000));
    let html = format!(
        "{head}Content-Type: text/html\r\n\r\n{}Please cancel my order.",
        "<b style='color:red'>".repeat(60_000)
    );
    let long = format!("{head}Content-Type: text/plain\r\n\r\n{}", "Please cancel my order. ".repeat(100_000));
    for raw in [nested, wide, headers, html, long] {
        assert!(!matches!(judged(raw.as_bytes(), "waiting"), Some(Judgement::Cancel(_))));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn r13_any_bytes_are_read_or_refused(raw in prop::collection::vec(any::<u8>(), 0..3000), text in "\\PC{0,600}") {
        let found = judged(&raw, "waiting");
        prop_assert!(!matches!(found, Some(Judgement::Cancel(_))));
        own_words(&text);
    }

    #[test]
    fn r13_a_message_that_was_damaged_on_its_way_is_read_or_refused(
        at in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let all = messages("open");
        let (_, raw) = at.get(&all);
        let mut raw = raw.clone();
        for (place, byte) in &changes {
            let place = place.index(raw.len());
            raw.splice(place..=place, [*byte]);
        }
        raw.truncate(cut.index(raw.len()) + 1);
        Letter::read(&raw).ok();
    }
}

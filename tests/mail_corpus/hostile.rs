//! Random bytes and altered mails. None causes a panic, and none cancels an order without the right sender,
//! authentication and order state.

use domain::order::OrderStatus;
use inbound_mail::judgement::{Judgement, judge};
use inbound_mail::message::ParsedMail;
use inbound_mail::own_words::own_words;
use proptest::prelude::*;

use crate::corpus::{CorpusOutcome, OWN, REPLY, judged, messages, number, order};

/// Open messages that cancel.
fn canceling() -> Vec<Vec<u8>> {
    let cancels = |message: &(crate::corpus::Expected, Vec<u8>)| {
        matches!(judged(&message.1, &message.0.order), Some(Judgement::Cancel(_)))
            && message.0.expected == CorpusOutcome::Cancel
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
        let letter = ParsedMail::read(raw).unwrap();
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

/// A reply from the customer's own address, as SES stores it.
fn written(kind: &str, subject: &str, body: &str) -> Vec<u8> {
    let all = messages("open");
    let (_, raw) = all.iter().find(|(expected, _)| expected.file == "080.eml").unwrap();
    let raw = String::from_utf8_lossy(raw);
    let ses = raw.split("DKIM-Signature:").next().unwrap();
    let head = "From: Ann Lee <ann.lee@example.com>\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0";
    format!(
        "{ses}{head}\r\nTo: {REPLY}\r\nSubject: {subject}\r\nContent-Type: {kind}\r\n\r\n{}",
        body.replace('\n', "\r\n")
    )
    .into_bytes()
}

const PLAIN: &str = "text/plain; charset=utf-8";
const WISH: &str = "Please cancel my order.";
const GERMAN: &str = "Bitte stornieren Sie meine Bestellung.";
const SPANISH: &str = "Por favor cancelen mi pedido.";
const FRENCH: &str = "Merci d'annuler ma commande.";

#[test]
fn r13_own_words_that_look_like_a_quote_a_notice_or_a_signature_are_read() {
    assert!(cancels(WISH));
    for more in [
        "\n\nName: Ann Lee\nE-mail: ann.lee@example.com\nOrdered: 2026-11-20\n\nOnly the lamp please, keep the strips.",
        "\nbut only if it is not sent by 30.11.2026\nOn Fri, Nov 20, 2026 at 9:12 AM Shop <orders@ledriven.example> wrote:\n> hello\n",
        "\nbut only if it is not sent by 30.11.2026\nShop <orders@ledriven.example> wrote:\n> hello\n",
        "\nOn Nov 20 at 10:15 I wrote to you from ann.lee@example.com:\nonly the lamp, keep the strips.",
        "\n\nThis is confidential, it is a gift, so only cancel it if my wife has not seen the parcel.",
        "\nSent via DHL already? Then leave it as it is.",
        "\n\nThanks\nphone me first",
        "\n\nThanks\ntel me if it has shipped, then I keep it",
        "\n\nThanks\n+ please keep the strips",
        "\nOr rather: cancel my cancelation request.",
    ] {
        assert!(!cancels(&format!("{WISH}{more}")), "{more}");
    }
    for (wish, more) in [
        (GERMAN, "\nVon meinem Auftrag bitte nur die Lampe, die Streifen behalte ich."),
        (GERMAN, "\n\nDer Umwelt zuliebe aber nur die Lampe, die Streifen behalte ich gern."),
        (SPANISH, "\n\nPero solo si el destinatario del regalo no lo ha recibido todavía, claro está."),
        (FRENCH, "\n\nSauf si le colis est déjà parti chez le destinataire, dans ce cas laissez-le partir."),
    ] {
        assert!(cancels(wish), "{wish}");
        assert!(!cancels(&format!("{wish}{more}")), "{more}");
    }
    for (wish, more) in [
        (
            WISH,
            "\n\nThis e-mail is confidential and meant for its intended recipient only. If that is not you, delete it.",
        ),
        (WISH, "\n\nThanks\nAnn Lee\nTel. no.: 0123 456789"),
        (WISH, "\nLEDriven <orders@ledriven.example> wrote on 20.11.2026 at 09:12:\nYour order waits."),
        (GERMAN, "\n\nVon meinem iPhone gesendet"),
    ] {
        assert!(cancels(&format!("{wish}{more}")), "{more}");
    }
}

fn cancels(text: &str) -> bool {
    matches!(judged(&written(PLAIN, "Re: x", text), "waiting"), Some(Judgement::Cancel(_)))
}

#[test]
fn r13_words_below_two_dashes_may_take_a_wish_back_and_never_make_one() {
    for more in [
        "\n--\nActually no, keep it",
        "\n-- \nonly if it is later than May",
        "\n\n-- \nApril fools",
        "\n\n-- \nAnn\nPS: only if it has not shipped by Friday",
        "\n\n-- \nAnn Lee\nPlease ignore my last message, I want the lamp",
        "\n\n-- \nAnn Lee\n\nHa! Gotcha!",
        "\n\n-- \nThe other order, 72GY-RVDB-1Y5J-Z58G",
        "\n\n--\nAnn Lee\n\nbut keep the strips\n\nOn Fri, Nov 20, 2026 at 9:12 AM Shop <orders@ledriven.example> wrote:\n> hello",
        "\n\n-- \nnein, doch nicht",
        "\n\n-- \nno, dejalo",
    ] {
        assert!(!cancels(&format!("{WISH}{more}")), "{more}");
    }
    assert!(!cancels(&format!("Hello\n\n-- \n{WISH}")), "a signature asks for nothing");
    assert!(!cancels(&format!("-- \n{WISH}")), "a signature asks for nothing");
    for signature in [
        "\n--",
        "\n-- \nAnn Lee\n555-0100",
        "\n\n-- \nAnn Lee\nHead of Purchasing\nLee & Daughters Upholstery\n12 Mill Lane, Springfield\n+1 555 0100\nwww.lee.example",
        "\n\n-- \nann.lee@example.com",
        "\n\n-- \nAnn\nSent from my iPhone",
        "\n\n-- \nAnn Lee\n\nThis e-mail is confidential and meant for its intended recipient only. If that is not you, delete it.",
        "\n\n-- \nAnn Lee\nfree until noon\n\nOn Fri, Nov 20, 2026 at 9:12 AM Shop <orders@ledriven.example> wrote:\n> hello",
    ] {
        assert_eq!(cancels(&format!("{WISH}{signature}")), !signature.contains("until"), "{signature}");
    }
}

#[test]
fn r13_a_line_of_one_s_own_above_a_head_is_no_part_of_it() {
    let outlook = "From: Shop <orders@ledriven.example>\nSent: Friday, November 20, 2026 9:12 AM\nTo: Ann Lee <ann.lee@example.com>\nSubject: Your order\n\nYour order waits.";
    let gmx = "Gesendet: Freitag, 20. November 2026 um 09:12 Uhr\nVon: Shop <orders@ledriven.example>\nAn: ann.lee@example.com\nBetreff: Your order\n\nYour order waits.";
    for head in [outlook, gmx] {
        assert!(cancels(&format!("{WISH}\n\n{head}")), "{head}");
        assert!(cancels(&format!("{WISH}\n\n________________________________\n{head}")), "{head}");
        for own in ["Note: only the lamp", "PS: keep the strips", "Bemerkung: nur die Lampe", "Date: not before Friday"]
        {
            for gap in ["\n", "\n\n"] {
                assert!(!cancels(&format!("{WISH}\n\n{own}{gap}{head}")), "{own}{gap}{head}");
            }
        }
        let parted = head.replacen('\n', "\n\n", 1);
        assert!(!cancels(&format!("{WISH}\n\n{parted}")), "a head has no blank line: {parted}");
    }
    assert!(!cancels(&format!("{WISH}\n\n---- PS ----\nNote: only the lamp")), "no program draws that");
    assert!(cancels(&format!("{WISH}\n\n-----Original Message-----\nFrom: Shop\n\nYour order waits.")));
}

#[test]
fn r13_a_subject_of_one_s_own_that_is_not_understood_is_left_to_a_person() {
    let found = |subject: &str| judged(&written(PLAIN, subject, WISH), "waiting");
    for subject in [
        "Only the lamp",
        "April fools",
        "What my neighbour wrote",
        "Keep the strips",
        "Nur die Lampe",
        "A joke",
        "Lamp",
    ] {
        assert!(!matches!(found(subject), Some(Judgement::Cancel(_))), "{subject}");
    }
    for subject in [
        "",
        "Hello",
        "Cancel my order",
        "Order cancellation",
        "My order",
        "Order 7K3M-9Q2X-WT4P-ABC4",
        "Meine Bestellung",
        "Thank you",
        "Re: Your order",
    ] {
        assert!(matches!(found(subject), Some(Judgement::Cancel(_))), "{subject}: {:?}", found(subject));
    }
}

#[test]
fn r13_to_cancel_a_cancelation_or_a_refund_is_not_to_cancel_an_order() {
    for text in [
        "Please cancel my order cancellation.",
        "Please cancel my cancellation.",
        "Please cancel my cancelation request.",
        "I hereby cancel my cancellation of order.",
        "Please cancel my refund.",
        "Bitte stornieren Sie meine Stornierung.",
        "Meine Bestellung wurde storniert.",
    ] {
        assert!(!matches!(judged(&written(PLAIN, "Re: x", text), "waiting"), Some(Judgement::Cancel(_))), "{text}");
    }
}

#[test]
fn r13_a_wish_in_the_subject_is_none_beside_what_is_not_read() {
    let found = |kind: &str, body: &str| judged(&written(kind, WISH, body), "waiting");
    assert!(matches!(found(PLAIN, ""), Some(Judgement::Cancel(_))));
    for (kind, body) in [
        ("application/pkcs7-mime; name=smime.p7m", "AAAA"),
        (
            "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b",
            "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nxx\n--b--",
        ),
        ("text/rtf", "{\\rtf1 only the lamp}"),
        ("message/rfc822", "From: a@b.example\nSubject: x\n\nonly the lamp"),
        ("text/html", "<textarea>only the lamp</textarea>"),
    ] {
        assert!(!matches!(found(kind, body), Some(Judgement::Cancel(_))), "{kind}");
    }
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
    let lines = format!("{head}Content-Type: text/plain\r\n\r\n{}", "\r\n".repeat(500_000));
    let passage = format!("{head}Content-Type: text/plain\r\n\r\n{}", "abc\r\n".repeat(200_000));
    let sheet = "a,".repeat(90_000) + "b{display:none}</style>" + &"<i>".repeat(200_000);
    let sheet = format!("{head}Content-Type: text/html\r\n\r\n<style>{sheet}");
    for raw in [nested, wide, headers, html, long, lines, passage, sheet] {
        assert!(!matches!(judged(raw.as_bytes(), "waiting"), Some(Judgement::Cancel(_))));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn r13_any_bytes_are_read_or_refused(raw in prop::collection::vec(any::<u8>(), 0..3000), text in "\\PC{0,600}") {
        let found = judged(&raw, "waiting");
        prop_assert!(!matches!(found, Some(Judgement::Cancel(_))));
        let _ = own_words(&text);
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
        ParsedMail::read(&raw).ok();
    }
}

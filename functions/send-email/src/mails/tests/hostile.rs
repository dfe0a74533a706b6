//! Checks mails with names and reasons that try to inject markup or headers, and mails of the longest orders.

use super::*;

pub(super) const HOSTILE: [&str; 6] = [
    "<script>alert('x')</script>",
    "\"><img src=x onerror=alert(1)>",
    "Ann\r\nBcc: everyone@example.net\r\n\r\nfree money",
    "{{ order.total }} {% include \"frame.html\" %}",
    "txt.\u{202E}gnp\u{0}\u{1b}\u{2028}end",
    "שרה 👩‍👩‍👧 O'Neill & Söhne",
];

/// An order whose names, number, link, SKUs and unit prices are all `name`.
fn order_named(name: &str) -> MailView {
    let mut order = order();
    order.customer_name = name.into();
    order.shop_name = name.into();
    order.order_number = name.into();
    order.status_url = format!("https://shop.example/#{name}").into();
    for line in &mut order.lines {
        line.name = name.into();
        line.sku = name.into();
        line.unit_price = name.into();
    }
    order
}

fn kinds_named(name: &str) -> [MailKind; 7] {
    let items = || vec![item(name)];
    let shipped = ShipmentView { carrier: name.into(), tracking_number: name.into(), items: items(), ..shipment() };
    let gone =
        CancelationView { reason: Some(name.into()), refund: Some(name.into()), items: items(), ..cancelation() };
    let changed = ChangeView {
        reason: Some(name.into()),
        refund: Some(name.into()),
        items: items(),
        instead: items(),
        still_to_come: items(),
        ..change()
    };
    [
        MailKind::OrderConfirmation,
        MailKind::BackorderNotice,
        MailKind::Shipped(shipped),
        MailKind::Changed(changed),
        MailKind::Lost(LossView { lost: items(), still_to_come: items() }),
        MailKind::Canceled(gone),
        MailKind::MessageReceived(MessageView { cancelable: true }),
    ]
}

#[test]
fn no_name_breaks_out_of_the_subject() {
    for name in HOSTILE {
        for kind in kinds_named(name) {
            let subject = mail(&kind, &order_named(name)).subject;
            assert!(!subject.chars().any(char::is_control), "{subject:?}");
            assert!(!subject.contains(['\u{202E}', '\u{2028}']), "{subject:?}");
            assert!(subject.chars().count() <= 150, "{subject:?}");
        }
    }
}

#[test]
fn no_name_starts_a_paragraph_of_its_own_in_the_text() {
    let plain = kinds_named("Ann").map(|kind| paragraphs(&mail(&kind, &order_named("Ann")).text));
    for name in HOSTILE {
        let named = kinds_named(name).map(|kind| paragraphs(&mail(&kind, &order_named(name)).text));
        assert_eq!(named, plain, "{name}");
    }
}

fn paragraphs(text: &str) -> usize {
    assert!(!text.contains('\r'), "{text:?}");
    text.split("\n\n").count()
}

#[test]
fn no_name_becomes_markup() {
    let plain = kinds_named("Ann").map(|kind| tags(&mail(&kind, &order_named("Ann")).html));
    for name in HOSTILE {
        let named = kinds_named(name).map(|kind| tags(&mail(&kind, &order_named(name)).html));
        assert_eq!(named, plain, "{name}");
    }
}

/// Counts the characters that delimit tags and attributes.
fn tags(html: &str) -> [usize; 4] {
    ["<", ">", "\"", "'"].map(|mark| html.matches(mark).count())
}

#[test]
fn a_name_in_markup_or_any_script_is_shown_as_it_is_written() {
    for kind in kinds_named(HOSTILE[0]) {
        let mail = mail(&kind, &order_named(HOSTILE[0]));
        assert!(read(&mail.text).contains(HOSTILE[0]));
        assert!(mail.html.contains("&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;"));
    }
    for kind in kinds_named(HOSTILE[5]) {
        let mail = mail(&kind, &order_named(HOSTILE[5]));
        assert!(read(&mail.text).contains(HOSTILE[5]));
        assert!(mail.html.contains("שרה 👩‍👩‍👧 O&#39;Neill &#38; Söhne"));
    }
}

#[test]
fn a_template_in_a_name_is_not_run() {
    for kind in kinds_named(HOSTILE[3]) {
        let mail = mail(&kind, &order_named(HOSTILE[3]));
        assert!(read(&mail.text).contains("{{ order.total }} {% include"));
    }
}

#[test]
fn an_empty_name_is_greeted_without_a_gap() {
    let order = MailView { customer_name: " \r\n".into(), ..order() };
    for kind in every_kind() {
        says(&mail(&kind, &order), "Hello,");
    }
}

#[test]
fn thirty_lines_are_all_there() {
    let mut order = order();
    order.lines = (0..30).map(|n| line(&format!("Item {n:02} {}", "of a long name ".repeat(12)), 3, n % 4)).collect();
    let mail = mail(&MailKind::OrderConfirmation, &order);
    for n in 0..30 {
        says(&mail, &format!("Item {n:02} of a long name"));
    }
    assert!(mail.html.len() < 100_000, "Gmail clips a longer page");
}

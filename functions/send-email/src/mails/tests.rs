//! Checks what each mail says to its customer.

mod changes;
mod hostile;
mod pinned;
mod samples;
mod structure;

use jiff::civil::date;

use super::*;

const LINK: &str = "https://ledriven.example/order#token=eyJhbGciOi.J9-_x.y&order=7K2M";

fn line(name: &str, quantity: u64, backordered: u64) -> LineView {
    LineView {
        name: name.into(),
        sku: "LED-5M-GREEN".into(),
        quantity,
        backordered,
        changed: false,
        unit_price: "19.99 USD".into(),
        amount: "39.98 USD".into(),
        promised: (backordered > 0).then_some(ShipWindow { earliest: date(2027, 1, 5), latest: date(2027, 2, 2) }),
    }
}

/// An order with one line in stock and one line on backorder.
fn order() -> MailView {
    MailView {
        shop_name: "LEDriven".into(),
        replies: Replies::ReadAtOnce,
        write_to: "orders@reply.ledriven.example".into(),
        time_zone: "America/New_York".into(),
        safe_list: "To make sure that our e-mails reach you, add orders@ledriven.example to your safe senders list."
            .into(),
        order_number: "7K2M-4Q9X".into(),
        customer_name: "Ann".into(),
        placed_on: date(2026, 12, 8),
        status_url: LINK.into(),
        lines: vec![line("LED strip, green", 2, 2), line("Power supply", 2, 0)],
        discount: Some("5.00 USD".into()),
        tax: Some("6.40 USD".into()),
        shipping: None,
        total: "81.36 USD".into(),
        promised: None,
        promises: Promises {
            delivery: Delivery::Together,
            ships_within_business_days: Some(1),
            expires_after_days: Some(30),
            swaps: false,
        },
    }
}

fn item(name: &str) -> ItemView {
    ItemView { name: name.into(), sku: "LED-5M-GREEN".into(), quantity: 2 }
}

fn shipment() -> ShipmentView {
    ShipmentView {
        carrier: "UPS".into(),
        tracking_number: "1Z999AA10123456784".into(),
        items: vec![item("LED strip, green")],
        still_to_come: vec![],
    }
}

fn cancelation() -> CancelationView {
    CancelationView {
        cause: Cause::Customer,
        reason: Some("found it nearby".into()),
        items: vec![item("LED strip, green")],
        refund: Some("39.98 USD".into()),
        similar: vec![],
        whole_order: true,
    }
}

fn change() -> ChangeView {
    ChangeView {
        cause: Cause::Customer,
        reason: Some("found it nearby".into()),
        items: vec![item("LED strip, green")],
        instead: vec![],
        instead_waits: None,
        refund: Some("39.98 USD".into()),
        charged: None,
        similar: vec![],
        still_to_come: vec![item("Controller")],
    }
}

fn loss() -> LossView {
    LossView { lost: vec![item("LED strip, green")], still_to_come: vec![item("LED strip, green"), item("Controller")] }
}

fn every_kind() -> [MailKind; 7] {
    [
        MailKind::OrderConfirmation,
        MailKind::BackorderNotice,
        MailKind::Shipped(shipment()),
        MailKind::Changed(change()),
        MailKind::Lost(loss()),
        MailKind::Canceled(cancelation()),
        MailKind::MessageReceived(MessageView { cancelable: true }),
    ]
}

fn mail(kind: &MailKind, order: &MailView) -> Mail {
    render(kind, order).expect("renders")
}

/// Joins a text into one line, so that a search does not depend on line breaks.
fn read(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(mail: &Mail, words: &str) {
    assert!(read(&mail.text).contains(words), "{words}\n{}", mail.text);
    assert!(read(&mail.html).contains(words), "{words}\n{}", mail.html);
}

#[track_caller]
fn never_says(mail: &Mail, words: &str) {
    assert!(!read(&mail.text).contains(words), "{words}\n{}", mail.text);
    assert!(!read(&mail.html).contains(words), "{words}\n{}", mail.html);
}

#[test]
fn subjects_name_the_order_and_what_happened() {
    let subjects = every_kind().map(|kind| mail(&kind, &order()).subject);
    assert_eq!(
        subjects,
        [
            "Your order 7K2M-4Q9X with LEDriven is placed: some of it is on backorder",
            "Some items of your order 7K2M-4Q9X with LEDriven are on backorder",
            "Your order 7K2M-4Q9X with LEDriven has shipped",
            "Your order 7K2M-4Q9X with LEDriven is changed: 39.98 USD goes back to you",
            "Your order 7K2M-4Q9X with LEDriven: goods set aside for it were lost; it keeps its place",
            "Your order 7K2M-4Q9X with LEDriven is canceled: 39.98 USD goes back to you",
            "We have your message about order 7K2M-4Q9X with LEDriven: it stands as it is",
        ]
    );
}

#[test]
fn every_mail_has_the_order_number_the_link_and_the_address_for_the_safe_list() {
    for kind in every_kind() {
        let mail = mail(&kind, &order());
        says(&mail, "7K2M-4Q9X");
        says(&mail, "Hello");
        says(&mail, "add orders@ledriven.example to your safe senders list");
        assert!(mail.text.contains(&format!("\n  {LINK}\n")), "{}", mail.text);
        let escaped = LINK.replace('&', "&#38;");
        assert!(mail.html.contains(&format!("href=\"{escaped}\"")));
        assert!(mail.html.contains("<html lang=\"en\""));
        assert!(mail.html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
    }
}

#[test]
fn a_text_stays_within_its_columns() {
    for kind in every_kind() {
        let text = mail(&kind, &order()).text;
        for line in text.lines().filter(|line| !line.contains(LINK)) {
            assert!(line.chars().count() <= 72, "{line}");
        }
        assert!(!text.contains("\n\n\n"), "{text}");
        assert!(!text.contains("{%") && !text.contains("&#"), "{text}");
    }
}

#[test]
fn a_confirmation_promises_what_the_shop_promises() {
    let mail = mail(&MailKind::OrderConfirmation, &order());
    says(&mail, "You can cancel any time before shipping");
    says(&mail, "for a full refund");
    says(&mail, "reply to this e-mail");
    says(&mail, "held for you, and everything ships together");
    says(&mail, "two orders get them to you sooner");
    says(&mail, "in the order in which we received them");
    says(&mail, "they ship within one business day");
    says(&mail, "is an estimate, not a guarantee");
    says(&mail, "more than 30 days on backorder");
    says(&mail, "5 January 2027 to 2 February 2027");
}

#[test]
fn an_order_that_is_all_in_stock_hears_nothing_of_backorders() {
    let order = MailView { lines: vec![line("Power supply", 2, 0)], ..order() };
    let mail = mail(&MailKind::OrderConfirmation, &order);
    assert_eq!(mail.subject, "Your order 7K2M-4Q9X with LEDriven is placed");
    never_says(&mail, "backorder");
    says(&mail, "You can cancel any time before shipping");
}

#[test]
fn each_way_to_deliver_has_its_own_promise() {
    let mut order = order();
    order.promises.delivery = Delivery::AsAvailable;
    let apart = mail(&MailKind::BackorderNotice, &order);
    says(&apart, "What is in stock ships right away.");
    says(&apart, "you never pay for the extra shipment");
    order.promises.delivery = Delivery::TogetherAbroad;
    says(&mail(&MailKind::BackorderNotice, &order), "ships as one parcel");
    order.lines = vec![line("LED strip, green", 2, 2)];
    order.promises.delivery = Delivery::AsAvailable;
    let waiting = mail(&MailKind::BackorderNotice, &order);
    says(&waiting, "Nothing ships until the items on backorder are in.");
    never_says(&waiting, "right away");
}

#[test]
fn what_looked_in_stock_and_is_not_is_said_line_by_line() {
    let mut order = order();
    order.lines.push(LineView { changed: true, ..line("LED strip, red", 3, 1) });
    for kind in [MailKind::OrderConfirmation, MailKind::BackorderNotice] {
        let mail = mail(&kind, &order);
        says(&mail, "1 of 3 on backorder, 2 in stock");
        says(&mail, "Our page showed this as in stock, but there were not enough left");
        assert_eq!(read(&mail.text).matches("Our page showed").count(), 1);
    }
}

#[test]
fn a_notice_lists_only_what_is_on_backorder() {
    let mail = mail(&MailKind::BackorderNotice, &order());
    says(&mail, "LED strip, green");
    never_says(&mail, "Power supply");
}

#[test]
fn a_shipped_mail_has_the_carrier_the_number_and_what_is_still_to_come() {
    let whole = mail(&MailKind::Shipped(shipment()), &order());
    says(&whole, "UPS");
    says(&whole, "1Z999AA10123456784");
    never_says(&whole, "You can cancel");
    let part = ShipmentView { still_to_come: vec![item("Controller")], ..shipment() };
    let part = mail(&MailKind::Shipped(part), &order());
    assert!(part.subject.starts_with("Part of your order"));
    says(&part, "Still to come, at no extra cost for shipping");
    says(&part, "Controller");
    says(&part, "You can cancel any time before shipping");
}

#[test]
fn a_canceled_mail_says_why_what_and_the_money() {
    let asked = mail(&MailKind::Canceled(cancelation()), &order());
    says(&asked, "As you asked, we have canceled your order");
    says(&asked, "found it nearby");
    says(&asked, "We are refunding 39.98 USD");
    let cause = Cause::Waited { days: 30 };
    let waited = CancelationView { cause, whole_order: false, refund: None, ..cancelation() };
    let waited = mail(&MailKind::Canceled(waited), &order());
    assert!(waited.subject.ends_with("is canceled"), "{}", waited.subject);
    says(&waited, "on backorder for more than 30 days, so it was canceled automatically");
    says(&waited, "There is nothing to refund");
}

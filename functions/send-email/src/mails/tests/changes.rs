//! Checks the mails about changes: canceled, swapped, discontinued and lost items.

use super::*;

#[test]
fn a_changed_mail_says_what_is_given_up_what_goes_back_and_what_is_still_to_come() {
    let part = mail(&MailKind::Changed(change()), &order());
    says(&part, "As you asked, we have canceled a part of your order 7K2M-4Q9X");
    says(&part, "found it nearby");
    says(&part, "No longer in your order");
    says(&part, "We are refunding 39.98 USD");
    says(&part, "Still to come");
    says(&part, "Controller");
    says(&part, "What you still wait for keeps its place in line");
    says(&part, "You can cancel any time before shipping");
    never_says(&part, "instead");
    let gone = ChangeView { still_to_come: vec![], cause: Cause::Waited { days: 30 }, ..change() };
    let gone = mail(&MailKind::Changed(gone), &order());
    says(&gone, "on backorder for more than 30 days, so it was canceled automatically");
    never_says(&gone, "Still to come");
    never_says(&gone, "You can cancel");
}

#[test]
fn a_swap_says_what_comes_instead_and_the_difference() {
    let instead = vec![item("LED strip, blue")];
    let swap = ChangeView { cause: Cause::Swapped, reason: None, instead, ..change() };
    let cheaper = mail(&MailKind::Changed(swap.clone()), &order());
    says(&cheaper, "we have swapped an item of your order 7K2M-4Q9X for a similar one");
    says(&cheaper, "LED strip, green");
    says(&cheaper, "In your order instead");
    says(&cheaper, "LED strip, blue");
    says(&cheaper, "What you chose instead is in stock");
    let waits = ShipWindow { earliest: date(2027, 1, 5), latest: date(2027, 2, 2) };
    let waits = mail(&MailKind::Changed(ChangeView { instead_waits: Some(waits), ..swap.clone() }), &order());
    says(
        &waits,
        "on backorder, with a new place in its own line; it is estimated to ship: 5 January 2027 to 2 February 2027",
    );
    says(&cheaper, "We are refunding 39.98 USD");
    let dearer = ChangeView { refund: None, charged: Some("5.00 USD".into()), ..swap.clone() };
    let dearer = mail(&MailKind::Changed(dearer), &order());
    says(&dearer, "You have paid 5.00 USD for the difference");
    never_says(&dearer, "We are refunding");
    let none = ChangeView { cause: Cause::NotSwapped, items: vec![], instead: vec![], ..swap };
    let none = mail(&MailKind::Changed(none), &order());
    assert_eq!(none.subject, "Your order 7K2M-4Q9X with LEDriven is as it was: 39.98 USD goes back to you");
    says(&none, "could not be swapped");
    never_says(&none, "No longer in your order");
}

#[test]
fn what_will_not_come_any_more_is_said_with_what_is_offered_instead() {
    let similar: Vec<OneLine> = vec!["LED strip, blue".into(), "LED strip, <i>red</i>".into()];
    let gone = CancelationView { cause: Cause::Discontinued, similar: similar.clone(), ..cancelation() };
    let part = ChangeView { cause: Cause::Discontinued, similar, ..change() };
    for kind in [MailKind::Canceled(gone), MailKind::Changed(part)] {
        let mail = mail(&kind, &order());
        says(&mail, "was discontinued and will not come any more");
        says(&mail, "You may like instead: LED strip, blue");
        says(&mail, "39.98 USD");
        assert!(!mail.html.contains("<i>red"), "{}", mail.html);
    }
    never_says(&mail(&MailKind::Canceled(cancelation()), &order()), "You may like instead");
}

#[test]
fn who_lost_units_is_told_what_and_that_the_order_keeps_its_place() {
    let text = mail(&MailKind::Lost(loss()), &order());
    says(&text, "damaged or missing");
    says(&text, "Your order keeps its place, in front of everybody who ordered after you");
    says(&text, "Still to come");
    let late = LossView { still_to_come: vec![], ..loss() };
    never_says(&mail(&MailKind::Lost(late), &order()), "Still to come");
}

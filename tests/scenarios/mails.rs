//! Mails to customers: which ones are sent, what they contain, and that there are no others.

use std::collections::BTreeMap;

use domain::mailing::MissedMail;
use serde_json::{Value, json};
use tests::World;
use tests::world::usd;

use crate::purchase::{
    BACKORDERED, CANCELED, CHANGED, CONFIRMATION, NOTICE, Purchase, SHIPPED, assert_outbox, buy, buy_and_settle,
    buy_in_turn, buy_one, buy_one_and_settle, text,
};

/// Asserts that a mail went to the customer and contains all these texts, in plain text and in HTML.
fn assert_says(mail: &Value, order: &Purchase<'_>, words: &[&str]) {
    assert_eq!(mail["to"], order.body["customer"]["email"]);
    assert!(text(mail, "/subject").contains(&order.id), "{}", mail["subject"]);
    for word in words {
        assert!(text(mail, "/text").contains(word), "no {word:?} in\n{}", text(mail, "/text"));
        assert!(text(mail, "/html").contains(word), "no {word:?} in\n{}", text(mail, "/html"));
    }
}

/// Asserts that a mail contains the link to the order, with the token behind `#`.
fn assert_links(mail: &Value, order: &Purchase<'_>) {
    let page = order.placed.text("/status_url").split('#').next().unwrap().to_owned();
    for body in ["/text", "/html"] {
        assert!(text(mail, body).contains(&format!("{page}#")), "no link {page}# in {}", text(mail, body));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r20_an_order_is_confirmed_with_its_number_its_lines_its_total_and_a_link() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    world.arrive("led", 9).await;
    world.arrive("lamp", 9).await;
    let order = buy(&world, world.order_of(&[("led", 2), ("lamp", 1)]).with(json!({ "shipping": usd(495) }))).await;
    assert_outbox(&world, &[(&order, &[CONFIRMATION])]).await;
    let mail = order.mail(CONFIRMATION).await;
    assert_says(&mail, &order, &["Ann Lee", &order.id, "Product led", "Product lamp", "34.95"]);
    assert_links(&mail, &order);
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_a_notice_of_its_own_names_what_is_unavailable_at_once() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    world.arrive("lamp", 1).await;
    let order = buy(&world, world.order_of(&[("led", 1), ("lamp", 1)])).await;
    assert_outbox(&world, &[(&order, BACKORDERED)]).await;
    let mail = order.mail(NOTICE).await;
    assert_says(&mail, &order, &["Product led", &order.id]);
    assert!(!text(&mail, "/text").contains("Product lamp"), "goods in stock are not in the notice");
    assert_links(&mail, &order);
    let (placed, sent) = (order.placed.text("/placed_at").to_owned(), text(&mail, "/sent_at"));
    assert_eq!(placed[..16], sent[..16], "the mail is sent at once: {placed}, {sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_who_gets_all_from_stock_gets_no_notice_and_who_gets_a_part_does() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 3).await;
    let [all, part] = buy_in_turn(&world, "led", [2, 2]).await;
    assert_outbox(&world, &[(&all, &[CONFIRMATION]), (&part, BACKORDERED)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_the_mail_says_line_by_line_what_the_page_had_as_in_stock_and_is_not() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_and_settle(&world, world.order("led", 1).each_line(&json!({ "seen": "in_stock" }))).await;
    assert_says(&order.mail(NOTICE).await, &order, &["Product led", "backorder"]);
    assert_says(&order.mail(CONFIRMATION).await, &order, &["Product led", "backorder"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn r22_the_shipped_mail_has_carrier_and_tracking_number() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 1).await;
    let order = buy_one_and_settle(&world, "led", 1).await;
    order.ship("s1", "east", json!({ "carrier": "Royal Mail", "tracking_number": "RM42GB" })).await;
    world.settle().await;
    let mail = order.mail(SHIPPED).await;
    assert_says(&mail, &order, &["RM42GB", "Royal Mail", "Product led"]);
    assert_links(&mail, &order);
    assert_outbox(&world, &[(&order, &[CONFIRMATION, SHIPPED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r23_changed_while_something_is_to_come_and_canceled_when_nothing_is_each_with_its_refund() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_and_settle(&world, world.order("led", 2).with(json!({ "shipping": usd(345) }))).await;
    order.cancel("c1", json!({ "lines": [{ "line": 1, "quantity": 1 }], "reason": "one is enough" })).await;
    world.settle().await;
    let mail = order.mail(CHANGED).await;
    assert_says(&mail, &order, &["10.00", "one is enough", "Product led", "Still to come"]);
    assert!(!text(&mail, "/text").contains("13.45"), "shipping is not refunded yet");
    assert_links(&mail, &order);
    order.cancel("c2", json!({})).await;
    world.settle().await;
    let inbox = world.inbox().await;
    let last = inbox.iter().rfind(|mail| mail["kind"] == CANCELED).unwrap();
    assert_says(last, &order, &["13.45"]);
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CHANGED, CANCELED])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r23_a_mail_says_as_you_asked_only_where_the_customer_asked() {
    let world = World::new().await.selling(&["led"]).await;
    let (own, staffs) = (buy_one(&world, "led", 1).await, buy_one(&world, "led", 1).await);
    world.settle().await;
    let (_, token) = own.placed.text("/status_url").split_once("&token=").unwrap();
    let path = format!("/orders/{}/cancel", own.id);
    let answer = world.shop.with_token(token).post(&path, &json!({ "change_id": "c1" })).await.unwrap();
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    assert_eq!(staffs.cancel("c1", json!({ "reason": "damaged in our warehouse" })).await.status, 200);
    world.settle().await;
    assert_says(&own.mail(CANCELED).await, &own, &["As you asked"]);
    let reported = staffs.mail(CANCELED).await;
    assert_says(&reported, &staffs, &["we had to cancel", "damaged in our warehouse"]);
    assert!(!text(&reported, "/text").contains("As you asked") && !text(&reported, "/html").contains("As you asked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn r20_what_a_customer_wrote_is_text_in_the_html_and_nothing_else() {
    let world = World::new().await;
    world.product_with("led", json!({ "name": "LED <i>5 W</i> & co" })).await;
    let name = "<script>alert('x')</script> & \"Söhne\"";
    let order = world.order("led", 1).with(json!({ "customer": { "email": "ann@example.com", "name": name } }));
    let order = buy_and_settle(&world, order).await;
    order.cancel("c1", json!({ "reason": "<img src=x onerror=alert(1)>" })).await;
    world.settle().await;
    let inbox = world.inbox().await;
    assert_eq!(inbox.len(), 3);
    for mail in &inbox {
        let html = text(mail, "/html");
        for raw in ["<script>alert", "<i>5 W", "<img src=x", "& co", "& \"S"] {
            assert!(!html.contains(raw), "{raw} in {}: {html}", mail["kind"]);
        }
        assert!(text(mail, "/text").contains(name), "the plain text has the name unchanged");
        assert!(text(mail, "/text").contains("LED <i>5 W</i> & co"));
    }
    assert!(text(&order.mail(CANCELED).await, "/text").contains("<img src=x onerror=alert(1)>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_each_mail_says_to_the_mailer_which_it_is_and_to_machines_that_one_wrote_it() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    order.cancel("a.change_1-x", json!({})).await;
    world.settle().await;
    let calls = world.tap().calls();
    let sent = calls.iter().filter(|call| call.operation == "SendEmail");
    let sent: Vec<Value> = sent.map(|call| serde_json::from_str(&call.request).unwrap()).collect();
    let mut said = Vec::new();
    for mail in &sent {
        assert_eq!(mail["FromEmailAddress"], "\"LEDRIVEN\" <orders@ledriven.example>");
        assert_eq!(mail["ConfigurationSetName"].as_str(), Some(&*world.stack().template().mail_configurations[0].name));
        let pairs = |list: &Value| -> BTreeMap<String, String> {
            let pair = |it: &Value| (text(it, "/Name").to_owned(), text(it, "/Value").to_owned());
            list.as_array().unwrap().iter().map(pair).collect()
        };
        let headers = pairs(&mail["Content"]["Simple"]["Headers"]);
        assert_eq!(headers["Auto-Submitted"], "auto-generated");
        assert_eq!(headers["X-Auto-Response-Suppress"], "All");
        let tags = pairs(&mail["EmailTags"]);
        assert_eq!(tags["order_id"], order.id);
        let known = MissedMail::of_tag(&tags["kind"], &tags["mail"]).unwrap();
        assert_eq!(known.address, 0);
        said.push((known.kind, known.subject));
    }
    let expected = [(CONFIRMATION, "0"), (NOTICE, "0"), (CANCELED, "a.change_1-x")];
    assert_eq!(said, expected.map(|(kind, subject)| (kind.to_owned(), subject.to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn r20_being_served_and_an_arrival_send_no_mail_and_a_loss_does() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    world.arrive_and_settle("led", 2).await;
    world.adjust_and_settle("led", "east", -2).await;
    assert_eq!(order.standing().await, ("waiting", 0));
    world.arrive("led", 1).await;
    world.advance_and_settle("PT5M").await;
    assert_eq!(order.status().await, "ready");
    assert_outbox(&world, &[(&order, &[CONFIRMATION, NOTICE, CHANGED])]).await;
    assert_says(&order.mail(CHANGED).await, &order, &["turned out to be damaged", "keeps its place", "Product led"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn r20_each_customer_gets_their_own_mails_and_nobody_elses() {
    let world = World::new().await.selling(&["led"]).await;
    let customer = |email: &str| json!({ "customer": { "email": email, "name": "Someone" } });
    let ann = buy(&world, world.order("led", 1).with(customer("ann@example.com"))).await;
    let bob = buy_and_settle(&world, world.order("led", 1).with(customer("bob@example.com"))).await;
    for (order, email) in [(&ann, "ann@example.com"), (&bob, "bob@example.com")] {
        let inbox = world.shop.get(&format!("/_local/inbox?to={email}")).await.unwrap().body;
        let own: Vec<&Value> = inbox.as_array().unwrap().iter().map(|mail| &mail["order_id"]).collect();
        assert_eq!(own, [&json!(order.id), &json!(order.id)]);
    }
    assert_outbox(&world, &[(&ann, BACKORDERED), (&bob, BACKORDERED)]).await;
}

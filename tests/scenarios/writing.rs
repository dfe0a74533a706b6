//! Customers' messages (R13): a reply, a mail with the order's number, the contact form. A clear request is carried
//! out. Everything else goes to staff, and no order is ever canceled by mistake.

use serde_json::{Value, json};
use tests::World;

use crate::purchase::{CANCELED, Purchase, buy_and_settle, buy_one_and_settle, text};

/// The kind of the mail that says a person will look at the message.
const RECEIVED: &str = "message-received";
/// The domain of the shop's mail addresses on one machine.
const DOMAIN: &str = "reply.shop.example";

/// A mail from `from` to the shop with this text.
fn mail(from: &str, subject: &str, words: &str) -> Vec<u8> {
    let id = fastrand::u64(..);
    format!(
        "From: Ann Lee <{from}>\r\nTo: orders@{DOMAIN}\r\nSubject: {subject}\r\nMessage-ID: <{id}@example.com>\r\n\
         Date: Sat, 21 Nov 2026 12:31:21 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
    )
    .into_bytes()
}

async fn waiting(world: &World) -> Purchase<'_> {
    world.product("led").await;
    buy_one_and_settle(world, "led", 2).await
}

/// Asserts that the order is unchanged, that staff has the message with this text, and whether the customer was told.
async fn assert_with_staff(world: &World, order: &Purchase<'_>, words: &str, notified: bool) {
    world.settle().await;
    assert_eq!(order.status().await, "waiting");
    let tasks = world.staff_tasks().await;
    let own = tasks.iter().find(|task| text(task, "/mail/text").contains(words));
    let own = own.unwrap_or_else(|| panic!("no task has {words:?}: {tasks:#?}"));
    assert_eq!(text(own, "/kind"), "unclear_wish");
    let heard = world.mails(&order.id).await.iter().any(|kind| kind == RECEIVED);
    assert_eq!(heard, notified, "{words}");
}

async fn assert_canceled(world: &World, order: &Purchase<'_>) {
    world.settle().await;
    assert_eq!(order.status().await, "canceled");
    assert_eq!(world.staff_tasks().await, Vec::<Value>::new());
    assert_eq!(world.mails(&order.id).await.last().map(String::as_str), Some(CANCELED));
    let (taken, back) = order.money().await;
    assert_eq!(taken, back);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_a_reply_that_asks_for_it_cancels_the_order_and_gives_the_money_back() {
    let world = World::new().await;
    let order = waiting(&world).await;
    let other = buy_one_and_settle(&world, "led", 1).await;
    world.reply(&order.id, "Hello,\n\nplease cancel my order.\n\nThank you\nAnn").await;
    assert_canceled(&world, &order).await;
    assert_eq!(other.place_in_line().await, (0, 0), "the next order moves up");
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_a_fresh_mail_with_the_number_cancels_and_its_copy_changes_nothing() {
    let world = World::new().await;
    let order = waiting(&world).await;
    let again = buy_one_and_settle(&world, "led", 1).await;
    let raw = mail("Ann@Example.com", "Cancelation", &format!("Please cancel my order {}.", order.id));
    for _ in 0..3 {
        assert_eq!(world.mail_in(&raw, "").await.status, 200);
    }
    assert_canceled(&world, &order).await;
    assert_eq!(again.status().await, "waiting", "the customer's other order is unchanged");
    let canceled = world.mails(&order.id).await.into_iter().filter(|kind| kind == CANCELED).count();
    assert_eq!(canceled, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_what_is_not_wholly_clear_goes_to_staff_and_the_customer_is_told() {
    for words in [
        "Please do not cancel my order!",
        "Can I still cancel my order?",
        "Please cancel only one of the two.",
        "If it does not ship this week, cancel my order.",
        "Where is it?",
    ] {
        let world = World::new().await;
        let order = waiting(&world).await;
        world.reply(&order.id, words).await;
        assert_with_staff(&world, &order, words, true).await;
        assert!(text(&order.mail(RECEIVED).await, "/text").contains(&order.id));
        world.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_the_customer_is_told_once_a_day_however_much_comes() {
    let world = World::new().await;
    let order = waiting(&world).await;
    for words in ["Where is it?", "Hello?", "Anybody there?"] {
        world.reply(&order.id, words).await;
        world.settle().await;
    }
    assert_eq!(world.staff_tasks().await.len(), 3);
    let notified = world.mails(&order.id).await.into_iter().filter(|kind| kind == RECEIVED).count();
    assert_eq!(notified, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_who_cannot_be_sure_to_be_the_customer_cancels_nothing() {
    let world = World::new().await;
    let order = waiting(&world).await;
    let wish = format!("Please cancel my order {}.", order.id);
    let ann = text(&order.body, "/customer/email");
    for (from, found, words) in [
        (ann.as_str(), "dmarc=fail", "forged"),
        (&ann, "spf=fail&dkim=fail&dmarc=fail", "forged twice"),
        ("eve@example.net", "", "a stranger"),
        ("ann@example.com.example.net", "", "looks alike"),
    ] {
        let raw = mail(from, words, &wish);
        assert_eq!(world.mail_in(&raw, found).await.status, 200);
        assert_with_staff(&world, &order, &wish, false).await;
    }
    let spam = mail(&ann, "spam", &wish);
    assert_eq!(world.mail_in(&spam, "spam=fail").await.status, 200);
    world.settle().await;
    assert_eq!(world.staff_tasks().await.len(), 4, "spam makes no task");
    assert_eq!(order.status().await, "waiting");
    let unsure = mail(&ann, "no word on it", "Please cancel my order, whoever says so.");
    let unsure = [unsure, order.id.clone().into_bytes()].concat();
    assert_eq!(world.mail_in(&unsure, "dmarc=gray").await.status, 200);
    assert_with_staff(&world, &order, "whoever says so", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_after_shipping_a_wish_to_cancel_goes_to_staff() {
    let world = World::new().await;
    let order = waiting(&world).await;
    world.arrive_and_settle("led", 2).await;
    assert_eq!(world.ship(&order.id, "east").await.status, 200);
    world.settle().await;
    world.reply(&order.id, "Please cancel my order.").await;
    world.settle().await;
    assert_eq!(order.status().await, "shipped");
    assert_eq!(world.staff_tasks().await.len(), 1);
    assert_eq!(order.money().await, (2000, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_machines_are_not_answered() {
    let world = World::new().await.selling(&["led"]).await;
    let away = world.order("led", 1).with(json!({
        "customer": { "email": "ooto@simulator.amazonses.com", "name": "Ann Lee" },
    }));
    let order = buy_and_settle(&world, away).await;
    world.settle().await;
    assert_eq!(order.status().await, "waiting");
    assert_eq!(world.staff_tasks().await, Vec::<Value>::new());
    assert!(!world.mails(&order.id).await.contains(&RECEIVED.to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_the_contact_form_cancels_by_number_and_address_and_answers_alike_whatever_there_is() {
    let world = World::new().await;
    let order = waiting(&world).await;
    let visitor = world.shop.without_token();
    let email = text(&order.body, "/customer/email");
    let unknown = json!({ "order_number": "7K3M-9Q2X-WT4P-ABC4", "email": email, "message": "", "intent": "cancel" });
    let another = json!({ "order_number": order.id, "email": "eve@example.net", "message": "Cancel my order.", "intent": "cancel" });
    let hers = json!({ "order_number": order.id, "email": email, "message": "Thank you", "intent": "cancel" });
    let mut answers = Vec::new();
    for body in [&unknown, &another] {
        let answer = visitor.post("/contact", body).await.unwrap();
        answers.push((answer.status, answer.body));
    }
    world.settle().await;
    assert_eq!(order.status().await, "waiting");
    assert_eq!(world.staff_tasks().await.len(), 2, "staff has a task for both");
    for task in world.staff_tasks().await {
        assert_eq!(world.task_done(&text(&task, "/task_id")).await.status, 200);
    }
    for _ in 0..2 {
        let answer = visitor.post("/contact", &hers).await.unwrap();
        answers.push((answer.status, answer.body));
    }
    assert!(answers.iter().all(|answer| *answer == (202, json!({ "received": true }))), "{answers:?}");
    assert_canceled(&world, &order).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_the_contact_form_hands_what_is_unclear_to_staff() {
    let world = World::new().await;
    let order = waiting(&world).await;
    let email = text(&order.body, "/customer/email");
    for (words, intent) in [("When does it ship?", false), ("Only if it takes longer than a week.", true)] {
        let mut body = json!({ "order_number": order.id, "email": email, "message": words });
        if intent {
            body["intent"] = json!("cancel");
        }
        assert_eq!(world.shop.without_token().post("/contact", &body).await.unwrap().status, 202);
        assert_with_staff(&world, &order, words, true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_nobody_floods_the_contact_form() {
    let world = World::new().await;
    let body = |at: usize| json!({ "order_number": "7K3M-9Q2X-WT4P-ABC4", "email": "ann@example.com", "message": format!("Hello {at}") });
    let mut statuses = Vec::new();
    for at in 0..25 {
        statuses.push(world.shop.without_token().post("/contact", &body(at)).await.unwrap());
    }
    let taken = statuses.iter().filter(|answer| answer.status == 202).count();
    assert!((10..=20).contains(&taken), "the limit is ten a minute, and a new minute may begin meanwhile: {taken}");
    let slow = statuses.iter().find(|answer| answer.status != 202).unwrap();
    assert_eq!((slow.status, slow.code()), (429, "slow-down"));
    assert!(!slow.header("retry-after").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_two_mails_under_one_id_are_both_read() {
    let world = World::new().await;
    let order = waiting(&world).await;
    let ann = text(&order.body, "/customer/email");
    for words in ["When does it ship?", "And to which address?"] {
        let raw = String::from_utf8(mail(&ann, "x", &format!("Order {}. {words}", order.id))).unwrap();
        let id = raw.split("Message-ID: <").nth(1).unwrap().split('@').next().unwrap().to_owned();
        let raw = raw.replace(&id, "1");
        for _ in 0..2 {
            assert_eq!(world.mail_in(raw.as_bytes(), "").await.status, 200);
        }
        assert_with_staff(&world, &order, words, true).await;
    }
    assert_eq!(world.staff_tasks().await.len(), 2);
}

//! Acts on an inbound message: cancels the order, opens a task for staff, or does nothing. The id of each write derives
//! from the message, so a second delivery changes nothing.

use aws::mailroom::StoredMail;
use aws::queues::ContactMessage;
use aws::{App, Metric, ServiceError};
use domain::cancel::{CancelError, CancelLine, CancelRequest};
use domain::identity::{OrderId, fingerprint};
use domain::names::CallerId;
use domain::order::Order;
use domain::task::{InboundMessage, MAX_TEXT_LEN, Task};
use jiff::Timestamp;
use use_cases::RetryableError;
use use_cases::cancel::{CancelOrderError, cancel};
use use_cases::retry::Tries;

use crate::arrival::StoredEvent;
use crate::judgement::{FirstLook, Form, Judgement, StaffReason, first_look, judge, judge_form};
use crate::message::{MAX_BYTES, ParsedMail};

/// Attempts to open a task while others write the same item.
const TRIES: u32 = 6;

/// A message from a mail or from the contact form.
struct Post {
    /// Identifies the message across repeated deliveries.
    letter_id: String,
    /// The message as staff see it.
    written: InboundMessage,
}

/// Handles a stored mail.
pub(crate) async fn on_mail(app: &App, stored: &StoredEvent) -> Result<(), RetryableError> {
    let key = stored.key();
    let raw = match app.mailroom.fetch(key, MAX_BYTES).await? {
        StoredMail::Whole(raw) => raw,
        StoredMail::TooLarge(bytes) => {
            tracing::info!(key, bytes, "a mail exceeds the size limit");
            return staff(app, &unread(stored), None, false, StaffReason::TooLarge).await;
        }
        StoredMail::Gone => {
            tracing::warn!(key, "a mail is no longer in the mailroom");
            return Ok(());
        }
    };
    let letter = match ParsedMail::read(&raw) {
        Ok(letter) => letter,
        Err(why) => {
            tracing::info!(key, %why, "a mail cannot be parsed");
            return staff(app, &unread(stored), None, false, StaffReason::TooLarge).await;
        }
    };
    drop(raw);
    let post = post(&letter, stored);
    match looked_at(app, &letter).await? {
        FirstLook::Judged(judgement) => follow(app, &post, judgement).await,
        FirstLook::About(id) => about(app, &post, &id, |order| judge(&letter, &id, order)).await,
    }
}

async fn looked_at(app: &App, letter: &ParsedMail) -> Result<FirstLook, ServiceError> {
    let identity = app.secrets.identity().await?;
    let policy = app.policy().await?;
    let reply = |address: &str| identity.order_replied_to(address, &app.settings.reply_domain);
    Ok(first_look(letter, reply, &[&policy.mail.sender]))
}

/// Handles a message of the contact form.
pub(crate) async fn on_form(app: &App, message: &ContactMessage) -> Result<(), RetryableError> {
    let written = InboundMessage {
        from: message.email.clone(),
        subject: String::new(),
        text: shortened(&message.message),
        received_at: message.received_at,
        stored: None,
    };
    let post = Post { letter_id: fingerprint(&("form", &message.contact_id)), written };
    let form = Form { email: &message.email, message: &message.message, cancel: message.cancel };
    match OrderId::parse(&message.order_number) {
        Ok(id) => about(app, &post, &id, |order| judge_form(&form, &id, order)).await,
        Err(_) => staff(app, &post, None, false, StaffReason::WhichOrder).await,
    }
}

/// Judges a message against the order's present state and acts on it.
async fn about(
    app: &App,
    post: &Post,
    id: &OrderId,
    judge: impl FnOnce(Option<&Order>) -> Judgement,
) -> Result<(), RetryableError> {
    let found = app.table.order(id).await?.map(|found| found.order);
    let change_id = CallerId::of_letter(&post.letter_id);
    if let Some(order) = &found
        && let Some(change) = order.changes.get(change_id.as_str())
    {
        // The same message canceled the order before. A crash may have stopped the work after that write.
        let lines = change.lines.iter().map(|line| CancelLine { line: line.line, quantity: Some(line.units) });
        return canceled(app, post, id, lines.collect()).await;
    }
    match (judge(found.as_ref()), &found) {
        (Judgement::Cancel(_), Some(order)) => canceled(app, post, id, open(order)).await,
        (judgement, _) => follow(app, post, judgement).await,
    }
}

/// The open units of the order as it was judged. If some of them ship in the meantime, the cancel fails as a whole.
fn open(order: &Order) -> Vec<CancelLine> {
    let lines = order.lines.iter().enumerate().filter(|(_, line)| line.open() > 0);
    lines.map(|(at, line)| CancelLine { line: at, quantity: Some(line.open()) }).collect()
}

async fn follow(app: &App, post: &Post, judgement: Judgement) -> Result<(), RetryableError> {
    let letter_id = post.letter_id.as_str();
    match judgement {
        Judgement::Ignore(why) => {
            tracing::info!(letter_id, ?why, "an inbound message is ignored");
            Ok(())
        }
        Judgement::Staff { order, from_customer, reason } => staff(app, post, order, from_customer, reason).await,
        Judgement::Cancel(order) => staff(app, post, Some(order), true, StaffReason::NoSuchOrder).await,
    }
}

/// Cancels the whole order. If something shipped after the order was read, the message goes to staff.
async fn canceled(app: &App, post: &Post, order: &OrderId, lines: Vec<CancelLine>) -> Result<(), RetryableError> {
    let letter_id = post.letter_id.as_str();
    let change_id = CallerId::of_letter(letter_id);
    let request = CancelRequest { change_id, lines: Some(lines), reason: None, by_shop: false };
    match cancel(app, order, &request).await {
        Ok(_) => {
            app.measure(Metric::RepliesCanceled, 1);
            tracing::info!(order_id = %order, letter_id, "an inbound message canceled its order");
        }
        Err(CancelOrderError::Retryable(error)) => return Err(error),
        Err(CancelOrderError::State(CancelError::AlreadyCanceled)) => {
            tracing::info!(order_id = %order, letter_id, "an inbound message asks for a cancelation that is already done");
        }
        Err(CancelOrderError::State(_) | CancelOrderError::UnknownOrder) => {
            return staff(app, post, Some(order.clone()), true, StaffReason::AfterShipping).await;
        }
    }
    Ok(())
}

async fn staff(
    app: &App,
    post: &Post,
    order: Option<OrderId>,
    from_customer: bool,
    reason: StaffReason,
) -> Result<(), RetryableError> {
    let (letter_id, now) = (post.letter_id.as_str(), app.clock.now());
    let order_id = order.as_ref().map(OrderId::as_str).map(str::to_owned);
    let task = Task::unclear_intent(letter_id, order, from_customer, &reason.to_string(), post.written.clone(), now);
    let mut tries = Tries::new(TRIES);
    loop {
        match app.table.open_task(&task).await {
            Ok(opened) => {
                app.measure(Metric::RepliesToStaff, i64::from(opened));
                tracing::info!(order_id, letter_id, task_id = %task.task_id, opened, ?reason, "an inbound message goes to staff");
                return Ok(());
            }
            Err(error) => tries.after(error).await?,
        }
    }
}

/// Message-ID, sender, subject and text identify a mail. The Message-ID alone is not enough: a faulty program or an
/// attacker may repeat it, and the second mail would be lost. The storage key identifies a mail without one.
fn post(letter: &ParsedMail, stored: &StoredEvent) -> Post {
    let from = letter.from.as_ref().map(|from| from.address.to_lowercase()).unwrap_or_default();
    let letter_id = match &letter.message_id {
        Some(message_id) => fingerprint(&("mail", message_id, &from, &letter.subject, letter.text())),
        None => fingerprint(&("stored", stored.key())),
    };
    let written = InboundMessage {
        from,
        subject: letter.subject.chars().take(300).collect(),
        text: shortened(letter.text()),
        received_at: stored.time,
        stored: Some(stored.key().to_owned()),
    };
    Post { letter_id, written }
}

/// The message of a mail whose content is unknown. Only the storage key is known.
fn unread(stored: &StoredEvent) -> Post {
    let received_at: Timestamp = stored.time;
    let written = InboundMessage {
        from: String::new(),
        subject: String::new(),
        text: String::new(),
        received_at,
        stored: Some(stored.key().to_owned()),
    };
    Post { letter_id: fingerprint(&("stored", stored.key())), written }
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_TEXT_LEN).collect()
}

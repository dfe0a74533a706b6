//! What must follow from a change: a pure function of the old and the new image.

use aws::queues::{EmailMessage, RefundMessage};
use domain::mailing::MissedMail;
use domain::names::Sku;
use domain::order::{Order, Stage};
use domain::refund::{Change, ChangeKind, RefundStatus};
use domain::stock::{Stock, WrittenBy};
use domain::task::Task;

/// Something that must follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Following {
    /// Wake a product's fill.
    Wake(Sku),
    /// Tell the customer.
    Mail(EmailMessage),
    /// Give money back.
    Refund(RefundMessage),
    /// Let go who waits for a product.
    EndLine(Sku),
}

/// What follows from a change of an order.
#[must_use]
pub fn after_order(old: Option<&Order>, new: &Order) -> Vec<Following> {
    let mut following = Vec::new();
    if new.stage == Stage::Placed && old.is_none_or(|old| old.stage != Stage::Placed) {
        following.push(mail(new, "order-confirmation", "0"));
        following.extend(new.backordered().then(|| mail(new, "backorder-notice", "0")));
        // Who was told "in stock", even in part, has units to come at once.
        let affected = new.lines.iter().filter(|line| line.backordered < line.quantity);
        following.extend(affected.map(|line| Following::Wake(line.sku.clone())));
    }
    for (id, change) in new.changes.iter().filter(|(id, _)| old.is_none_or(|old| !old.changes.contains_key(*id))) {
        if change.status == RefundStatus::Due {
            following.push(Following::Refund(RefundMessage { order_id: new.order_id.clone(), change_id: id.clone() }));
        }
        following.extend(told_of(new, change).map(|kind| mail(new, kind, id)));
        if let Some(swap) = &change.swap {
            // It was told "in stock", even in part, or what it drew was voided or will be closed.
            let made = new.lines.iter().find(|line| line.swapped_from == Some(swap.line) && line.sku == swap.sku);
            let owed = made.is_none_or(|line| line.backordered < line.quantity);
            following.extend(owed.then(|| Following::Wake(swap.sku.clone())));
        }
        if new.stage != Stage::Placed {
            // Its draws were voided, or will be closed.
            following.extend(new.lines.iter().map(|line| Following::Wake(line.sku.clone())));
        }
    }
    following.extend(lost(old, new));
    let before = old.map(|old| old.mailing.clone()).unwrap_or_default();
    following.extend(new.mailing.to_send_again(&before).map(|MissedMail { kind, subject, address }| {
        Following::Mail(EmailMessage { order_id: new.order_id.clone(), kind, subject, address })
    }));
    let shipped = new.shipments.keys().filter(|id| old.is_none_or(|old| !old.shipments.contains_key(*id)));
    following.extend(shipped.map(|id| mail(new, "shipped", id)));
    following
}

/// Who lost units that were set aside for them is told, line by line: by how many units were ever lost, so that a repeat is known.
fn lost(old: Option<&Order>, new: &Order) -> Vec<Following> {
    let before = |at: usize| old.and_then(|old| old.lines.get(at)).map_or(0, |line| line.lost);
    let lines = new.lines.iter().enumerate().map(|(at, line)| (at, before(at), line.lost));
    let fewer = lines.filter(|(_, before, now)| now > before);
    fewer.map(|(at, before, now)| mail(new, "changed", &format!("lost:{at}:{before}-{now}"))).collect()
}

/// Which mail tells of a change: `changed` while something of the order is still to come, `canceled` when nothing is. None
/// where its caller was told.
fn told_of(order: &Order, change: &Change) -> Option<&'static str> {
    let to_come = order.stage == Stage::Placed && order.lines.iter().any(|line| line.open() > 0);
    match change.kind {
        ChangeKind::Refused | ChangeKind::SwapRefused => None,
        ChangeKind::Swapped | ChangeKind::SwapRefusedLater => Some("changed"),
        _ if to_come => Some("changed"),
        ChangeKind::Canceled | ChangeKind::Expired | ChangeKind::Discontinued | ChangeKind::RefusedLater => {
            Some("canceled")
        }
    }
}

/// What follows from a change of a stock: a fill, unless a fill made it; and the end of the line, where the product will
/// not come any more and somebody may wait who was not there before.
#[must_use]
pub fn after_stock(old: Option<&Stock>, new: &Stock) -> Vec<Following> {
    let Some(old) = old else { return Vec::new() };
    let changed = old.version != new.version;
    let ours = new.written_by == WrittenBy::Fill;
    let mut following = Vec::new();
    following.extend((changed && !ours).then(|| Following::Wake(new.sku.clone())));
    let joined = !old.discontinued || new.resolved_watermark > old.resolved_watermark;
    let lost = changed && new.written_by == WrittenBy::Adjustment;
    following.extend((new.discontinued && (joined || lost)).then(|| Following::EndLine(new.sku.clone())));
    following
}

/// What follows from a new task: a customer who wrote hears that a person will look at it, once a day at most.
#[must_use]
pub fn after_task(old: Option<&Task>, new: &Task) -> Vec<Following> {
    let affected = new.order_id.clone().filter(|_| old.is_none() && new.tells_customer);
    let mail = |order_id| {
        let subject = new.opened_at.strftime("%Y-%m-%d").to_string();
        Following::Mail(EmailMessage { order_id, kind: "message-received".to_owned(), subject, address: 0 })
    };
    affected.map(mail).into_iter().collect()
}

fn mail(order: &Order, kind: &str, subject: &str) -> Following {
    Following::Mail(EmailMessage {
        order_id: order.order_id.clone(),
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        address: order.mailing.address,
    })
}

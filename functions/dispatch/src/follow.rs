//! Decides what follows from a change. Pure functions of the old and the new image of an item.

use aws::queues::{EmailMessage, RefundMessage};
use domain::mailing::MissedMail;
use domain::names::Sku;
use domain::order::{Order, Stage};
use domain::refund::{Change, ChangeKind, RefundStatus};
use domain::stock::{Stock, WrittenBy};
use domain::task::Task;

/// One consequence of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Following {
    /// The fill of a product runs.
    Wake(Sku),
    /// A mail goes to the customer.
    Mail(EmailMessage),
    /// Money goes back to the customer.
    Refund(RefundMessage),
    /// The waiting units of a discontinued product are canceled.
    EndLine(Sku),
}

/// The consequences of a change of an order.
pub fn after_order(old: Option<&Order>, new: &Order) -> Vec<Following> {
    let mut following = Vec::new();
    if new.stage == Stage::Placed && old.is_none_or(|old| old.stage != Stage::Placed) {
        following.push(mail(new, "order-confirmation", "0"));
        following.extend(new.backordered().then(|| mail(new, "backorder-notice", "0")));
        // Units sold as in stock are assigned at once.
        let affected = new.lines.iter().filter(|line| line.backordered < line.quantity);
        following.extend(affected.map(|line| Following::Wake(line.sku.clone())));
    }
    for (id, change) in new.changes.iter().filter(|(id, _)| old.is_none_or(|old| !old.changes.contains_key(*id))) {
        if change.status == RefundStatus::Due {
            following.push(Following::Refund(RefundMessage { order_id: new.order_id.clone(), change_id: id.clone() }));
        }
        following.extend(told_of(new, change).map(|kind| mail(new, kind, id)));
        if let Some(swap) = &change.swap {
            // The new line has units in stock, or the swap failed and its drawn units return to the supply.
            let made = new.lines.iter().find(|line| line.swapped_from == Some(swap.line) && line.sku == swap.sku);
            let owed = made.is_none_or(|line| line.backordered < line.quantity);
            following.extend(owed.then(|| Following::Wake(swap.sku.clone())));
        }
        if new.stage != Stage::Placed {
            // The order is refused: its drawn units return to the supply.
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

/// A mail for each line that lost assigned units. Its subject has the lost units before and after, to detect a repeat.
fn lost(old: Option<&Order>, new: &Order) -> Vec<Following> {
    let before = |at: usize| old.and_then(|old| old.lines.get(at)).map_or(0, |line| line.lost);
    let lines = new.lines.iter().enumerate().map(|(at, line)| (at, before(at), line.lost));
    let fewer = lines.filter(|(_, before, now)| now > before);
    fewer.map(|(at, before, now)| mail(new, "changed", &format!("lost:{at}:{before}-{now}"))).collect()
}

/// The kind of mail: `changed` while units are still to ship, else `canceled`. `None`: the caller knows the change.
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

/// The consequences of a change of stock. A fill runs, unless a fill made the change. The backlog of a discontinued
/// product ends, if new tickets may be in it.
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

/// What follows from a new task: if a customer's message opened it, a mail tells them that a person will read the
/// message. At most one such mail a day.
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

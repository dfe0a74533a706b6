//! Composes a message's mail from the order's present state and the policy under which the order was placed.

use aws::App;
use aws::mailer::OutgoingMail;
use aws::queues::EmailMessage;
use domain::mailing::MissedMail;
use domain::order::Order;
use domain::policy::Policy;

use crate::batch::Batch;
use crate::mails::{self, MailKind, Replies};
use crate::sending::MailError;
use crate::view::{self, Ways};

/// Composes the mail. [`MailError::Never`]: the order has no such shipment or change.
pub(crate) async fn compose(app: &App, batch: &Batch, message: &EmailMessage) -> Result<OutgoingMail, MailError> {
    let never = |why: String| MailError::Never(why);
    let order = batch.order(message).map_err(|failure| never(failure.to_string()))?;
    let products = batch.products_of(order);
    let policy = app.policy_of(order).await?;
    let kind = view::kind(order, &products, &policy, &message.kind, &message.subject);
    let kind = kind.ok_or_else(|| never(format!("order {} has no such {}", order.order_id, message.kind)))?;
    let (ways, reply_to) = ways(app, order, &policy).await?;
    let shown = view::of_order(order, &products, &policy, &ways);
    let mail = mails::render(&kind, &shown).map_err(|error| never(error.to_string()))?;
    Ok(OutgoingMail {
        sender_name: policy.shop_name.clone(),
        sender: policy.mail.sender.clone(),
        reply_to,
        to: order.customer.email.clone(),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        kind: message.kind.clone(),
        order_id: order.order_id.to_string(),
        // The mail goes to the present address, even if the message names an older one.
        tag: MissedMail::tag(&message.subject, order.mailing.address),
        answers: matches!(kind, MailKind::MessageReceived(_)),
    })
}

/// The customer's ways to the order, and the reply address: the policy's if it names one, else the order's own (R13).
async fn ways(app: &App, order: &Order, policy: &Policy) -> Result<(Ways, String), MailError> {
    let link = use_cases::links::status_url(app, order).await?;
    if let Some(people) = &policy.mail.reply_to {
        let ways = Ways { link, replies: Replies::ReadByPeople, write_to: people.clone() };
        return Ok((ways, people.clone()));
    }
    let domain = &app.settings.reply_domain;
    let reply_to = app.secrets.identity().await?.reply_address(&order.order_id, domain);
    Ok((Ways { link, replies: Replies::ReadAtOnce, write_to: format!("orders@{domain}") }, reply_to))
}

//! Tells the customer (R20 to R23): the mail that a message names is rendered from the order and sent, once.
//!
//! The queue keeps one order's mails in sequence and knows a repeat. A mail that was sent is marked; only a crash or a
//! lost answer between the mailer taking it and the mark can repeat it (I7).

mod batch;
pub mod mails;
pub mod money;
pub mod view;
mod withholding;

use aws::mailer::OutgoingMail;
use aws::queues::EmailMessage;
use aws::{CorrelationId, Failure, Metric, Shop};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use batch::Batch;
use domain::identity::OrderId;
use lambda_runtime::Error;
use use_cases::Trouble;
use use_cases::retry::Tries;

/// Tries to mark a mail as sent, over some seconds: it is out, and without its mark it would go out once more.
const MARK_TRIES: u32 = 12;

/// Sends the mails that the messages name. After a failure it and all behind it of the same order come again.
///
/// # Errors
/// Never; what failed is named in the answer.
pub async fn handle(shop: &Shop, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let shop = &shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let read = |body: Option<&str>| serde_json::from_str::<EmailMessage>(body.unwrap_or_default());
    let messages: Vec<_> = event.records.iter().map(|record| read(record.body.as_deref())).collect();
    let mut batch = Batch::read(shop, messages.iter().flatten()).await;
    let mut answer = SqsBatchResponse::default();
    let mut failed: Vec<Option<OrderId>> = Vec::new();
    for (record, message) in event.records.iter().zip(messages) {
        let shop = &shop.under(CorrelationId::of_message(record));
        let order = message.as_ref().ok().map(|mail| mail.order_id.clone());
        let outcome = match (message, &mut batch) {
            (Ok(_), _) if failed.contains(&order) => Err(Trouble::Busy),
            (Ok(mail), Ok(batch)) => shop.told(send(shop, batch, &mail)).await,
            (Ok(_), Err(failure)) => Err(failure.clone().into()),
            (Err(error), _) => Err(broken(error.to_string()).into()),
        };
        if let Err(trouble) = outcome {
            let id = record.message_id.clone().unwrap_or_default();
            let _told = shop.invocation.span().entered();
            tracing::warn!(message_id = id, order_id = ?order, %trouble, "a mail will be tried again");
            failed.push(order);
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            answer.batch_item_failures.push(failure);
        }
    }
    Ok(answer)
}

fn broken(why: String) -> Failure {
    Failure::Broken { service: "the mail queue", why }
}

async fn send(shop: &Shop, batch: &mut Batch, message: &EmailMessage) -> Result<(), Trouble> {
    if batch.sent.contains(message) {
        return Ok(());
    }
    let EmailMessage { order_id, kind, subject, address } = message;
    if withholding::withheld(shop, batch, message).await? {
        return Ok(());
    }
    let mail = compose(shop, batch, message).await?;
    let sent = shop.mailer.send(&mail).await;
    shop.measure(if sent.is_ok() { Metric::MailsSent } else { Metric::MailsFailed }, 1);
    let message_id = sent?;
    batch.sent.insert(message.clone());
    tracing::info!(%order_id, kind, message_id, "a mail was sent");
    let mut tries = Tries::of(MARK_TRIES);
    loop {
        match shop.table.mark_mail(order_id, (kind, subject, *address), &message_id, shop.clock.now()).await {
            Ok(()) => return Ok(()),
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

async fn compose(shop: &Shop, batch: &Batch, message: &EmailMessage) -> Result<OutgoingMail, Failure> {
    let order = batch.order(message)?;
    let products = batch.products_of(order);
    let policy = shop.policy_of(order).await?;
    let kind = view::kind(order, &products, &policy, &message.kind, &message.subject);
    let kind = kind.ok_or_else(|| broken(format!("order {} has no such {}", order.order_id, message.kind)))?;
    let ways = view::Ways {
        link: contract::order::status_url(shop, order).await?,
        replies: mails::Replies::ReadByPeople,
        write_to: policy.mail.reply_to.clone().unwrap_or_else(|| policy.mail.sender.clone()),
    };
    let shown = view::of_order(order, &products, &policy, &ways);
    let mail = mails::render(&kind, &shown).map_err(|error| broken(error.to_string()))?;
    Ok(OutgoingMail {
        from: policy.mail.sender.clone(),
        reply_to: policy.mail.reply_to.clone(),
        to: order.customer.email.clone(),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        kind: message.kind.clone(),
        order_id: order.order_id.to_string(),
    })
}

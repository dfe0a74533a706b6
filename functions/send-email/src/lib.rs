//! Sends mails to customers (R20 to R23): each message names a mail, which is rendered from the order and sent once.
//!
//! The queue keeps one order's mails in sequence and drops a repeat. A mail that was sent is marked. Only a crash or a lost
//! answer between sending and marking can send it twice (I7).

mod batch;
mod composing;
pub mod mails;
pub mod money;
mod sending;
pub mod view;

use aws::messages::FifoBatch;
use aws::queues::EmailMessage;
use aws::{CorrelationId, Failure, Metric, Shop};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use batch::{Batch, withheld};
use jiff::Timestamp;
use lambda_runtime::Error;
use sending::{Sending, Unsent, put_aside};
use use_cases::retry::Tries;

/// Tries to mark a mail as sent, over some seconds: it is out, and without its mark it would go out once more.
const MARK_TRIES: u32 = 12;

/// Sends the mails that the messages name. After a failure it and all behind it of the same order come again; what can
/// never be sent goes to the dead letters after ten tries.
pub async fn handle(shop: &Shop, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let shop = &shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let mut sending = Sending::begin();
    let mails: Vec<_> = event.records.iter().filter_map(|record| read(record).ok()).collect();
    let mut batch = Batch::read(shop, mails.iter()).await;
    let mut fifo = FifoBatch::new();
    for record in &event.records {
        let shop = &shop.under(CorrelationId::of_message(record));
        let mail = read(record);
        let order = mail.as_ref().ok().map(|mail| mail.order_id.clone());
        let outcome = match (&mail, &mut batch) {
            (Ok(_), _) if fifo.is_blocked(order.as_ref()) => Err(Unsent::Behind),
            (Ok(mail), Ok(batch)) => shop.told(send(shop, &mut sending, batch, (mail, record))).await,
            (Ok(_), Err(failure)) => Err(failure.clone().into()),
            (Err(error), _) => Err(Unsent::Never(error.to_string())),
        };
        if let Err(unsent) = outcome
            && !shop.told(given_up(shop, record, &unsent)).await
        {
            fifo.fail(record, order);
        }
    }
    sending.end().await;
    Ok(fifo.response())
}

fn read(record: &SqsMessage) -> Result<EmailMessage, serde_json::Error> {
    serde_json::from_str(record.body.as_deref().unwrap_or_default())
}

/// Whether a mail that did not go is given up for good; else it comes again.
async fn given_up(shop: &Shop, record: &SqsMessage, unsent: &Unsent) -> bool {
    let message_id = record.message_id.as_deref().unwrap_or_default();
    shop.measure(Metric::MailsFailed, 1);
    let aside = match unsent {
        Unsent::Never(_) => put_aside(shop, record).await,
        _ => Ok(false),
    };
    match aside {
        Ok(true) => {
            tracing::error!(message_id, trouble = %unsent, "a mail is put with the dead letters");
            return true;
        }
        Ok(false) => {}
        Err(failure) => tracing::warn!(message_id, %failure, "a mail could not be put with the dead letters"),
    }
    tracing::warn!(message_id, trouble = %unsent, "a mail will be tried again");
    false
}

fn broken(why: String) -> Failure {
    Failure::Broken { service: "the mail queue", why }
}

async fn send(
    shop: &Shop,
    sending: &mut Sending,
    batch: &mut Batch,
    (message, record): (&EmailMessage, &SqsMessage),
) -> Result<(), Unsent> {
    if batch.sent.contains(message) {
        return Ok(());
    }
    let EmailMessage { order_id, kind, subject, address } = message;
    if withheld(shop, batch, message).await? {
        return Ok(());
    }
    sending.open()?;
    let mail = composing::compose(shop, batch, message).await?;
    let message_id = sending.send(shop, &mail).await?;
    batch.sent.insert(message.clone());
    let now = shop.clock.now();
    shop.measure(Metric::MailsSent, 1);
    shop.measure(Metric::MailAge, age(record, now));
    tracing::info!(%order_id, kind, message_id, "a mail was sent");
    let mut tries = Tries::of(MARK_TRIES);
    loop {
        match shop.table.mark_mail(order_id, (kind, subject, *address), &message_id, now).await {
            Ok(()) => return Ok(()),
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

/// For how many seconds a message has been in the queue.
fn age(record: &SqsMessage, now: Timestamp) -> i64 {
    let sent_at = record.attributes.get("SentTimestamp").and_then(|millis| millis.parse::<i64>().ok());
    sent_at.map_or(0, |sent_at| now.as_millisecond().saturating_sub(sent_at) / 1000).max(0)
}

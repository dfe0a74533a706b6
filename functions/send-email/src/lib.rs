//! Sends mails to customers (R20 to R23). Each message names a mail, which is rendered from the order and sent once.
//! The queue keeps one order's mails in sequence and drops repeats. A sent mail gets a mark. A mail can be sent twice
//! only after a crash or a lost answer between sending and marking (I7).

mod batch;
mod composing;
pub mod mails;
pub mod money;
mod sending;
pub mod view;

use aws::messages::FifoBatch;
use aws::queues::EmailMessage;
use aws::{App, CorrelationId, Metric, ServiceError};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use batch::{Batch, withheld};
use jiff::Timestamp;
use lambda_runtime::Error;
use sending::{MailError, Sending, put_aside};
use use_cases::retry::Tries;

/// The number of attempts to mark a mail as sent, over some seconds. An unmarked mail would be sent again.
const MARK_TRIES: u32 = 12;

/// Sends the mails that the messages name. After a failure, the queue delivers that message and the later messages of
/// its order again. A mail that can never be sent goes to the dead letters after ten attempts.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let app = &app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let mut sending = Sending::begin();
    let mails: Vec<_> = event.records.iter().filter_map(|record| read(record).ok()).collect();
    let mut batch = Batch::read(app, mails.iter()).await;
    let mut fifo = FifoBatch::default();
    for record in &event.records {
        let app = &app.under(CorrelationId::of_message(record));
        let mail = read(record);
        let order = mail.as_ref().ok().map(|mail| mail.order_id.clone());
        let outcome = match (&mail, &mut batch) {
            (Ok(_), _) if fifo.is_blocked(order.as_ref()) => Err(MailError::Behind),
            (Ok(mail), Ok(batch)) => app.in_span(send(app, &mut sending, batch, mail, record)).await,
            (Ok(_), Err(failure)) => Err(failure.clone().into()),
            (Err(error), _) => Err(MailError::Never(error.to_string())),
        };
        if let Err(error) = outcome
            && !app.in_span(given_up(app, record, &error)).await
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

/// Handles a mail that was not sent. True: it went to the dead letters. False: the queue delivers it again.
async fn given_up(app: &App, record: &SqsMessage, error: &MailError) -> bool {
    let message_id = record.message_id.as_deref().unwrap_or_default();
    app.measure(Metric::MailsFailed, 1);
    let aside = match error {
        MailError::Never(_) => put_aside(app, record).await,
        _ => Ok(false),
    };
    match aside {
        Ok(true) => {
            tracing::error!(message_id, error = %error, "a mail is put with the dead letters");
            return true;
        }
        Ok(false) => {}
        Err(failure) => tracing::warn!(message_id, %failure, "a mail could not be put with the dead letters"),
    }
    tracing::warn!(message_id, error = %error, "a mail will be tried again");
    false
}

fn broken(why: String) -> ServiceError {
    ServiceError::Broken { service: "the mail queue", why }
}

async fn send(
    app: &App,
    sending: &mut Sending,
    batch: &mut Batch,
    message: &EmailMessage,
    record: &SqsMessage,
) -> Result<(), MailError> {
    if batch.sent.contains(message) {
        return Ok(());
    }
    let EmailMessage { order_id, kind, subject, address } = message;
    if withheld(app, batch, message).await? {
        return Ok(());
    }
    sending.open()?;
    let mail = composing::compose(app, batch, message).await?;
    let message_id = sending.send(app, &mail).await?;
    batch.sent.insert(message.clone());
    let now = app.clock.now();
    app.measure(Metric::MailsSent, 1);
    app.measure(Metric::MailAge, age(record, now));
    tracing::info!(%order_id, kind, message_id, "a mail was sent");
    let mut tries = Tries::new(MARK_TRIES);
    loop {
        match app.table.mark_mail(order_id, kind, subject, *address, &message_id, now).await {
            Ok(()) => return Ok(()),
            Err(error) => tries.after(error).await?,
        }
    }
}

/// The age of a message in the queue, in seconds.
fn age(record: &SqsMessage, now: Timestamp) -> i64 {
    let sent_at = record.attributes.get("SentTimestamp").and_then(|millis| millis.parse::<i64>().ok());
    sent_at.map_or(0, |sent_at| now.as_millisecond().saturating_sub(sent_at) / 1000).max(0)
}

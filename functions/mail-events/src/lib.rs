//! Handles mail events (R24). SES reports the outcome of each mail, at least once and in any order. The function notes
//! an undelivered mail on its order, suppresses an address that takes no mail, and opens a staff task.

mod event;

use aws::{App, CorrelationId, Metric, ServiceError, messages};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::mailing::{DeliveryOutcome, Undelivered};
use event::{Became, MailEvent};
use lambda_runtime::Error;
use use_cases::RetryableError;
use use_cases::retry::Tries;
use use_cases::undeliverable::undelivered;

/// The most tries while other writes change the same address.
const TRIES: u32 = 6;

/// Handles each event. The queue delivers failed events again.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let app = app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let work =
        async |app: &App, message: &SqsMessage| handle_message(app, message.body.as_deref().unwrap_or_default()).await;
    let log_failure = |message_id: &str, error: &RetryableError| {
        tracing::warn!(message_id, %error, "a mail event will be tried again");
    };
    Ok(messages::each(&app, event, log_failure, work).await)
}

async fn handle_message(app: &App, body: &str) -> Result<(), RetryableError> {
    let broken = |why: String| ServiceError::Broken { service: "the mailer's events", why };
    let event = event::read(body).map_err(broken)?;
    let MailEvent { became, message_id, .. } = &event;
    let outcome = match became {
        Became::Delivered => return count_event(app, Metric::MailsDelivered, &event),
        Became::Delayed => return count_event(app, Metric::MailsDelayed, &event),
        Became::NothingOfNote => return Ok(()),
        Became::Wrong(outcome) => *outcome,
    };
    let complained = outcome == DeliveryOutcome::Complained;
    app.measure(if complained { Metric::MailsComplained } else { Metric::MailsMissed }, 1);
    if let (Some(reason), Some(address)) = (outcome.takes_none(), &event.to) {
        suppress(app, address, reason).await?;
    }
    let Some((order_id, mail)) = &event.mail else {
        tracing::warn!(message_id, "an undelivered mail belongs to no order");
        return Ok(());
    };
    if !undelivered(app, order_id, mail, outcome).await? {
        tracing::warn!(%order_id, message_id, "the order of an undelivered mail does not exist");
    }
    Ok(())
}

fn count_event(app: &App, metric: Metric, event: &MailEvent) -> Result<(), RetryableError> {
    app.measure(metric, 1);
    let order_id = event.mail.as_ref().map(|(order, _)| order.as_str());
    tracing::info!(order_id, message_id = event.message_id, became = ?event.became, "a mail event was counted");
    Ok(())
}

/// Stores the hash of an address that takes no mail.
async fn suppress(app: &App, address: &str, reason: Undelivered) -> Result<(), RetryableError> {
    let hash = app.secrets.identity().await?.email_hash(address);
    let mut tries = Tries::new(TRIES);
    while let Err(error) = app.table.suppress(&hash, reason, app.clock.now()).await {
        tries.after(error).await?;
    }
    Ok(())
}

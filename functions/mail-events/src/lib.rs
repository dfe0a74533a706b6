//! What became of the mails that were sent (R24): the mailer tells it, at least once and in any order. A mail that went
//! wrong is noted on its order, an address that takes none is remembered, and a person is told.

mod event;

use aws::{CorrelationId, Failure, Metric, Shop, messages};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::mailing::{Outcome, Undelivered};
use event::{Became, MailEvent};
use lambda_runtime::Error;
use use_cases::Trouble;
use use_cases::retry::Tries;
use use_cases::undeliverable::undelivered;

/// Takes note of each event; those that fail come again.
pub async fn handle(shop: &Shop, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let shop = shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let one = async |shop: &Shop, message: &SqsMessage| one(shop, message.body.as_deref().unwrap_or_default()).await;
    let told = |message_id: &str, trouble: &Trouble| {
        tracing::warn!(message_id, %trouble, "what became of a mail will be tried again");
    };
    Ok(messages::each(&shop, event, told, one).await)
}

async fn one(shop: &Shop, body: &str) -> Result<(), Trouble> {
    let broken = |why: String| Failure::Broken { service: "the mailer's events", why };
    let event = event::read(body).map_err(broken)?;
    let MailEvent { became, message_id, .. } = &event;
    let outcome = match became {
        Became::Delivered => return told(shop, Metric::MailsDelivered, &event),
        Became::Delayed => return told(shop, Metric::MailsDelayed, &event),
        Became::NothingOfNote => return Ok(()),
        Became::Wrong(outcome) => *outcome,
    };
    let complained = outcome == Outcome::Complained;
    shop.measure(if complained { Metric::MailsComplained } else { Metric::MailsMissed }, 1);
    if let (Some(reason), Some(address)) = (outcome.takes_none(), &event.to) {
        suppress(shop, address, reason).await?;
    }
    let Some((order_id, mail)) = &event.mail else {
        tracing::warn!(message_id, "a mail went wrong that is none of an order");
        return Ok(());
    };
    if !undelivered(shop, order_id, mail, outcome).await? {
        tracing::warn!(%order_id, message_id, "a mail went wrong of an order that does not exist");
    }
    Ok(())
}

fn told(shop: &Shop, metric: Metric, event: &MailEvent) -> Result<(), Trouble> {
    shop.measure(metric, 1);
    let order_id = event.mail.as_ref().map(|(order, _)| order.as_str());
    tracing::info!(order_id, message_id = event.message_id, became = ?event.became, "what became of a mail");
    Ok(())
}

/// Remembers that an address takes no mail, by its hash.
async fn suppress(shop: &Shop, address: &str, reason: Undelivered) -> Result<(), Trouble> {
    let hash = shop.secrets.identity().await?.email_hash(address);
    let mut tries = Tries::of(6);
    while let Err(unwritten) = shop.table.suppress(&hash, reason, shop.clock.now()).await {
        tries.after(unwritten).await?;
    }
    Ok(())
}

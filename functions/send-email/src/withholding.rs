//! Mails to an address that takes none: they are not sent, and the order remembers that it missed them (R24).

use aws::queues::EmailMessage;
use aws::{Metric, Shop};
use domain::mailing::{MissedMail, Outcome};
use use_cases::Trouble;
use use_cases::undeliverable::undelivered;

use crate::batch::Batch;

/// Whether a mail is withheld: then its order says so, and a corrected address brings it again.
///
/// # Errors
/// [`Trouble`]; a repeat is safe.
pub(crate) async fn withheld(shop: &Shop, batch: &Batch, message: &EmailMessage) -> Result<bool, Trouble> {
    let Some(reason) = batch.takes_none(message) else { return Ok(false) };
    let address = batch.order(message)?.mailing.address;
    let EmailMessage { order_id, kind, subject, .. } = message.clone();
    let missed = MissedMail { kind, subject, address };
    shop.measure(Metric::MailsMissed, 1);
    undelivered(shop, &order_id, &missed, Outcome::Withheld(reason)).await?;
    tracing::info!(%order_id, kind = missed.kind, "a mail is withheld: its address takes none");
    Ok(true)
}

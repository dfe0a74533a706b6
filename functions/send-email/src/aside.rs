//! Mails that can never be sent: after some tries they are put with the dead letters by the function itself. The queue would
//! do so only after a thousand tries, so that an outage of the mailer, however long, puts no mail there.

use aws::queues::Outgoing;
use aws::{CorrelationId, Failure, Shop};
use aws_lambda_events::sqs::SqsMessage;

/// Where they go: the queue's name in the template.
const DEAD_LETTERS: &str = "EmailDeadLetters";
/// Tries of a mail that can never be sent: what made it so may be mended by a new version of the function.
const TRIES: u32 = 10;

/// Puts a message that can never be sent with the dead letters, as it came; false where it is to be tried again.
///
/// # Errors
/// Where the queue does not take it. After a crash it may be there twice; a mail that is sent after all is sent once.
pub(crate) async fn put_aside(shop: &Shop, message: &SqsMessage) -> Result<bool, Failure> {
    let attribute = |name: &str| message.attributes.get(name).cloned().unwrap_or_default();
    if attribute("ApproximateReceiveCount").parse::<u32>().is_ok_and(|receives| receives < TRIES) {
        return Ok(false);
    }
    let letter = Outgoing {
        body: message.body.clone().unwrap_or_default(),
        fifo: Some((attribute("MessageGroupId"), attribute("MessageDeduplicationId"))),
        correlation: CorrelationId::of_message(message),
    };
    let dead_letters = shop.settings.dead_letters.get(DEAD_LETTERS).map(String::as_str).unwrap_or_default();
    shop.queues.send(dead_letters, vec![letter]).await?;
    Ok(true)
}

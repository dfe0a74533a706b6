//! How the mails of one invocation go out. All senders together keep one pace. A mail that the mailer refuses for a moment is
//! tried again. Once the mailer takes none, or the time is up, no further mail is tried: those come again from the queue.

use std::time::Duration;

use aws::mailer::{OutgoingMail, Pace, SendError};
use aws::queues::Outgoing;
use aws::{App, CorrelationId, Metric, ServiceError};
use aws_lambda_events::sqs::SqsMessage;
use thiserror::Error;
use tokio::time::Instant;
use use_cases::RetryableError;

/// For how long mails are begun. The function ends after 60 seconds; the last one must be sent and marked by then.
const WORK: Duration = Duration::from_secs(35);
/// How long to wait, at most, before the mailer is asked again for the same mail.
const WAITS: [Duration; 3] = [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3)];

/// Where mails go that can never be sent: the queue's name in the template.
const DEAD_LETTERS: &str = "EmailDeadLetters";
/// Tries of a mail that can never be sent: what made it so may be mended by a new version of the function.
const NEVER_TRIES: u32 = 10;

/// Why a mail was not sent.
#[derive(Clone, Debug, Error)]
pub(crate) enum MailError {
    /// Something else failed.
    #[error(transparent)]
    Retryable(#[from] RetryableError),
    /// The mailer did not take it for now.
    #[error(transparent)]
    Mailer(#[from] SendError),
    /// An earlier mail of the same order did not go.
    #[error("it waits for an earlier mail of its order")]
    Behind,
    /// The invocation must end.
    #[error("there is no time left for it")]
    NoTime,
    /// It can never be sent as it is.
    #[error("it can never be sent: {0}")]
    Never(String),
}

impl From<ServiceError> for MailError {
    fn from(failure: ServiceError) -> Self {
        Self::Retryable(failure.into())
    }
}

/// The sending of one invocation.
#[derive(Debug)]
pub(crate) struct Sending {
    end: Instant,
    pace: Option<Pace>,
    /// Why the mailer takes no more.
    closed: Option<SendError>,
}

impl Sending {
    /// Begins now.
    pub(crate) fn begin() -> Self {
        Self { end: Instant::now() + WORK, pace: None, closed: None }
    }

    /// Whether a mail may still go; fails once the mailer has said that it takes none.
    pub(crate) fn open(&self) -> Result<(), MailError> {
        self.closed.clone().map_or(Ok(()), |why| Err(why.into()))
    }

    /// Sends a mail; returns the mailer's id of it.
    pub(crate) async fn send(&mut self, app: &App, mail: &OutgoingMail) -> Result<String, MailError> {
        let mut waits = WAITS.into_iter();
        loop {
            self.open()?;
            if !self.turn(app).await {
                return Err(MailError::NoTime);
            }
            let why = match app.mailer.send(mail).await {
                Ok(message_id) => return Ok(message_id),
                Err(SendError::Refused(why)) => return Err(MailError::Never(why)),
                Err(why) => why,
            };
            app.measure(Metric::MailsThrottled, i64::from(matches!(why, SendError::TooFast(_))));
            match waits.next().filter(|_| !matches!(why, SendError::Closed(_))) {
                Some(wait) => tokio::time::sleep(wait.mul_f64(0.5 + fastrand::f64() / 2.0)).await,
                None => self.closed = Some(why),
            }
        }
    }

    async fn turn(&mut self, app: &App) -> bool {
        if self.pace.is_none() {
            self.pace = Some(app.mailer.pace().await);
        }
        match &mut self.pace {
            Some(pace) => pace.turn(self.end).await,
            None => false,
        }
    }

    /// Ends: not before its last turn is over.
    pub(crate) async fn end(self) {
        if let Some(pace) = self.pace {
            pace.rest(self.end).await;
        }
    }
}

/// Puts a message that can never be sent with the dead letters, as it came, after some tries; false where it is to be tried
/// again. The queue itself would do so only after a thousand tries, so that an outage of the mailer, however long, puts no mail
/// there. After a crash a message may be there twice; a mail that is sent after all is sent once.
pub(crate) async fn put_aside(app: &App, message: &SqsMessage) -> Result<bool, ServiceError> {
    let attribute = |name: &str| message.attributes.get(name).cloned().unwrap_or_default();
    if attribute("ApproximateReceiveCount").parse::<u32>().is_ok_and(|receives| receives < NEVER_TRIES) {
        return Ok(false);
    }
    let letter = Outgoing {
        body: message.body.clone().unwrap_or_default(),
        fifo: Some((attribute("MessageGroupId"), attribute("MessageDeduplicationId"))),
        correlation: CorrelationId::of_message(message),
    };
    let dead_letters = app.settings.dead_letters.get(DEAD_LETTERS).map(String::as_str).unwrap_or_default();
    app.queues.send(dead_letters, vec![letter]).await?;
    Ok(true)
}

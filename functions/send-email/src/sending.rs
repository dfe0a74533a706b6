//! Sends the mails of one invocation. All senders share one sending rate. A mail that SES refuses for now is tried
//! again. Once SES takes no mail or the time is up, sending stops, and the queue delivers the remaining messages again.

use std::time::Duration;

use aws::mailer::{OutgoingMail, Pace, SendError};
use aws::queues::Outgoing;
use aws::{App, CorrelationId, Metric, ServiceError};
use aws_lambda_events::sqs::SqsMessage;
use thiserror::Error;
use tokio::time::Instant;
use use_cases::RetryableError;

/// No send starts after this time. The function ends after 60 seconds; by then the last mail must be sent and marked.
const WORK: Duration = Duration::from_secs(35);
/// The maximum waits between the attempts to send one mail.
const WAITS: [Duration; 3] = [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3)];

/// The template's name of the queue for mails that can never be sent.
const DEAD_LETTERS: &str = "EmailDeadLetters";
/// The number of attempts for a mail that cannot be sent: a new version of the function may fix the cause.
const NEVER_TRIES: u32 = 10;

/// Why a mail was not sent.
#[derive(Clone, Debug, Error)]
pub(crate) enum MailError {
    /// A call failed; the mail is tried again.
    #[error(transparent)]
    Retryable(#[from] RetryableError),
    /// SES refused the mail for now.
    #[error(transparent)]
    Mailer(#[from] SendError),
    /// An earlier mail of the same order was not sent.
    #[error("it waits for an earlier mail of its order")]
    Behind,
    /// The time of the invocation is up.
    #[error("there is no time left for it")]
    NoTime,
    /// The mail can never be sent as it is.
    #[error("it can never be sent: {0}")]
    Never(String),
}

impl From<ServiceError> for MailError {
    fn from(failure: ServiceError) -> Self {
        Self::Retryable(failure.into())
    }
}

#[derive(Debug)]
pub(crate) struct Sending {
    end: Instant,
    pace: Option<Pace>,
    /// The reason why SES takes no more mail; `None` while SES takes mail.
    closed: Option<SendError>,
}

impl Sending {
    pub(crate) fn begin() -> Self {
        Self { end: Instant::now() + WORK, pace: None, closed: None }
    }

    /// Fails once SES takes no more mail.
    pub(crate) fn open(&self) -> Result<(), MailError> {
        self.closed.clone().map_or(Ok(()), |why| Err(why.into()))
    }

    /// Sends a mail; returns its SES message id.
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

    /// Waits until the last turn of the pace is over.
    pub(crate) async fn end(self) {
        if let Some(pace) = self.pace {
            pace.rest(self.end).await;
        }
    }
}

/// Moves the message of a mail that can never be sent to the dead letters, unchanged, from the tenth attempt on. False:
/// the mail is tried again. The queue itself moves a message only after a thousand attempts, so that an outage of SES
/// moves no message. A crash may leave a message there twice; its mail is still sent only once.
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

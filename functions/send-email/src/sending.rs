//! How the mails of one invocation go out: at the pace that all senders keep together, a mail again that the mailer would not
//! take for a moment, and none any more once it takes none, or once the time is up. What does not go comes again.

use std::time::Duration;

use aws::mailer::{NotTaken, OutgoingMail, Pace};
use aws::{Failure, Metric, Shop};
use thiserror::Error;
use tokio::time::Instant;
use use_cases::Trouble;

/// For how long mails are begun. The function ends after 60 seconds; the last one must be sent and marked by then.
const WORK: Duration = Duration::from_secs(35);
/// How long to wait, at most, before the mailer is asked again for the same mail.
const WAITS: [Duration; 3] = [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3)];

/// Why a mail did not go.
#[derive(Clone, Debug, Error)]
pub(crate) enum Unsent {
    /// Something else failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The mailer did not take it for now.
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
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

impl From<Failure> for Unsent {
    fn from(failure: Failure) -> Self {
        Self::Trouble(failure.into())
    }
}

/// The sending of one invocation.
#[derive(Debug)]
pub(crate) struct Sending {
    end: Instant,
    pace: Option<Pace>,
    /// Why the mailer takes no more.
    closed: Option<NotTaken>,
}

impl Sending {
    /// Begins now.
    pub(crate) fn begin() -> Self {
        Self { end: Instant::now() + WORK, pace: None, closed: None }
    }

    /// Whether a mail may still go.
    ///
    /// # Errors
    /// [`Unsent`]: the mailer has said that it takes none.
    pub(crate) fn open(&self) -> Result<(), Unsent> {
        self.closed.clone().map_or(Ok(()), |why| Err(why.into()))
    }

    /// Sends a mail; returns the mailer's id of it.
    ///
    /// # Errors
    /// [`Unsent`].
    pub(crate) async fn send(&mut self, shop: &Shop, mail: &OutgoingMail) -> Result<String, Unsent> {
        let mut waits = WAITS.into_iter();
        loop {
            self.open()?;
            if !self.turn(shop).await {
                return Err(Unsent::NoTime);
            }
            let why = match shop.mailer.send(mail).await {
                Ok(message_id) => return Ok(message_id),
                Err(NotTaken::Refused(why)) => return Err(Unsent::Never(why)),
                Err(why) => why,
            };
            shop.measure(Metric::MailsThrottled, i64::from(matches!(why, NotTaken::TooFast(_))));
            match waits.next().filter(|_| !matches!(why, NotTaken::Closed(_))) {
                Some(wait) => tokio::time::sleep(wait.mul_f64(0.5 + fastrand::f64() / 2.0)).await,
                None => self.closed = Some(why),
            }
        }
    }

    async fn turn(&mut self, shop: &Shop) -> bool {
        if self.pace.is_none() {
            self.pace = Some(shop.mailer.pace().await);
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

//! Mails of an order that went wrong (R24): what follows for its address. Writing and sending mails is not done here.

use jiff::Timestamp;

use crate::order::Order;

pub use crate::order::{Mailing, MissedMail, Undeliverable, Undelivered};

/// The most missed mails that an order remembers; more than it can have, unless somebody corrects its address for ever.
pub const MAX_MISSED: usize = 120;
/// How often an order's address may be corrected.
pub const MAX_CORRECTIONS: u32 = 20;

/// The outcome of a mail that went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// It did not arrive; the next one may: a full mailbox, a host that was away for too long.
    Missed,
    /// It came back, and so would every other.
    Bounced,
    /// It arrived, and was called spam.
    Complained,
    /// It was not sent: its address takes none, for this reason.
    Withheld(Undelivered),
}

impl DeliveryOutcome {
    /// Why the address takes no mail any more, if that follows.
    pub fn takes_none(self) -> Option<Undelivered> {
        match self {
            Self::Missed => None,
            Self::Bounced => Some(Undelivered::Bounced),
            Self::Complained => Some(Undelivered::Complained),
            Self::Withheld(reason) => Some(reason),
        }
    }
}

impl Order {
    /// The order after a mail to it went wrong. `None`: it is known, whatever the order of the news.
    #[must_use]
    pub fn after_mail(&self, mail: &MissedMail, outcome: DeliveryOutcome, now: Timestamp) -> Option<Self> {
        let mut after = self.clone();
        if outcome != DeliveryOutcome::Complained && after.mailing.missed.len() < MAX_MISSED {
            after.mailing.missed.insert(mail.clone());
        }
        let present = mail.address == self.mailing.address;
        // A complaint replaces a bounce, and is never replaced.
        let graver = |reason: Undelivered| match self.mailing.undeliverable {
            None => true,
            Some(known) => known.reason == Undelivered::Bounced && reason == Undelivered::Complained,
        };
        if let Some(reason) = outcome.takes_none().filter(|reason| present && graver(*reason)) {
            after.mailing.undeliverable = Some(Undeliverable { reason, since: now });
        }
        after.version += 1;
        (after.mailing != self.mailing).then_some(after)
    }

    /// The order with a corrected address, or with the same one confirmed; `None` where it was corrected too often.
    /// Missed mails are sent there: see [`Mailing::to_send_again`].
    #[must_use]
    pub fn with_address(&self, email: &str) -> Option<Self> {
        let mut after = self.clone();
        after.customer.email = email.to_owned();
        after.mailing = Mailing { address: self.mailing.address + 1, ..Mailing::default() };
        after.version += 1;
        (after.mailing.address <= MAX_CORRECTIONS).then_some(after)
    }
}

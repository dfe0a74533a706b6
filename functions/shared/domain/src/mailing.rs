//! Records an order's mails that went wrong (R24) and the effect on its address. No mail is written or sent here.

use jiff::Timestamp;

use crate::order::Order;

pub use crate::order::{Mailing, MissedMail, Undeliverable, Undelivered};

/// The most missed mails that an order stores. Only endless address corrections reach this number.
pub const MAX_MISSED: usize = 120;
/// The most corrections of an order's address.
pub const MAX_CORRECTIONS: u32 = 20;

/// The outcome of a mail that went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The mail did not arrive, but the next mail may: the mailbox was full, or the host was unreachable for too long.
    Missed,
    /// The mail came back, and every other mail would come back too.
    Bounced,
    /// The mail arrived, and the reader marked it as spam.
    Complained,
    /// The mail was not sent, because its address takes no mail for this reason.
    Withheld(Undelivered),
}

impl DeliveryOutcome {
    /// Why the address takes no further mail. `None`: it still takes mail.
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
    /// The order after one of its mails went wrong. `None`: nothing has changed. Events may arrive in any sequence.
    #[must_use]
    pub fn after_mail(&self, mail: &MissedMail, outcome: DeliveryOutcome, now: Timestamp) -> Option<Self> {
        let mut after = self.clone();
        if outcome != DeliveryOutcome::Complained && after.mailing.missed.len() < MAX_MISSED {
            after.mailing.missed.insert(mail.clone());
        }
        let present = mail.address == self.mailing.address;
        // A complaint replaces a bounce, and nothing replaces a complaint.
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

    /// The order with a corrected or confirmed address. `None`: too many corrections. See [`Mailing::to_send_again`].
    #[must_use]
    pub fn with_address(&self, email: &str) -> Option<Self> {
        let mut after = self.clone();
        after.customer.email = email.to_owned();
        after.mailing = Mailing { address: self.mailing.address + 1, ..Mailing::default() };
        after.version += 1;
        (after.mailing.address <= MAX_CORRECTIONS).then_some(after)
    }
}

//! The delivery of an order's mails (R24): whether the address takes them, and which ones did not arrive.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::is_default;

/// Why an address takes no mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undelivered {
    /// The address does not exist, or its host refuses mail for good.
    Bounced,
    /// The owner of the address marked a mail as spam.
    Complained,
}

/// An address that takes no mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undeliverable {
    /// The reason.
    pub reason: Undelivered,
    /// When the reason became known.
    pub since: Timestamp,
}

/// A mail that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MissedMail {
    /// The name of the mail's template.
    pub kind: String,
    /// The mail's subject: the id of a shipment or a change, or `0` for the order itself.
    pub subject: String,
    /// The number of the address that the mail went to. 0 is the address that the order was placed with.
    #[serde(default, skip_serializing_if = "is_default")]
    pub address: u32,
}

impl MissedMail {
    /// A name that is unique among the order's mails of a kind. The name has only characters that SES allows in a tag.
    pub fn tag(subject: &str, address: u32) -> String {
        let hex: String = subject.bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("{address}_{hex}")
    }

    /// The mail with that kind and tag. `None`: the tag does not have our format.
    pub fn of_tag(kind: &str, tag: &str) -> Option<Self> {
        let (address, hex) = tag.split_once('_')?;
        let pairs = (0..hex.len()).step_by(2).map(|at| hex.get(at..at + 2));
        let bytes = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<Vec<u8>>>()?;
        let subject = String::from_utf8(bytes).ok()?;
        Some(Self { kind: kind.to_owned(), subject, address: address.parse().ok()? })
    }
}

/// The delivery state of an order's mails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailing {
    /// How often the address was corrected. This count is the number of the present address.
    #[serde(default, skip_serializing_if = "is_default")]
    pub address: u32,
    /// Set while the present address takes no mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeliverable: Option<Undeliverable>,
    /// Mails that did not arrive. Mails that an earlier address missed are sent again (R24).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub missed: BTreeSet<MissedMail>,
}

impl Mailing {
    /// Whether the present address has a problem. If so, staff have a task.
    pub fn is_wrong(&self) -> bool {
        self.undeliverable.is_some() || self.missed_now().next().is_some()
    }

    /// The mails that the present address missed.
    pub fn missed_now(&self) -> impl Iterator<Item = &MissedMail> {
        self.missed.iter().filter(|mail| mail.address == self.address)
    }

    /// The missed mails of earlier addresses to send to the present address after a change from `before`, each once.
    pub fn to_send_again<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = MissedMail> + 'a {
        let corrected = self.address > before.address;
        let ours = before.missed.iter().filter(move |mail| corrected && mail.address == before.address);
        let late = self.missed.iter().filter(|mail| mail.address < self.address && !before.missed.contains(*mail));
        ours.chain(late).map(|mail| MissedMail { address: self.address, ..mail.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missed(kind: &str, address: u32) -> MissedMail {
        MissedMail { kind: kind.to_owned(), subject: "0".to_owned(), address }
    }

    fn mailing(address: u32, missed: &[MissedMail]) -> Mailing {
        Mailing { address, undeliverable: None, missed: missed.iter().cloned().collect() }
    }

    #[test]
    fn a_mail_is_known_again_by_its_tag() {
        for (subject, address) in [("0", 0), ("lost:0:1-3", 2), ("ship_1.-X", 19), ("", 0), (&"é".repeat(60), 1)] {
            let tag = MissedMail::tag(subject, address);
            assert!(tag.len() < 256 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{tag}");
            let mail = MissedMail { kind: "shipped".to_owned(), subject: subject.to_owned(), address };
            assert_eq!(MissedMail::of_tag("shipped", &tag), Some(mail));
        }
        for odd in ["", "0", "x_30", "0_3", "0_zz", "0_é0", "-1_30"] {
            assert_eq!(MissedMail::of_tag("shipped", odd), None, "{odd}");
        }
    }

    #[test]
    fn r24_what_was_missed_goes_to_the_corrected_address_once() {
        let before = mailing(0, &[missed("shipped", 0)]);
        let after = mailing(1, &[]);
        assert_eq!(after.to_send_again(&before).collect::<Vec<_>>(), [missed("shipped", 1)]);
        assert_eq!(after.to_send_again(&after).count(), 0, "nothing changed");
        assert_eq!(before.to_send_again(&Mailing::default()).count(), 0, "its address is still the old one");
    }

    #[test]
    fn r24_a_mail_that_is_known_to_have_bounced_only_after_the_correction_is_sent_again_too() {
        let before = mailing(1, &[]);
        let after = mailing(1, &[missed("shipped", 0)]);
        assert_eq!(after.to_send_again(&before).collect::<Vec<_>>(), [missed("shipped", 1)]);
        assert_eq!(after.to_send_again(&after).count(), 0);
    }
}

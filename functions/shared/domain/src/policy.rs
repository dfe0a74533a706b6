//! A shop's policy as data: what its buttons say, when a backorder expires, who writes to its customers (R28).

use serde::{Deserialize, Serialize};

use crate::identity::fingerprint;
use crate::product::LeadTime;

/// What the shop has set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The shop's name as customers know it.
    pub shop_name: String,
    /// The shop's time zone (IANA name): its dates are dates there.
    pub time_zone: String,
    /// The address that mails come from, and that customers put on their safe list (R24).
    pub sender: String,
    /// The usual lead time of a backorder (R19).
    pub lead_time_days: LeadTime,
    /// A waiting order is canceled after so many days; absent: never (R15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_days: Option<u16>,
    /// The texts of the order button (R1).
    pub button: Buttons,
}

/// The texts of the order button by the state of the product (R1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buttons {
    /// Units are for sale.
    pub in_stock: String,
    /// It can be bought and will be waited for.
    pub on_backorder: String,
    /// It cannot be bought now.
    pub sold_out: String,
}

impl Policy {
    /// Everything that is wrong with the policy, at once; empty means that it may be used.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut need = |holds: bool, fault: &str| {
            if !holds {
                faults.push(fault.to_owned());
            }
        };
        let plain = |text: &str| !text.trim().is_empty() && text.len() <= 100 && !text.chars().any(char::is_control);
        need(plain(&self.shop_name), "shop_name: must be 1 to 100 printable characters");
        need(crate::dates::zone(&self.time_zone).is_ok(), "time_zone: is not a known IANA time zone");
        need(plain(&self.sender) && self.sender.contains('@'), "sender: must be an e-mail address");
        need(self.lead_time_days.min <= self.lead_time_days.max, "lead_time_days: min must not be above max");
        need(
            self.expiry_days.is_none_or(|days| days >= self.lead_time_days.max.max(1)),
            "expiry_days: must be at least 1 and not below the lead time's max (R15)",
        );
        for (name, text) in [
            ("in_stock", &self.button.in_stock),
            ("on_backorder", &self.button.on_backorder),
            ("sold_out", &self.button.sold_out),
        ] {
            need(plain(text), &format!("button.{name}: must be 1 to 100 printable characters"));
        }
        faults
    }

    /// The name under which an order remembers the policy it was placed under.
    #[must_use]
    pub fn hash(&self) -> String {
        fingerprint(self)
    }
}

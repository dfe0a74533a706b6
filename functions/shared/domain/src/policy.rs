//! A shop's policy: all settings in which shops differ (R28). The policy comes from the shop or from a file in
//! `infra/policies`. An order keeps the policy that it was placed under.

use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::field_error::FieldErrors;
use crate::identity::fingerprint;
use crate::product::{LeadTime, Product};

/// The placeholder for the sender's address in the safe-list sentence.
const SENDER: &str = "{sender}";

/// The channel that took an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The web shop.
    Web,
    /// The phone (R6).
    Phone,
}

/// The settings of a shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The shop's name for customers.
    pub shop_name: String,
    /// The usual lead time of a backorder, in days (R19).
    pub lead_time_days: LeadTime,
    /// The days after which a waiting order is canceled. Absent: never (R15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_days: Option<u16>,
    /// The channels that take backorders. Other channels sell from stock only (R6).
    pub backorders_by: Vec<Channel>,
    /// The rules for shipping orders.
    pub shipping: Shipping,
    /// The shop's time zone, working days and cutoff hour.
    pub calendar: Calendar,
    /// The limits on purchases.
    #[serde(default)]
    pub limits: Limits,
    /// The settings for mails.
    pub mail: Mail,
    /// The texts of the order button (R1).
    pub button: Buttons,
}

/// The rules for shipping orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shipping {
    /// Whether an order may leave in parts.
    pub parts: Parts,
    /// The shop's country (ISO 3166, two capital letters). An order to another country never ships in parts (R10).
    pub home_country: String,
}

/// Whether an order may leave in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parts {
    /// The order waits until all units are there (R8).
    Together,
    /// Units ship as they become available, at no further charge (R9).
    AsAvailable,
}

/// The limits on purchases. Absent: no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Units of one product that may wait at any time, if the product has no limit of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_per_product: Option<i64>,
    /// Units of one product in one order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units_per_order: Option<i64>,
    /// Units of one product that one customer (an e-mail address) may have over all orders, without canceled ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units_per_customer: Option<i64>,
}

/// The settings for mails to customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The sender's address, which customers put on their safe list (R24).
    pub sender: String,
    /// The address for replies, if people read them all (R13). Absent: each order has its own reply address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The sentence that asks customers to put the sender on their safe list (R24). It must contain `{sender}`.
    pub safe_list: String,
}

/// The texts of the order button by the state of the product (R1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the states of a product")]
pub struct Buttons {
    pub in_stock: String,
    pub on_backorder: String,
    pub sold_out: String,
}

impl Policy {
    /// All errors of the policy. A policy without errors may be used.
    pub fn errors(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        errors.take("shop_name", plain(&self.shop_name, 100));
        if self.lead_time_days.min > self.lead_time_days.max || self.lead_time_days.max > 3650 {
            errors.add("lead_time_days", "min must not be above max, and max at most 3650");
        }
        if self.expiry_days.is_some_and(|days| days < self.lead_time_days.max.max(1) || days > 3650) {
            errors.add("expiry_days", "must be 1 to 3650, and not below the lead time's max (R15)");
        }
        let twice = |channel: &Channel| self.backorders_by.iter().filter(|other| *other == channel).count() > 1;
        if self.backorders_by.iter().any(twice) {
            errors.add("backorders_by", "must name each channel once");
        }
        let country = &self.shipping.home_country;
        if country.len() != 2 || !country.chars().all(|c| c.is_ascii_uppercase()) {
            errors.add("shipping.home_country", "must be two capital letters (ISO 3166)");
        }
        self.calendar.check(&mut errors);
        self.limits.check(&mut errors);
        self.mail.check(&mut errors);
        let Buttons { in_stock, on_backorder, sold_out } = &self.button;
        for (name, text) in [("in_stock", in_stock), ("on_backorder", on_backorder), ("sold_out", sold_out)] {
            errors.take(&format!("button.{name}"), plain(text, 100));
        }
        errors
    }

    /// The most units of a product that may wait. `None`: any number.
    pub fn waiting_limit(&self, product: &Product) -> Option<i64> {
        product.backlog_limit.or(self.limits.waiting_per_product)
    }

    /// The instant after which an order placed at `placed` has waited too long (R15). `None`: never.
    pub fn expires_at(&self, placed: Timestamp) -> Option<Timestamp> {
        let hours = i64::from(self.expiry_days?) * 24;
        placed.checked_add(Span::new().hours(hours)).ok()
    }

    /// The hash under which orders refer to the policy.
    pub fn hash(&self) -> String {
        fingerprint(self)
    }
}

impl Limits {
    fn check(&self, errors: &mut FieldErrors) {
        let Self { waiting_per_product, units_per_order, units_per_customer } = self;
        for (name, limit, least, most) in [
            ("waiting_per_product", waiting_per_product, 0, 1_000_000),
            ("units_per_order", units_per_order, 1, 1_000),
            ("units_per_customer", units_per_customer, 1, 1_000_000),
        ] {
            if limit.is_some_and(|limit| !(least..=most).contains(&limit)) {
                errors.add(format!("limits.{name}"), format!("must be {least} to {most}"));
            }
        }
    }
}

impl Mail {
    /// The safe-list sentence with the sender's address (R24).
    pub fn safe_list(&self) -> String {
        self.safe_list.replace(SENDER, &self.sender)
    }

    fn check(&self, errors: &mut FieldErrors) {
        errors.take("mail.sender", address(&self.sender));
        if let Some(reply_to) = &self.reply_to {
            errors.take("mail.reply_to", address(reply_to));
        }
        errors.take("mail.safe_list", plain(&self.safe_list, 300));
        if !self.safe_list.contains(SENDER) {
            errors.add("mail.safe_list", format!("must name the address: {SENDER}"));
        }
    }
}

fn plain(text: &str, longest: usize) -> Result<(), String> {
    let fits = !text.trim().is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(format!("must be 1 to {longest} printable characters")) }
}

fn address(text: &str) -> Result<(), String> {
    let shaped = text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'));
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c));
    if shaped && plain && text.len() <= 254 { Ok(()) } else { Err("must be an e-mail address".to_owned()) }
}

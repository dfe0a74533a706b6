//! `POST /orders`: request checks, field by field.

use std::collections::{BTreeMap, BTreeSet};

use domain::field_error::FieldErrors;
use domain::money::{Currency, Money};
use domain::names::{PaymentReference, Sku};
use domain::order::{Channel, Customer, IfWorse, Seen};
use domain::placement::{MAX_LINES, MAX_UNITS, Placement, PlacementLine};
use serde::Deserialize;

use crate::json::plain_name;

/// The optional fields of an address.
const ADDRESS_FIELDS: [&str; 18] = [
    "address2",
    "address_2",
    "address_line_2",
    "city",
    "company",
    "county",
    "district",
    "instructions",
    "phone",
    "postal_code",
    "postcode",
    "province",
    "region",
    "state",
    "street",
    "suburb",
    "zip",
    "line2",
];

/// The request body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacementBody {
    payment_reference: String,
    channel: Channel,
    customer: CustomerBody,
    ship_to: BTreeMap<String, String>,
    lines: Vec<LineBody>,
    #[serde(default)]
    shipping: Option<Money>,
    #[serde(default)]
    if_worse: Option<IfWorse>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerBody {
    email: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineBody {
    sku: String,
    quantity: i64,
    unit_price: Money,
    #[serde(default)]
    tax: Option<Money>,
    #[serde(default)]
    discount: Option<Money>,
    #[serde(default)]
    seen: Option<Seen>,
}

impl PlacementBody {
    /// The placement, or all faults with their fields.
    pub fn checked(self) -> Result<Placement, FieldErrors> {
        let mut errors = FieldErrors::default();
        let payment_reference = errors.take("payment_reference", PaymentReference::new(self.payment_reference));
        errors.take("customer.email", email(&self.customer.email));
        errors.take("customer.name", words(&self.customer.name, 200));
        address(&self.ship_to, &mut errors);
        let currency = self.lines.first().map(|line| line.unit_price.currency);
        let lines = lines(self.lines, currency, &mut errors);
        let shipping = self.shipping.and_then(|money| errors.take("shipping", amount(money, currency)));
        let customer = Customer { email: self.customer.email, name: self.customer.name };
        let placement = payment_reference.zip(currency).map(|(payment_reference, currency)| Placement {
            payment_reference,
            channel: self.channel,
            customer,
            ship_to: self.ship_to,
            lines,
            shipping: shipping.unwrap_or_default(),
            currency,
            if_worse: self.if_worse.unwrap_or(IfWorse::Accept),
        });
        errors.or_else(placement)
    }
}

fn lines(bodies: Vec<LineBody>, currency: Option<Currency>, errors: &mut FieldErrors) -> Vec<PlacementLine> {
    if bodies.is_empty() || bodies.len() > MAX_LINES {
        errors.add("lines", format!("must be 1 to {MAX_LINES} lines"));
        return Vec::new();
    }
    let mut skus = BTreeSet::new();
    let mut lines = Vec::new();
    for (at, body) in bodies.into_iter().enumerate() {
        let field = |name: &str| format!("lines[{at}].{name}");
        let sku = errors.take(&field("sku"), Sku::new(body.sku));
        if sku.as_ref().is_some_and(|sku| !skus.insert(sku.clone())) {
            errors.add(field("sku"), "stands in another line already");
        }
        let quantity = errors.take(&field("quantity"), quantity(body.quantity, MAX_UNITS));
        let mut money = |name: &str, money: Money| errors.take(&field(name), amount(money, currency));
        let unit_price = money("unit_price", body.unit_price);
        let tax = body.tax.and_then(|tax| money("tax", tax)).unwrap_or_default();
        let discount = body.discount.and_then(|discount| money("discount", discount)).unwrap_or_default();
        let Some(((sku, quantity), unit_price)) = sku.zip(quantity).zip(unit_price) else { continue };
        if discount > unit_price * quantity {
            errors.add(field("discount"), "must not be above unit_price times quantity");
        }
        lines.push(PlacementLine { sku, quantity, unit_price, tax, discount, seen: body.seen });
    }
    lines
}

pub(crate) fn quantity(quantity: i64, most: i64) -> Result<i64, String> {
    if (1..=most).contains(&quantity) { Ok(quantity) } else { Err(format!("must be 1 to {most}")) }
}

fn amount(money: Money, currency: Option<Currency>) -> Result<i64, String> {
    match currency {
        Some(currency) if currency != money.currency => Err(format!("currency must be {currency}, as in lines[0]")),
        _ => money.checked(),
    }
}

/// Checks a text for people: not empty, not too long, no control characters.
pub(crate) fn words(text: &str, longest: usize) -> Result<(), String> {
    if text.trim().is_empty() || text.chars().count() > longest {
        return Err(format!("must have 1 to {longest} characters"));
    }
    if text.chars().any(steers) {
        return Err("must not have line breaks or control characters".to_owned());
    }
    Ok(())
}

/// Whether a character changes how the text around it is shown: controls, line breaks, direction overrides.
pub(crate) fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Checks an e-mail address: one `@`, text before it, a dotted host after it, and nothing that could end a header.
pub fn email(text: &str) -> Result<(), String> {
    let shaped = text.split_once('@').is_some_and(|(local, host)| {
        let host_shaped = host.split('.').count() > 1
            && host.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
            && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
        !local.is_empty() && local.len() <= 64 && host_shaped
    });
    let plain = !text.chars().any(|c| steers(c) || c.is_whitespace() || "<>()[],;:\\\"".contains(c));
    if shaped && plain && text.len() <= 254 { Ok(()) } else { Err("must be an e-mail address".to_owned()) }
}

fn address(ship_to: &BTreeMap<String, String>, errors: &mut FieldErrors) {
    for name in ["country", "name", "address"] {
        if !ship_to.contains_key(name) {
            errors.add(format!("ship_to.{name}"), "is missing");
        }
    }
    for (name, value) in ship_to {
        let field = format!("ship_to.{}", plain_name(name));
        match name.as_str() {
            "country" if value.len() == 2 && value.chars().all(|c| c.is_ascii_uppercase()) => {}
            "country" => errors.add(field, "must be two capital letters (ISO 3166)"),
            "name" | "address" => {
                errors.take(&field, words(value, 300));
            }
            other if !ADDRESS_FIELDS.contains(&other) => errors.add(field, "is not a field of an address"),
            _ if value.is_empty() => {}
            _ => {
                errors.take(&field, words(value, 200));
            }
        }
    }
}
